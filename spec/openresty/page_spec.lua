--- The example's page in Chromium, also when what it shows is gone.

local browsers = require "spec.support.browser"
local nginx = require "spec.support.nginx"
local shell = require "spec.support.shell"

describe("the example's page in a browser #nginx", function()
  randomize(false) -- each goes on from what the one before left

  local browser, pipe, pid

  local function text()
    return browser:eval("return document.body.innerText")
  end

  lazy_setup(function()
    nginx.build()
    local port = nginx.ports(1)
    local command = "exec env -u LD_PRELOAD PORT=%d SPEED=5000 sh -c 'echo $$; exec 9>&-; exec sh "
      .. "examples/openresty/run.sh' 2>&1"
    pipe = assert(io.popen(command:format(port)))
    pid = pipe:read("*l")
    local first = pipe:read("*l")
    assert(first:find("http://127.0.0.1:" .. port .. "/", 1, true), first)
    browser = browsers.start()
    browser:open("http://127.0.0.1:" .. port .. "/")
  end)

  lazy_teardown(function()
    if browser then
      browser:stop()
    end
    if pid then
      os.execute("kill " .. pid .. " 2>/dev/null")
      pipe:close()
    end
  end)

  it("shows the network, and changes without a reload", function()
    browser:wait("return document.body.innerText.includes('berlin-1') && document.body.innerText.includes('hamburg-2')")
    assert.is_nil(text():find("Stale", 1, true))
    assert.equal(3, browser:eval("return document.querySelectorAll('svg .column').length"))
  end)

  it("keeps the last picture when the service is gone, marked stale, and says that the state is unknown", function()
    for _, child in ipairs(shell.lines("pgrep -P " .. pid .. " -f examples/emulator.lua")) do
      os.execute("kill " .. child)
    end
    browser:wait("return document.body.innerText.includes('Stale')")
    assert.truthy(text():find("berlin-1", 1, true))
    assert.truthy(text():find("%d+ s ago"))
    assert.truthy(text():find("is unknown", 1, true))
    assert.is_nil(text():find("nothing is down", 1, true))
    assert.equal(3, browser:eval("return document.querySelectorAll('svg g.stale').length"))
  end)

  it("says so when its own server is gone, and how old it is", function()
    os.execute("kill " .. pid)
    browser:wait("return document.body.innerText.includes('The server does not answer')")
    assert.truthy(text():find("received %d+ s ago, the state now is unknown"))
    assert.truthy(text():find("berlin-1", 1, true))
    assert.is_nil(text():find("nothing is down", 1, true))
    assert.equal("none", browser:eval("return getComputedStyle(document.querySelector('.when')).display"))
  end)
end)
