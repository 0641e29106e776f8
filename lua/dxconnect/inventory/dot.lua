--- An inventory as a graph for Graphviz: ports to the left, what the gateways join to the right. Pure.

local appearance = require "dxconnect.inventory.appearance"
local quoting = require "dxconnect.inventory.quoting"

local SHAPES = { location = "house", gateway = "hexagon", virtual_interface = "box", mac_sec_key = "note" }

local function node(resource)
  local look = appearance.classes[appearance.class_of(resource)]
  local words = { quoting.dot(resource.name or resource.id) }
  if resource.name then
    words[2] = quoting.dot(resource.id)
  end
  words[#words + 1] = quoting.dot(("%s %s"):format(look.sign, resource.state or resource.kind))
  return ('  "%s" [label="%s", shape=%s, color="%s", fontcolor="%s"%s];'):format(quoting.dot(resource.id),
    table.concat(words, "\\n"), SHAPES[resource.kind] or "box", look.colour, look.colour,
    resource.placeholder and ", style=dashed" or "")
end

--- The inventory as DOT.
-- @tparam table inventory
-- @treturn string
local function dot(inventory)
  local lines = { "digraph dxconnect {", "  rankdir=LR;", '  node [fontname="sans-serif"];' }
  for _, resource in ipairs(inventory.resources) do
    lines[#lines + 1] = node(resource)
  end
  for _, link in ipairs(inventory.links) do
    local look = appearance.classes[appearance.class_of_link(link)]
    lines[#lines + 1] = ('  "%s" -> "%s" [label="%s", color="%s"];'):format(quoting.dot(link.from),
      quoting.dot(link.to), quoting.dot(link.state and link.kind .. ": " .. link.state or link.kind), look.colour)
  end
  lines[#lines + 1] = "}"
  return table.concat(lines, "\n") .. "\n"
end

return { dot = dot }
