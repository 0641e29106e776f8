--- Starts servers that misbehave to order (see faultd.c, which has the words), and reads what they were sent.
--   local server = faultd.start({ faultd.ok("{}") .. " close", "@reset" }, { tls = "good" })
--   server.url, server.port, server.clients; server:client(), server:stop()
--   server:requests(), server:connections(), server:most_open()

local dxconnect = require "dxconnect"
local shell = require "spec.support.shell"
local world = require "spec.support.world"

local BUILD = os.getenv("DXCONNECT_FAULTD") or "build"
local PROGRAM = BUILD .. "/faultd"

local is_built = false

-- Builds the server and its certificates where they are missing or old.
local function build()
  if not is_built then
    local certificate = BUILD .. "/certificates/ca.pem"
    os.execute(("env -u LD_PRELOAD make -s BUILD=%s %s >&2"):format(shell.quote(BUILD), shell.quote(certificate)))
    is_built = true
  end
end

-- ---- words of steps

--- Percent-encodes bytes for a word.
local function encode(bytes)
  return (bytes:gsub("[^%w%-_.:/{}\"=,<>]", function(c)
    return ("%%%02x"):format(c:byte())
  end))
end

--- The word that sends bytes.
local function send(bytes)
  return "send=" .. encode(bytes)
end

--- A whole answer, as bytes.
-- @tparam ?string body
-- @tparam ?integer status
-- @tparam ?string headers further lines, each with its line end
local function answer(body, status, headers)
  body = body or "{}"
  return ("HTTP/1.1 %d Something\r\nContent-Type: application/x-amz-json-1.1\r\n%sContent-Length: %d\r\n\r\n%s"):format(
    status or 200, headers or "", #body, body)
end

--- The word that sends a whole answer; the connection is kept.
local function ok(...)
  return send(answer(...))
end

--- The path of a certificate: "ca", "other-ca", "good", "expired", "wrong-name", "self-signed".
local function certificate(name)
  build()
  return ("%s/certificates/%s.pem"):format(BUILD, name)
end

-- ---- servers

local methods = {}
local mt = { __index = methods }

--- What was sent so far: a list of `{connection, raw, body}`.
function methods:requests()
  local log, found, at = shell.read(self.log), {}, 1
  while true do
    local start, stop, id, length = log:find("request (%d+) (%d+)\n", at)
    if not start then
      return found
    end
    local raw = log:sub(stop + 1, stop + tonumber(length))
    found[#found + 1] = { connection = tonumber(id), raw = raw, body = raw:match("\r\n\r\n(.*)$") }
    at = stop + tonumber(length) + 1
  end
end

-- The log without the requests' bytes.
local function lines(self)
  local log = shell.read(self.log)
  local out, at = {}, 1
  while at <= #log do
    local stop = log:find("\n", at, true) or #log + 1
    local line = log:sub(at, stop - 1)
    out[#out + 1] = line
    local length = line:match("^request %d+ (%d+)$")
    at = stop + 1 + (length and tonumber(length) + 1 or 0)
  end
  return out
end

--- How many connections there were.
function methods:connections()
  local n = 0
  for _, line in ipairs(lines(self)) do
    n = n + (line:find("^open") and 1 or 0)
  end
  return n
end

--- How many connections were open at once at most.
function methods:most_open()
  local most = 0
  for _, line in ipairs(lines(self)) do
    most = math.max(most, tonumber(line:match("^open %d+ (%d+)") or 0))
  end
  return most
end

--- How many connections resumed a TLS session.
function methods:resumed()
  local n = 0
  for _, line in ipairs(lines(self)) do
    n = n + (line:find("^resumed") and 1 or 0)
  end
  return n
end

-- Waits until the log has n lines with a pattern, half a minute at most; whether it has.
local function await(self, pattern, n)
  local till = os.time() + 30
  local found
  repeat
    found = 0
    for _, line in ipairs(lines(self)) do
      found = found + (line:find(pattern) and 1 or 0)
    end
  until found >= n or os.time() > till
  return found >= n
end

--- Waits until n connections have ended, half a minute at most; whether they have.
function methods:await_closed(n)
  return await(self, "^close", n)
end

--- Waits until n marks were passed, half a minute at most; whether they were.
function methods:await_marks(n)
  return await(self, "^mark", n)
end

--- A client of the server, which ends with it.
-- @tparam[opt] table options of the client, beside those that lead to the server
-- @treturn table client
function methods:client(options)
  local settings = { region = "us-east-1", endpoint_url = self.url, credentials = world.KEYS, timeout = 30 }
  for name, value in pairs(options or {}) do
    settings[name] = value
  end
  local client = assert(dxconnect.client(settings))
  self.clients[#self.clients + 1] = client
  return client
end

--- Ends the server with its clients, and forgets its log.
function methods:stop()
  for _, client in ipairs(self.clients) do
    client:close()
  end
  if self.pipe then
    os.execute("kill " .. self.pid .. " 2>/dev/null")
    self.pipe:close()
    self.pipe = nil
    os.remove(self.log)
  end
end

--- Starts a server on a free loopback port.
-- @tparam {string,...} steps one for each exchange; the last one stays
-- @tparam[opt] table options `tls` (a certificate's name), `max_tls` ("1.1"), `cycle`
-- @treturn table server
local function start(steps, options)
  options = options or {}
  build()
  local log = os.tmpname()
  local words = { shell.quote(PROGRAM), "--log", shell.quote(log) }
  if options.cycle then
    words[#words + 1] = "--cycle"
  end
  if options.tls then
    words[#words + 1] = "--tls " .. shell.quote(certificate(options.tls))
  end
  if options.max_tls then
    words[#words + 1] = "--max-tls " .. options.max_tls
  end
  for _, step in ipairs(steps) do
    words[#words + 1] = shell.quote(step)
  end
  local pipe = assert(io.popen("exec env -u LD_PRELOAD " .. table.concat(words, " "), "r"))
  local port, pid = (pipe:read("*l") or ""):match("^(%d+) (%d+)$")
  if not port then
    error("the fault server did not start")
  end
  local scheme = options.tls and "https" or "http"
  return setmetatable({
    port = tonumber(port),
    pid = pid,
    log = log,
    pipe = pipe,
    url = ("%s://127.0.0.1:%s"):format(scheme, port),
    clients = {},
  }, mt)
end

return {
  start = start,
  send = send,
  ok = ok,
  answer = answer,
  encode = encode,
  certificate = certificate,
}
