--- Records in the order in which they were made, where any can go: finding, adding and removing one costs the logarithm
-- of their number, and a walk can begin behind any of them.
-- `sequences[i]` is the `_sequence` of `records[i]`, which is false once the record is gone.

local methods = {}
local mt = { __index = methods }

-- The first position whose sequence is at least this one.
local function position_of(self, sequence)
  local sequences, low, high = self.sequences, 1, self.size + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if sequences[middle] < sequence then
      low = middle + 1
    else
      high = middle
    end
  end
  return low
end

-- Drops the holes once there are more of them than records.
local function compact(self)
  if self.size < 16 or self.count * 2 > self.size then
    return
  end
  local sequences, records, n = {}, {}, 0
  for i = 1, self.size do
    if self.records[i] then
      n = n + 1
      sequences[n], records[n] = self.sequences[i], self.records[i]
    end
  end
  self.sequences, self.records, self.size = sequences, records, n
end

--- Adds a record at its place.
function methods:add(record)
  local sequence = record._sequence
  local i = position_of(self, sequence)
  if self.sequences[i] == sequence then
    if self.records[i] then
      return
    end
    self.records[i] = record
  else
    table.insert(self.sequences, i, sequence)
    table.insert(self.records, i, record)
    self.size = self.size + 1
  end
  self.count = self.count + 1
end

--- Removes a record, if it is there.
function methods:remove(record)
  local i = position_of(self, record._sequence)
  if self.records[i] == record then
    self.records[i] = false
    self.count = self.count - 1
    compact(self)
  end
end

--- Iterates over the records made after one.
-- @tparam[opt] number sequence of that one; without it, over all
function methods:each(sequence)
  local i = sequence and position_of(self, sequence + 1) - 1 or 0
  local records, size = self.records, self.size
  return function()
    repeat
      i = i + 1
    until i > size or records[i]
    return i <= size and records[i] or nil
  end
end

--- Makes an empty one.
local function new()
  return setmetatable({ sequences = {}, records = {}, size = 0, count = 0 }, mt)
end

return { new = new }
