--- Where the Lua that runs can leave code half way, to go on with it later.

local co = coroutine.create(function()
  pcall(coroutine.yield)
end)
coroutine.resume(co)

return {
  --- Whether a coroutine can yield out of pcall, and with it out of metamethods and iterators. PUC Lua 5.1 can't.
  through_pcall = coroutine.status(co) == "suspended",
}
