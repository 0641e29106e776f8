--- The question before a call that interrupts traffic or bills.

local errors = require "dxconnect.errors"

-- Whether a member was given; an empty list asks for nothing.
local function is_given(params, member)
  local value = params and rawget(params, member)
  return value ~= nil and (type(value) ~= "table" or next(value) ~= nil)
end

-- The label to ask about; nil where there is nothing to ask.
local function label_of(op, params)
  local labels = op.labels
  if labels.interrupts and (not op.interrupts_with or is_given(params, op.interrupts_with)) then
    return "interrupts"
  end
  return labels.bills and "bills" or nil
end

--- Asks the user's function `confirm`, where there is one and the call needs it.
-- @tparam table settings of the call
-- @tparam table op
-- @tparam ?table params
-- @treturn[1] true the call may be sent
-- @treturn[2] nil
-- @treturn[2] table error
return function(settings, op, params)
  local confirm = settings.values.confirm
  local label = confirm and label_of(op, params)
  if not label then
    return true
  end
  local ok, answer = errors.protected(confirm, op.name, label, params)
  if ok and answer == true then
    return true
  end
  local why = ok and "the confirm function did not return true" or "the confirm function raised an error"
  return nil, errors.new("params", "NotConfirmedError", why .. ": nothing was sent (this call " .. label .. ")", {
    operation = op.name,
  })
end
