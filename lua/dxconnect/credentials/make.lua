--- Makes the provider of a source whose module is loaded only now: a program uses one or two of them.

local errors = require "dxconnect.errors"

--- @tparam string name of the module, below `dxconnect.credentials`
-- @tparam string constructor the module's function
-- @param ... what it takes
-- @treturn[1] table provider
-- @treturn[2] nil
-- @treturn[2] table error of the constructor's; or that the module can't be loaded, from a folder that is out of reach
-- by now, say
return function(name, constructor, ...)
  local ok, module = pcall(require, "dxconnect.credentials." .. name)
  if not ok then
    return nil, errors.credentials(("the source %s can't be loaded: %s"):format(name, errors.message_of(module)))
  end
  return module[constructor](...)
end
