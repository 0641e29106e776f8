--- Functions and methods, in the order of the overview. Each is {name, group, usage, about, text, example}: how it is
-- called, one line, then as much text as it takes, and an example. Help and reference come from it.

-- Groups in their order, with titles.
local groups = {
  { name = "client", title = "The module and clients" },
  { name = "calls", title = "Calls" },
  { name = "many", title = "Many calls" },
  { name = "waiting", title = "Waiting, and creating once" },
  { name = "macsec", title = "MACsec keys and secrets" },
  { name = "field", title = "Field work" },
  { name = "inventory", title = "Inventories" },
  { name = "text", title = "Text" },
  { name = "testing", title = "Testing" },
}

local list = {}
for _, part in ipairs { "calls", "field", "testing" } do
  for _, entry in ipairs(require("dxconnect.help.functions." .. part)) do
    list[#list + 1] = entry
  end
end

return { groups = groups, list = list }
