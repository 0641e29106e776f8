--- The parser of the shared files: sections, or a problem that tells the line and nothing of what it says. The kind of
-- line end makes no difference, and neither does a comment at the end. The first byte says which file it is.

local ini = require "dxconnect.config.ini"
local judge = require "spec.fuzz.judge"
local shared_files = require "dxconnect.config.files"

local problems = {}
for _, words in ipairs {
  "has no equals sign", "has no name before the equals sign", "begins a section but does not end it with a bracket",
  "stands before the first section", "is indented but there is no property that it could continue",
} do
  problems[words] = true
end

local function check_property(property)
  judge.holds(type(property.value) == "string" and not property.value:find("\r$"), "a value that is no text")
  judge.holds(math.type(property.line) == "integer" and property.line > 0, "a property without a line")
  for key, value in pairs(property.nested or {}) do
    judge.holds(type(key) == "string" and key == key:lower() and type(value) == "string", "a bad nested property")
  end
end

local function check_sections(sections)
  for kind, group in pairs(sections) do
    judge.holds(kind == "profile" or kind == "sso-session" or kind == "services", "the kind %s", tostring(kind))
    for name, properties in pairs(group) do
      judge.holds(type(name) == "string" and name ~= "", "a section without a name")
      for key, property in pairs(properties) do
        judge.holds(key == key:lower() and key ~= "", "the key %q", key)
        check_property(property)
      end
    end
  end
end

return function(input)
  local is_credentials = (input:byte(1) or 0) % 2 == 1
  local text = input:sub(2)
  local sections, message = ini.parse(text, "FILE", is_credentials)
  if sections then
    check_sections(sections)
  else
    local words = message:match("^FILE: line %d+ (.*)$")
    judge.holds(problems[words], "a message that may hold the input: %q", message)
  end
  if not text:find("\r", 1, true) then
    local other, other_message = ini.parse(text:gsub("\n", "\r\n"), "FILE", is_credentials)
    judge.holds(judge.same(sections, other) and judge.same(message, other_message), "line ends make a difference")
  end
  local again, again_message = ini.parse(text .. "\n# a comment", "FILE", is_credentials)
  judge.holds((again ~= nil) == (sections ~= nil), "a comment makes a difference: %s", tostring(again_message))
  -- as both files of a client
  local files, problem = shared_files.read({
    getenv = function() end,
    read_file = function(path)
      return path == "config" and not is_credentials and text or path == "credentials" and is_credentials and text
        or nil, "not there"
    end,
  }, "config", "credentials")
  judge.holds((files ~= nil) == (sections ~= nil), "the files are %s", tostring(problem))
  if files then
    local section = files:section("profile", "default")
    judge.holds(not section or section:get("region") == nil or section:get("region"):find("%S"), "a blank value")
  end
end
