--- The first steps: order a connection, put MACsec keys on it, take them off again.
-- `make demo` runs this against the emulator, so that nothing is ordered. It sends its calls where
-- AWS_ENDPOINT_URL_DIRECT_CONNECT points, and refuses to run without it: at the real service it would order a port.

local dxconnect = require "dxconnect"

local url = os.getenv("AWS_ENDPOINT_URL_DIRECT_CONNECT")
if not url then
  io.stderr:write("This orders a connection. Run it against the emulator: make demo\n")
  os.exit(2)
end

local step_number = 0

local function step(text)
  step_number = step_number + 1
  print(("\n%d. %s"):format(step_number, text))
end

local function code(text)
  print("   > " .. text:gsub("\n", "\n   > "))
end

local function show(...)
  for i = 1, select("#", ...) do
    local text = tostring((select(i, ...)))
    print("   " .. text:gsub("\n", "\n   "))
  end
end

local function keys_of(result)
  for _, key in ipairs(result.macSecKeys) do
    print(("   ckn %s...  %s"):format(key.ckn:sub(1, 12), key.state))
  end
  if #result.macSecKeys == 0 then
    print("   no keys")
  end
end

print("dxconnect against " .. url)

step "A client: region and keys come from here, the environment, or ~/.aws"
code [[client = dxconnect.client{ region = "us-east-1" }]]
local client = assert(dxconnect.client { region = "us-east-1" })
show("credentials: " .. assert(client:credentials()).source)

step "Where can a port with MACsec be ordered?"
code [[client:describe_locations()]]
local location
for _, place in ipairs(assert(client:describe_locations()).locations) do
  local speeds = place.availableMacSecPortSpeeds or {}
  if #speeds > 0 then
    location = location or place
    show(("%s  %s  MACsec at %s"):format(place.locationCode, place.locationName, table.concat(speeds, ", ")))
  end
end
location = assert(location, "no location offers MACsec")

step "Order a connection. With a token this orders one, however often it is run"
code([[client:create_once("create_connection", {
  location = "]] .. location.locationCode .. [[", bandwidth = "10Gbps",
  connectionName = "quickstart", requestMACSec = true,
}, { token = "quickstart" })]])
local connection = assert(client:create_once("create_connection", {
  location = location.locationCode,
  bandwidth = "10Gbps",
  connectionName = "quickstart",
  requestMACSec = true,
}, { token = "quickstart" }))
show(connection.connectionId .. " is " .. connection.connectionState)

step "Wait until it is available"
code [[client:wait_until("connection_available", { connectionId = id })]]
connection = assert(client:wait_until("connection_available", { connectionId = connection.connectionId }, {
  delay = 0.1,
  on_poll = function(resource, state)
    show((resource and resource.connectionId or connection.connectionId) .. " is " .. state)
  end,
}))
local id = connection.connectionId

step "Make a key. The CAK is a secret: it lives in locked memory and prints as <secret>"
code [[key = dxconnect.macsec.generate()]]
local key = dxconnect.macsec.generate()
show("ckn " .. key.ckn, "cak " .. tostring(key.cak))

step "Associate it"
code [[client:associate_mac_sec_key{ connectionId = id, ckn = key.ckn, cak = key.cak }]]
local result = assert(client:associate_mac_sec_key { connectionId = id, ckn = key.ckn, cak = key.cak })
keys_of(result)

step "Watch it become associated"
code [[client:wait_until("mac_sec_key_associated", { connectionId = id, ckn = key.ckn })]]
assert(client:wait_until("mac_sec_key_associated", { connectionId = id, ckn = key.ckn }, {
  delay = 0.1,
  on_poll = function(_, state)
    show("the key is " .. state)
  end,
}))

step "The connection lists its keys. Each is kept in Secrets Manager, under an ARN"
code [[client:describe_connections{ connectionId = id }]]
local listed = assert(client:describe_connections { connectionId = id }).connections[1]
keys_of(listed)
local secret_arn = listed.macSecKeys[1].secretARN
show("secretARN " .. secret_arn)

step "Take the key off, and wait until it is gone"
code [[client:disassociate_mac_sec_key{ connectionId = id, secretARN = arn }]]
keys_of(assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = secret_arn }))
assert(client:wait_until("mac_sec_key_disassociated", { connectionId = id, secretARN = secret_arn }, { delay = 0.1 }))
show("gone")

step "The secret is still there: associate it again, by its ARN"
code [[client:associate_mac_sec_key{ connectionId = id, secretARN = arn }]]
keys_of(assert(client:associate_mac_sec_key { connectionId = id, secretARN = secret_arn }))
assert(client:wait_until("mac_sec_key_associated", { connectionId = id, secretARN = secret_arn }, { delay = 0.1 }))

step "Rotate: new key in, wait, set up the router, old key out"
code [[client:rotate_mac_sec_key({ connectionId = id }, { configure = function(ckn, cak) ... end })]]
local port = assert(client:rotate_mac_sec_key({ connectionId = id }, {
  delay = 0.1,
  configure = function(ckn)
    show("(here the router would get ckn " .. ckn:sub(1, 12) .. "... and its cak)")
  end,
}))
for _, action in ipairs(port.actions) do
  show("- " .. action)
end

step "Mistakes come back as nil, err. Most are found before anything is sent, all at once"
code [[client:associate_mac_sec_key{ connectionId = id, secretARN = arn, ckn = ("0"):rep(63), cak = key.cak }]]
local _, err = client:associate_mac_sec_key {
  connectionId = id,
  secretARN = secret_arn,
  ckn = ("0"):rep(63),
  cak = key.cak,
}
show("err.kind  " .. err.kind, "err.code  " .. err.code)
for _, problem in ipairs(err.problems) do
  show("  " .. (problem.path == "" and "" or problem.path .. ": ") .. problem.message)
end
code [[client:describe_connections{ conectionId = id }]]
_, err = client:describe_connections { conectionId = id }
show(tostring(err))
code [[client:associate_mac_sec_key{ connectionId = "dxcon-nowhere", secretARN = arn }]]
_, err = client:associate_mac_sec_key { connectionId = "dxcon-nowhere", secretARN = secret_arn }
show(tostring(err))
show("err.reason  " .. tostring(err.reason))

step "Clean up: the keys, then the connection"
code [[client:delete_connection{ connectionId = id }]]
for _, old in ipairs(assert(client:describe_connections { connectionId = id }).connections[1].macSecKeys) do
  assert(client:disassociate_mac_sec_key { connectionId = id, secretARN = old.secretARN })
end
assert(client:wait_until("mac_sec_key_disassociated", { connectionId = id }, { delay = 0.1 }))
show(id .. " is " .. assert(client:delete_connection { connectionId = id }).connectionState)
assert(client:wait_until("connection_deleted", { connectionId = id }, { delay = 0.1 }))
show(id .. " is deleted")
client:close()

print("\nDone. dxconnect.help() lists everything else; README.md tells the story.")
