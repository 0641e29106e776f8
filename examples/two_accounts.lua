--- Several accounts side by side: the connections of each, through the role that its profile names.
--   lua examples/two_accounts.lua production staging
-- with profiles like these in ~/.aws/config:
--   [profile production]
--   role_arn = arn:aws:iam::111122223333:role/network
--   source_profile = default
--   region = us-east-1

local dxconnect = require "dxconnect"

local profiles = { ... }
if #profiles == 0 then
  io.stderr:write("Name the profiles of the accounts: lua examples/two_accounts.lua production staging\n")
  os.exit(2)
end

-- Runs beside those of the other accounts: roles are assumed and lists are read at the same time.
local function look_into(profile)
  local client, err = dxconnect.client { profile = profile }
  if not client then
    return nil, err
  end
  local credentials, result
  credentials, err = client:credentials()
  if credentials then
    result, err = client:describe_connections()
  end
  client:close()
  return result and { account = credentials.account_id, connections = result.connections }, err
end

local tasks = {}
for i, profile in ipairs(profiles) do
  tasks[i] = function()
    return look_into(profile)
  end
end

local status = 0
for i, entry in ipairs(dxconnect.parallel(tasks)) do
  local found = entry.result
  if not found then
    status = 1
    print(("%s: %s"):format(profiles[i], tostring(entry.error)))
  else
    print(("%s, account %s: %d connections"):format(profiles[i], tostring(found.account), #found.connections))
    for _, connection in ipairs(found.connections) do
      print(("  %s  %s  %s"):format(connection.connectionId, connection.connectionName, connection.connectionState))
    end
  end
end
os.exit(status)
