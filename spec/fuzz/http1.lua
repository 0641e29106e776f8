--- HTTP/1.1 as both transports read it: an answer is the same however it is cut into pieces, and a connection is used
-- again only where the answer ended exactly there. An input is the size of the pieces (one byte) and the answer.

local core = require "dxconnect.core"
local judge = require "spec.fuzz.judge"

local methods = { [0] = "HEAD", "CONNECT", "GET" }

-- What comes of a text in pieces: `answer`, or the problem; `fed` bytes were needed for it.
local function read(text, method, size)
  local ex = core.exchange()
  local reader = core.reader(ex, method)
  local is_over, result, fed = false, false, 0
  while is_over == false and fed < #text do
    judge.holds(ex:status() == 0, "a status before the end")
    is_over, result = reader:feed(ex, text:sub(fed + 1, fed + size))
    fed = math.min(fed + size, #text)
  end
  local ended = is_over == false
  if ended then
    is_over, result = reader:finish(ex)
  end
  judge.holds(is_over or is_over == nil, "it is not over at the end")
  local answer = { status = ex:status(), headers = ex:headers(), body = ex:body() }
  if is_over then
    judge.holds(answer.status >= 100 and answer.status ~= 101 and answer.status <= 999, "the status %d", answer.status)
    judge.holds(type(result) == "boolean" and not (ended and result), "it stays, ended")
    answer.is_reusable = result
    return answer, nil, fed
  end
  judge.holds(type(result) == "string", "the problem is a %s", type(result))
  judge.holds(answer.status == 0 and answer.body == "" and next(answer.headers) == nil, "a part of it is left")
  local again, same = reader:feed(ex, "x")
  judge.holds(again == nil and same == result and ex:body() == "", "it went on")
  return nil, result, fed
end

local function is_like(a, b)
  return a.status == b.status and a.body == b.body and judge.same(a.headers, b.headers)
end

return function(input)
  local size, text = (input:byte(1) or 0) % 16 + 1, input:sub(2)
  local method = methods[#text % 5] or "POST"
  local whole, problem = read(text, method, #text + 1)
  local pieces, other_problem, fed = read(text, method, size)
  judge.holds(problem == other_problem, "in pieces: %s, %s", tostring(problem), tostring(other_problem))
  if not whole then
    return
  end
  judge.holds(is_like(whole, pieces), "in pieces it is another answer")
  judge.holds(pieces.is_reusable or not whole.is_reusable, "in pieces the connection does not stay")
  for name, value in pairs(whole.headers) do
    judge.holds(name ~= "" and not name:find("[%u%c%s:\128-\255]"), "the name %q", name)
    judge.holds(not value:find("[\r\n%z]"), "the value %q", value)
  end
  if whole.is_reusable then
    for _, rest in ipairs { "\n", "HTTP/1.1 200 OK\r\n" } do
      local longer = read(text .. rest, method, #text + #rest)
      judge.holds(longer and not longer.is_reusable, "it is used again with something behind the answer")
      judge.holds(is_like(longer, whole), "what stands behind it is part of it")
    end
    local _, cut_short = read(text:sub(1, -2), method, #text)
    judge.holds(cut_short, "it was whole before its last byte")
  elseif pieces.is_reusable then
    judge.holds(is_like(whole, (read(text:sub(1, fed), method, fed))), "what stands behind it is part of it")
  end
end
