--- Saves the letter of authorization (LOA-CFA) of a port as a PDF file, for the data centre that wires it.
--   lua examples/save_loa.lua dxcon-ffabc123 loa.pdf [PROVIDER]
-- The port is a connection, a LAG or an interconnect; region and keys come from the environment or ~/.aws.

local dxconnect = require "dxconnect"

local id, path, provider = ...
if not path then
  io.stderr:write("usage: lua examples/save_loa.lua PORT FILE.pdf [PROVIDER]\n")
  os.exit(2)
end

local function fail(message)
  io.stderr:write(tostring(message), "\n")
  os.exit(1)
end

local loa, err = dxconnect.describe_loa { connectionId = id, providerName = provider }
if not loa then
  fail(err)
end

-- What comes as base64 on the wire is bytes here.
local file, message = io.open(path, "wb")
if not file then
  fail(message)
end
local written
written, message = file:write(loa.loaContent)
if not written or not file:close() then
  fail(message or path .. " could not be written")
end
print(("%s: %d bytes of %s"):format(path, #loa.loaContent, loa.loaContentType))
