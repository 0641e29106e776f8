--- The names of a list as keys, for `names[name]` to tell whether one is among them. Pure.

--- @tparam {string,...} list
-- @treturn {[string]=true,...}
return function(list)
  local names = {}
  for _, name in ipairs(list) do
    names[name] = true
  end
  return names
end
