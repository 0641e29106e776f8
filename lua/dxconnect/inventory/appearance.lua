--- How states look: a class for each, with a sign, words and a colour. Never by colour alone. Data and two questions.

local ports = require "dxconnect.resources.ports"

local classes = {
  good = { sign = "✓", words = "in order", colour = "#116329", dark = "#56d364" },
  busy = { sign = "…", words = "on its way", colour = "#7d4e00", dark = "#e3b341" },
  bad = { sign = "✕", words = "needs attention", colour = "#a40e26", dark = "#ff7b72" },
  gone = { sign = "–", words = "gone", colour = "#57606a", dark = "#9aa4af" },
  unknown = { sign = "?", words = "unknown", colour = "#57606a", dark = "#9aa4af" },
}

local states = {
  good = "available associated attached up accepted",
  busy = "ordering requested pending verifying confirming testing associating disassociating updating attaching "
    .. "detaching deleting",
  bad = "down rejected",
  gone = "deleted disassociated detached",
}

local class_of_state = {}
for class, list in pairs(states) do
  for state in list:gmatch("%S+") do
    class_of_state[state] = class
  end
end

local function lower(value)
  return type(value) == "string" and value:lower() or nil
end

--- The class of a state.
-- @tparam ?string state
-- @treturn string
local function class_of_text(state)
  return class_of_state[lower(state) or ""] or "unknown"
end

--- The class of a resource. What the audit of MACsec keys calls a problem is not in order; neither is a session that
-- is down.
-- @tparam table resource
-- @tparam[opt] number now Unix seconds
-- @treturn string
local function class_of(resource, now)
  if resource.placeholder then
    return "unknown"
  elseif resource.kind == "location" then
    return "good"
  end
  local class = class_of_text(resource.state)
  if class == "good" then
    if (resource.kind == "connection" or resource.kind == "interconnect" or resource.kind == "lag")
      and #ports.problems(resource.data, now) > 0 then
      return "bad"
    elseif resource.kind == "bgp_peer" then
      local status = lower(resource.data.bgpStatus)
      return status == "down" and "bad" or status == "up" and "good" or "unknown"
    end
  end
  return class
end

--- The class of a link: that of its state; one without a state is in order, as far as is known.
-- @tparam table link
-- @treturn string
local function class_of_link(link)
  return link.state == nil and "good" or class_of_text(link.state)
end

return { classes = classes, class_of = class_of, class_of_link = class_of_link, class_of_text = class_of_text }
