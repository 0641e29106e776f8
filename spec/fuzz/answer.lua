--- A whole call with a made-up answer: a result, or an error as the interface has them; and nothing of what was secret
-- in the request in any of its words. An input is status (two bytes), a header's value, NUL, the body.

local dxconnect = require "dxconnect"
local judge = require "spec.fuzz.judge"

local CAK = ("5ec7e7c0deb10b"):rep(5):sub(1, 64)
local SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
local TOKEN = "FwoGZXIvYXdzEXAMPLETOKEN"

local now
local events = {}

local client = assert(dxconnect.client {
  region = "us-east-1",
  credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = SECRET_KEY, session_token = TOKEN },
  max_attempts = 2,
  system = {
    getenv = function() end,
    read_file = function()
      return nil, "no files here"
    end,
    sleep = function() end,
    random = function()
      return 0
    end,
    clock = function()
      return 1700000000
    end,
  },
  logger = function(event)
    events[#events + 1] = event
  end,
  transport = function()
    return now
  end,
})

local names = { "x-amzn-errortype", "date", "retry-after", "x-amz-retry-after", "x-amzn-requestid", "content-type" }

local function check_words(text)
  text = text:lower()
  for _, secret in ipairs { CAK, SECRET_KEY:lower(), TOKEN:lower() } do
    judge.holds(not text:find(secret, 1, true), "a secret: %q", text)
  end
end

local function check_all(value, seen)
  if type(value) == "string" then
    check_words(value)
  elseif type(value) == "table" and not seen[value] then
    seen[value] = true
    for key, item in pairs(value) do
      check_all(key, seen)
      check_all(item, seen)
    end
  end
end

return function(input)
  local a, b = input:byte(1, 2)
  local status = 100 + ((a or 0) * 256 + (b or 0)) % 500
  local parts = judge.parts(input:sub(3), 2)
  local value = parts[1]:gsub("[%c]", " "):gsub("CAK", CAK):gsub("KEY", SECRET_KEY)
  local body = (parts[2] or ""):gsub("CAK", CAK):gsub("KEY", SECRET_KEY):gsub("TOKEN", TOKEN)
  now = { status = status, headers = { [names[#value % #names + 1]] = value }, body = body }
  events = {}
  local result, err, meta = client:associate_mac_sec_key { connectionId = "dxcon-ffabc123", ckn = CAK, cak = CAK }
  if result == nil then
    judge.error(err)
    judge.holds(meta == nil, "an error with meta")
    judge.holds(err.kind ~= "response" or (status >= 200 and status < 300), "%s for %d", err.kind, status)
    judge.holds(err.kind ~= "service" or status >= 300 or status < 200, "%s for %d", err.kind, status)
    judge.holds(err.status == status or err.kind == "transport" or err.kind == "credentials", "status %s",
      tostring(err.status))
    judge.holds(not (err.maybe_applied and err.attempts == 2), "sent twice")
    check_words(tostring(err))
    check_all(err, {})
  else
    judge.holds(type(result) == "table" and status >= 200 and status < 300 and err == nil, "a result for %d", status)
    judge.holds(type(tostring(result)) == "string", "it does not print")
    judge.holds(meta.status == status and type(meta.headers) == "table", "meta")
  end
  check_all(events, {})
end
