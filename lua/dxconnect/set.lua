--- The values of a list as keys, for `set[value]` to tell whether one is among them. Pure.

--- @tparam table list
-- @treturn table `{[value] = true, …}`
return function(list)
  local values = {}
  for _, value in ipairs(list) do
    values[value] = true
  end
  return values
end
