local progress = require "dxconnect.text.progress"

-- A file that keeps what is written to it.
local function new_file()
  local file = { text = "" }
  function file:write(...)
    self.text = self.text .. table.concat({ ... })
    return self
  end
  function file.flush() end
  return file
end

local function run(on_progress, total, failed)
  for i = 1, total do
    on_progress(i, total, i <= failed and { error = {} } or { result = {} })
  end
end

describe("a progress bar", function()
  it("writes one line into a file, at the end", function()
    local file = new_file()
    local on_progress = progress(file)
    run(on_progress, 200, 0)
    assert.equal("[" .. ("#"):rep(40) .. "] 100%  200 of 200\n", file.text)
  end)

  it("counts what failed, anew for each batch", function()
    local file = new_file()
    local on_progress = progress(file)
    run(on_progress, 10, 3)
    run(on_progress, 10, 1)
    run(on_progress, 10, 0)
    local lines = {}
    for line in file.text:gmatch("[^\n]+") do
      lines[#lines + 1] = line:match("10 of 10(.*)$")
    end
    assert.same({ ", 3 failed", ", 1 failed", "" }, lines)
  end)

  it("copes with a batch of nothing", function()
    local file = new_file()
    progress(file)(0, 0)
    assert.matches("100%%  0 of 0\n$", file.text)
  end)

  it("draws the line over and over on a terminal", function()
    local terminal = io.open("/dev/ptmx", "r+b")
    if not terminal then
      return -- no terminals here
    end
    local on_progress = progress(terminal)
    run(on_progress, 4, 1)
    local echoed = terminal:read(4 * 60)
    terminal:close()
    local drawn = {}
    for line in echoed:gmatch("%[[^%[]+") do
      drawn[#drawn + 1] = line:match("%] +(%d+%%)")
    end
    assert.equal("25%", drawn[1])
    assert.equal("50%", drawn[2])
    assert.matches("%[##########%.+%]", echoed)
  end)
end)
