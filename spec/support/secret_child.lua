--- Uses a secret in every way, lets go of it, and waits to be looked at: see secrets_spec.lua.
-- Arguments: the way, a file with the secret, a fifo to wait on, the endpoint, a proxy or "".

local way, path, fifo, url, proxy = ...

local dxconnect = require "dxconnect"

local function new_client()
  return assert(dxconnect.client {
    region = "us-east-1",
    endpoint_url = url,
    ca_bundle = "build/certificates/ca.pem",
    proxy = proxy ~= "" and proxy or nil,
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
    system = {
      getenv = function() end,
      read_file = function()
        return nil, "no files here"
      end,
      sleep = function() end,
    },
  })
end

local function read_secret()
  return assert(dxconnect.secret.from_file(path))
end

local function associate(client, cak)
  return client:associate_mac_sec_key { connectionId = "dxcon-ffabc123", ckn = ("0"):rep(64), cak = cak }
end

local kept -- on purpose

local ways = {}

function ways.send()
  assert(associate(new_client(), read_secret()))
end

-- Closed by hand, with a client that is used on.
function ways.send_and_close()
  local client, secret = new_client(), read_secret()
  assert(associate(client, secret))
  secret:close()
  assert(client:describe_locations())
  assert(not associate(client, secret))
  client:close()
end

function ways.fail()
  local result, err = associate(new_client(), read_secret())
  assert(not result and tostring(err) ~= "")
end

function ways.tasks()
  local client, secret = new_client(), read_secret()
  local functions = {}
  for i = 1, 6 do
    functions[i] = function()
      return associate(client, secret)
    end
  end
  for _, item in ipairs(dxconnect.parallel(functions, { concurrency = 3 })) do
    assert(item.result, item.error)
  end
end

-- In another member, beside something that is wrong.
function ways.refuse()
  local client, secret = new_client(), read_secret()
  local result, err = client:create_bgp_peer {
    virtualInterfaceId = "dxvif-1",
    newBGPPeer = { asn = 65000, authKey = secret, addressFamily = 4, cak = secret, unknown = { secret } },
  }
  assert(not result and err.problems)
end

function ways.generate()
  local pair = dxconnect.macsec.generate()
  assert(associate(new_client(), pair.cak))
end

-- For the one who looks: to see that there is something to find.
function ways.keep()
  kept = read_secret()
end

ways[way]()
collectgarbage()
collectgarbage()

local stat = io.open("/proc/self/stat")
print(stat:read("*n"))
stat:close()
io.stdout:flush()
io.open(fifo):read("*l")
return kept
