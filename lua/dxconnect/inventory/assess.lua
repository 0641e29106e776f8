--- What a careful engineer would point at in an inventory: every rule of rules.lua, its findings put in order.

local check = require "dxconnect.check"
local errors = require "dxconnect.errors"
local rules = require "dxconnect.inventory.rules"
local table_text = require "dxconnect.text.table"
local types = require "dxconnect.text.types"

local SEVERITIES = { critical = 1, warning = 2, note = 3 }
local TARGETS = { maximum = true, high = true, basic = true }
local DEFAULT_TARGET = "high"

-- Adds words to lines of a width, the first behind `head`, the others behind as many blanks.
local function add_wrapped(lines, head, words, width)
  local line, blank = head, (" "):rep(#head)
  for word in words:gmatch("%S+") do
    if #line + #word + 1 > width and line ~= head and line ~= blank then
      lines[#lines + 1] = line
      line = blank
    end
    line = line .. (line:find("%S$") and " " or "") .. word
  end
  lines[#lines + 1] = line
end

-- Findings as a table of three columns, in which what is found and what to do are never cut.
local function findings_text(findings)
  local lines, width = {}, table_text.default_width()
  for _, finding in ipairs(findings) do
    add_wrapped(lines, ("%-8s  %-13s  "):format(finding.severity, finding.rule), finding.message, width)
    add_wrapped(lines, (" "):rep(25) .. "- ", finding.hint, width)
  end
  return #lines > 0 and table.concat(lines, "\n") or "nothing was found"
end

local findings_type = types.list("findings", {
  columns = { "severity", "rule", "id", "message", "hint" }, text = findings_text,
})
local finding_type = types.new("finding")

local function check_target(path, value, problems)
  if not TARGETS[value] then
    problems[#problems + 1] = { path = path, message = 'expected "maximum", "high" or "basic"' }
  end
end

local function resolve(inventory, options)
  if options ~= nil and type(options) ~= "table" then
    return nil, errors.param("assess", "", "expected a table of options, got a " .. type(options))
  end
  options = options or {}
  local problems = {}
  check.known_options(options, { "target", "targets" }, problems)
  if options.target ~= nil then
    check_target("target", options.target, problems)
  end
  if options.targets ~= nil and type(options.targets) ~= "table" then
    problems[#problems + 1] = { path = "targets", message = "expected a table of ids to levels" }
  end
  for id, level in pairs(type(options.targets) == "table" and options.targets or {}) do
    local path = ("targets[%s]"):format(errors.shown(tostring(id)))
    check_target(path, level, problems)
    local resource = inventory:find(id)
    if not resource and inventory.complete then
      problems[#problems + 1] = { path = path, message = "there is no gateway or group with that id" }
    end
  end
  if #problems > 0 then
    return nil, errors.params("assess", problems)
  end
  return {
    target = options.target or DEFAULT_TARGET,
    targets = options.targets or {},
    now = inventory:read_at(),
  }
end

local function is_worse(a, b)
  if a.severity ~= b.severity then
    return SEVERITIES[a.severity] < SEVERITIES[b.severity]
  elseif a.rule ~= b.rule then
    return a.rule < b.rule
  elseif a.id ~= b.id then
    return a.id < b.id
  end
  return a.message < b.message
end

--- Judges an inventory.
-- @tparam table inventory
-- @tparam[opt] table options `target`: the level of resiliency that gateways and groups are to have, "maximum", "high"
--   (default) or "basic"; `targets`: table of gateway or group ids to levels of their own
-- @treturn[1] {table,...} findings `{severity, rule, id, message, hint}`, worst first; prints as a table
-- @treturn[2] nil
-- @treturn[2] table error of kind "params"
local function assess(inventory, options)
  local context, err = resolve(inventory, options)
  if not context then
    return nil, err
  end
  local findings = {}
  for _, rule in ipairs(rules) do
    for _, found in ipairs(rule.find(inventory, context)) do
      found.rule = rule.name
      found.severity = found.severity or rule.severity
      findings[#findings + 1] = setmetatable(found, finding_type)
    end
  end
  table.sort(findings, is_worse)
  return setmetatable(findings, findings_type)
end

return { assess = assess, SEVERITIES = SEVERITIES }
