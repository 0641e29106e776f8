--- A page in headless Chromium, driven over WebDriver.
--   local browser = require("spec.support.browser").start()
--   browser:open("http://127.0.0.1:8080/")
--   browser:eval("return document.title")
--   browser:stop()

local cjson = require("cjson").new()
local shell = require "spec.support.shell"
local socket = require "socket"

-- Chromium asks nobody but the page: no updates, no services of its maker's.
local ARGUMENTS = {
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1200,1000",
}

local methods = {}
local mt = { __index = methods }

-- One command of WebDriver; raises with what the driver says.
local function ask(browser, method, path, params)
  local client = assert(socket.connect("127.0.0.1", browser.port))
  client:settimeout(120)
  local body = method == "POST" and cjson.encode(params):gsub('"args":{}', '"args":[]') or ""
  assert(client:send(("%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
    .. "Content-Length: %d\r\n\r\n%s"):format(method, path, #body, body)))
  local length
  repeat
    local line = assert(client:receive("*l"))
    length = tonumber(line:lower():match("^content%-length: *(%d+)")) or length
  until line == ""
  local text, problem = client:receive(length)
  client:close()
  local answer = cjson.decode(assert(text, problem) and text)
  if type(answer.value) == "table" and answer.value.error then
    error(path .. ": " .. tostring(answer.value.message), 2)
  end
  return answer.value
end

--- Starts it; it ends with `stop`, or with the process that runs the specs.
local function start()
  local folder = shell.run("mktemp -d"):gsub("%s+$", "")
  local leash = ([[env -u LD_PRELOAD sh -c '
    exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
    HOME=%s setsid chromedriver --port=0 >%s/said 2>&1 </dev/null &
    read -r _
    kill -- -$! # and the browser
    wait']]):format(folder, folder)
  local browser = setmetatable({ folder = folder, pipe = assert(io.popen(leash, "w")) }, mt)
  local till = os.time() + 60
  local said
  repeat
    socket.sleep(0.02)
    local file = io.open(folder .. "/said")
    said = file and file:read("*a") or ""
    if file then
      file:close()
    end
    browser.port = tonumber(said:match("started successfully on port (%d+)"))
  until browser.port or os.time() > till
  assert(browser.port, said)
  local arguments = { "--user-data-dir=" .. folder .. "/profile" }
  for _, argument in ipairs(ARGUMENTS) do
    arguments[#arguments + 1] = argument
  end
  browser.session = "/session/" .. ask(browser, "POST", "/session", { capabilities = { alwaysMatch = {
    ["goog:chromeOptions"] = { args = arguments },
  } } }).sessionId
  return browser
end

--- Loads a page.
function methods:open(url)
  ask(self, "POST", self.session .. "/url", { url = url })
end

--- What a function body in JavaScript returns.
function methods:eval(code)
  return ask(self, "POST", self.session .. "/execute/sync", { script = code, args = {} })
end

--- Waits until code returns something true; raises with the page's text after a minute.
function methods:wait(code)
  local till = os.time() + 60
  repeat
    local value = self:eval(code)
    if value and value ~= cjson.null then
      return value
    end
    socket.sleep(0.05)
  until os.time() > till
  error("not in time: " .. code .. "\n" .. tostring(self:eval("return document.body.innerText")), 2)
end

--- Ends it.
function methods:stop()
  if self.session then
    pcall(ask, self, "DELETE", self.session)
  end
  self.pipe:close()
  shell.run("rm -rf " .. shell.quote(self.folder))
end

return { start = start }
