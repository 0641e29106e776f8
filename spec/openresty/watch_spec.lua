--- dxconnect.watch in a real nginx of three workers: one of them reads, until it is stopped or dies.

local emulatord = require "spec.support.emulatord"
local nginx = require "spec.support.nginx"
local shell = require "spec.support.shell"
local socket = require "socket"

describe("dxconnect.watch inside nginx #nginx", function()
  local served, server, port

  -- Starts three workers that all watch; what is told goes into a shared dict, with the worker that tells it.
  local function start(options)
    served = emulatord.start 'emulator:seed("estate")'
    port = nginx.ports(1)
    server = nginx.start {
      workers = 3, environment = "env AWS_REGION=us-east-1 AWS_CONFIG_FILE=/dev/null"
        .. " AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_ENDPOINT_URL_DIRECT_CONNECT=" .. served.url
        .. " AWS_ACCESS_KEY_ID=" .. emulatord.keys.access_key_id
        .. " AWS_SECRET_ACCESS_KEY=" .. emulatord.keys.secret_access_key,
      http = ([[
        lua_shared_dict told 4m;
        init_by_lua_block {
          require("dxconnect").config.capture()
          client = assert(require("dxconnect").client { max_attempts = 1 })
        }
        init_worker_by_lua_block {
          local told = ngx.shared.told
          watch = assert(require("dxconnect").watch {
            clients = client, interval = 0.02, %s
            on_read = function(inventory)
              told:incr("reads of " .. ngx.worker.pid(), 1, 0)
              told:incr("reads", 1, 0)
              told:set("complete", tostring(inventory.complete))
              if told:get("stop") then
                watch:stop()
                told:set("stopped", told:get("reads"))
              end
            end,
            on_change = function(change)
              told:lpush("changes", tostring(change))
            end,
            on_error = function(entry)
              told:set("error", entry.operation)
            end,
          })
        }
        server { listen 127.0.0.1:%d; %s }]]):format(options or "", port, nginx.eval_location),
    }
  end

  after_each(function()
    if server then
      server:stop()
      served:stop()
    end
    server = nil
  end)

  local function eval(code)
    return nginx.eval(port, code)
  end

  -- Waits until code returns true, half a minute at most.
  local function wait(code)
    local till = os.time() + 30
    while eval(code) ~= "true" do
      assert(os.time() < till, "not in time: " .. code)
      socket.sleep(0.01)
    end
  end

  -- The processes that have read.
  local READERS = [[
    local list = {}
    for _, key in ipairs(ngx.shared.told:get_keys(0)) do
      list[#list + 1] = key:match("^reads of (%d+)$")
    end
    table.sort(list)
    return table.concat(list, " ")]]

  for name, options in pairs { ["the first worker"] = "", ["one worker by a lock"] = 'shared_dict = "told",' } do
    it("is done by " .. name .. ", and tells a change once", function()
      start(options)
      wait [[return (ngx.shared.told:get("reads") or 0) > 2]]
      assert.matches("^%d+$", eval(READERS))
      assert.equal("true", eval [[return ngx.shared.told:get("complete")]])
      eval [[assert(client:update_direct_connect_gateway {
        directConnectGatewayId = "11111111-aaaa-4bbb-8ccc-000000000001", newDirectConnectGatewayName = "renamed",
      })]]
      wait [[return (ngx.shared.told:llen("changes") or 0) > 0]]
      eval [[ngx.shared.told:set("seen", ngx.shared.told:get("reads"))]]
      wait [[return ngx.shared.told:get("reads") > ngx.shared.told:get("seen") + 2]]
      assert.equal("1", eval [[return ngx.shared.told:llen("changes")]])
      assert.matches("^~ gateway %S+ %(renamed%): name: core %-> renamed$",
        eval [[return ngx.shared.told:lpop("changes")]])
      assert.matches("^%d+$", eval(READERS))
      assert.equal("", server:log())
    end)
  end

  it("ends at once when it is stopped, from within", function()
    start ""
    wait [[return (ngx.shared.told:get("reads") or 0) > 0]]
    eval [[ngx.shared.told:set("stop", true)]]
    wait [[return ngx.shared.told:get("stopped") ~= nil]]
    local timers = "return (ngx.timer.pending_count() + ngx.timer.running_count()) == 0"
    for _ = 1, 3 do
      wait(timers) -- whichever worker answers
    end
    assert.equal("true", eval [[return ngx.shared.told:get("stopped") == ngx.shared.told:get("reads")]])
  end)

  it("is taken up by another worker when the one that read dies", function()
    start 'shared_dict = "told",'
    wait [[return (ngx.shared.told:get("reads") or 0) > 0]]
    local first = eval(READERS)
    shell.run("kill -KILL " .. first)
    wait(([[
      for _, key in ipairs(ngx.shared.told:get_keys(0)) do
        if key:find("^reads of ") and key ~= "reads of %s" then
          return true
        end
      end
      return false]]):format(first))
    assert.matches("^%d+ %d+$", eval(READERS))
  end)

  it("goes on when the service is away, and calls nothing gone", function()
    start 'shared_dict = "told",'
    wait [[return (ngx.shared.told:get("reads") or 0) > 0]]
    served:stop()
    wait [[return ngx.shared.told:get("complete") == "false" and ngx.shared.told:get("error") ~= nil]]
    assert.equal("0", eval [[return ngx.shared.told:llen("changes")]])
  end)

  it("is an error where nginx has no such dict", function()
    start ""
    local text = eval [[
      local watch, err = require("dxconnect").watch { clients = client, shared_dict = "nowhere" }
      return tostring(watch) .. " " .. err.code .. " " .. tostring(err)]]
    assert.matches("^nil ParamValidationError .*nowhere", text)
  end)
end)
