--- Files and programs, for specs that need some: what a shell would do in a line.

local shell = {
  -- The program that runs Lua as this one is run.
  lua = jit and "luajit" or "lua" .. _VERSION:match("%d%.%d"),
}

--- A word for a command line.
-- @tparam string|number text
-- @treturn string
function shell.quote(text)
  return "'" .. tostring(text):gsub("'", "'\\''") .. "'"
end

--- What a command prints.
-- @tparam string command
-- @treturn string
function shell.output(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read("*a")
  pipe:close()
  return text
end

--- What a command prints, errors included, and how it ends; without a sanitizer's library in it.
-- @tparam string command
-- @treturn string
-- @treturn number status
function shell.run(command)
  local text = shell.output("env -u LD_PRELOAD sh -c " .. shell.quote(command) .. " 2>&1; echo $?")
  local said, status = text:match("^(.-)(%d+)\n$")
  return said, tonumber(status)
end

--- The lines that a command prints.
-- @tparam string command
-- @treturn {string,...}
function shell.lines(command)
  local list = {}
  for line in shell.output(command):gmatch("[^\n]+") do
    list[#list + 1] = line
  end
  return list
end

--- A file's content; raises where there is none.
-- @tparam string path
-- @treturn string
function shell.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

--- Makes a file.
-- @tparam string path
-- @tparam string text
function shell.write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

return shell
