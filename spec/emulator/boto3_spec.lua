--- The served emulator, driven by boto3 where Python has it; elsewhere a line says so.

local emulatord = require "spec.support.emulatord"
local official = require "spec.support.official"
local shell = require "spec.support.shell"

if select(2, shell.run("python3 -c 'import boto3'")) ~= 0 then
  print("boto3 is not installed: it doesn't drive the emulator")
  return
end

describe("the emulator, driven by boto3,", function()
  it("answers every operation in a network's life, and errors that the operations list", function()
    local model, accounts = os.tmpname(), os.tmpname()
    shell.write(model, official.text())
    shell.write(accounts, [[ [
      { "access_key_id": "AKIDONE", "secret_access_key": "one", "account_id": "111111111111" },
      { "access_key_id": "AKIDTWO", "secret_access_key": "two", "account_id": "222222222222" },
      { "access_key_id": "AKIDPARTNER", "secret_access_key": "three", "account_id": "333333333333", "partner": "v2" }
    ] ]])
    local served = emulatord.start("", "lua/dxconnect/command/launcher emulator --credentials " .. accounts)
    local said = shell.output(("env -u LD_PRELOAD python3 -B spec/support/boto3_life.py %s %s 2>&1"):format(served.url,
      model))
    served:stop()
    os.remove(model)
    os.remove(accounts)
    assert.equal("answered 73 of 73, refused 9\n", said)
  end)
end)
