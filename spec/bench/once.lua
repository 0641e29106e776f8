-- The program whose start-up is measured: load, one call, exit. `lua5.4 spec/bench/once.lua URL`.
local build = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d")
package.path = "./lua/?.lua;./lua/?/init.lua;" .. package.path
package.cpath = "./build/" .. build .. "/?.so;" .. package.cpath

local client = require("dxconnect").client {
  region = "us-east-1",
  credentials = { access_key_id = "AKIDEXAMPLE", secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
  endpoint_url = arg[1],
  max_attempts = 1,
}
local result = client:associate_mac_sec_key{
  connectionId = "dxcon-ffabc123",
  secretARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:directconnect!prod/us-east-1/x",
}
os.exit(result and 0 or 2)
