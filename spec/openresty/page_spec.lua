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
    local command = "exec env -u LD_PRELOAD PORT=%d sh -c 'echo $$; exec 9>&-; exec sh "
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
    browser:wait("return document.body.innerText.includes('core-lag') && document.body.innerText.includes('bench')")
    assert.is_nil(text():find("Stale", 1, true))
    assert.equal(4, browser:eval("return document.querySelectorAll('.wide svg .column').length"))
  end)

  it("opens all that is known of a resource at its address", function()
    browser:eval("location.hash = '#dxvif-estate02'")
    browser:wait("return document.getElementById('about').innerText.includes('virtualInterfaceType')")
    local about = browser:eval("return document.getElementById('about').innerText")
    assert.matches("core%-second", about)
    assert.matches("hidden", about) -- the key of its session
    browser:eval("location.hash = ''")
    browser:wait("return document.getElementById('resource').hidden")
    browser:eval("document.querySelector('.wide svg a').dispatchEvent(new MouseEvent('click', { bubbles: true }))")
    browser:wait("return !document.getElementById('resource').hidden")
  end)

  it("keeps the last picture when the service is gone, marked stale, and says that the state is unknown", function()
    for _, child in ipairs(shell.lines("pgrep -P " .. pid .. " -f launcher")) do
      os.execute("kill " .. child)
    end
    browser:wait("return document.body.innerText.includes('Stale') && !document.querySelector('svg:not(.stale)')")
    assert.truthy(text():find("core-lag", 1, true))
    assert.truthy(text():find("seen %d+ s ago"))
    assert.truthy(text():find("is unknown", 1, true))
    assert.is_nil(browser:eval("return document.documentElement.textContent"):find("nothing is down", 1, true))
    assert.equal(2, browser:eval("return document.querySelectorAll('svg.stale').length"))
    local filter = "return getComputedStyle(document.querySelector('svg.stale .body')).filter"
    assert.equal("grayscale(1)", browser:eval(filter))
  end)

  it("says so when its own server is gone, and how old it is", function()
    os.execute("kill " .. pid)
    browser:wait("return document.body.innerText.includes('The server does not answer')")
    assert.truthy(text():find("received %d+ s ago, the state now is unknown"))
    assert.truthy(text():find("core-lag", 1, true))
    assert.is_nil(browser:eval("return document.documentElement.textContent"):find("nothing is down", 1, true))
  end)
end)
