--- The signer: a request that can be signed has every given header once, and the signature that the stages give when
-- they are put together here; the canonical query is its own canonical form. An input is method, URL without its
-- scheme, header name, header value, body, apart by NULs.

local core = require "dxconnect.core"
local dxconnect = require "dxconnect"
local judge = require "spec.fuzz.judge"

local KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

local function signature(parts, string_to_sign)
  local key = "AWS4" .. KEY
  for _, text in ipairs { "20231114", "us-east-1", parts.service, "aws4_request" } do
    key = core.hmac_sha256(key, text)
  end
  return core.hex(core.hmac_sha256(key, string_to_sign))
end

local function lines_of(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do
    lines[#lines + 1] = line
  end
  return lines
end

local function query_of(parts, query)
  local again = {}
  for name, value in pairs(parts) do
    again[name] = value
  end
  again.url = "https://example.org/?" .. query
  return lines_of(core.canonical_request(again))[3]
end

return function(input)
  local fields = judge.parts(input, 5)
  local url = "https://" .. (fields[2] or "")
  local name, value = fields[3] or "x-a", fields[4] or ""
  local service = #input % 2 == 0 and "directconnect" or "s3"
  local headers = { [name] = value }
  local request, err = dxconnect.sign({ method = fields[1], url = url, headers = headers, body = fields[5] }, {
    region = "us-east-1",
    service = service,
    credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = KEY },
    clock = function()
      return 1700000000
    end,
  })
  if not request then
    judge.error(err)
    judge.holds(not tostring(err):find(KEY, 1, true), "the key in %q", tostring(err))
    return
  end
  judge.holds(request.url == url and request.method == fields[1], "another request")
  local seen = {}
  for given in pairs(request.headers) do
    judge.holds(not seen[given:lower()], "%q twice", given)
    seen[given:lower()] = true
  end
  judge.holds(name == "" or seen[name:lower()], "%q is lost", name)
  local parts = {
    method = fields[1], url = url, headers = headers, body = fields[5] or "", access_key_id = "AKIDEXAMPLE",
    secret_access_key = KEY, region = "us-east-1", service = service, epoch = 1700000000,
  }
  local canonical = core.canonical_request(parts)
  judge.holds(canonical, "it is signed, but has no canonical form")
  local string_to_sign = "AWS4-HMAC-SHA256\n20231114T221320Z\n20231114/us-east-1/" .. service .. "/aws4_request\n"
    .. core.hex(core.sha256(canonical))
  judge.holds(core.string_to_sign(parts) == string_to_sign, "another string to sign")
  judge.holds(core.signature(parts) == signature(parts, string_to_sign), "another signature")
  judge.holds(request.headers.authorization == nil or name:lower() == "authorization"
    or request.headers.authorization:match("Signature=(%x+)$") == signature(parts, string_to_sign), "another header")
  local query = lines_of(canonical)[3]
  judge.holds(query:find("^[%w%-._~%%=&]*$"), "a query that is not canonical: %q", query)
  judge.holds(query_of(parts, query) == query, "the canonical query %q has another one", query)
  judge.holds(type(tostring(request)) == "string", "it does not print")
end
