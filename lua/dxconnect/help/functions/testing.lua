--- Words for text, and for what tests use; see init.lua.

return {
  {
    name = "json",
    group = "text",
    usage = "dxconnect.json(value, options) -> text",
    about = "JSON of a result, or of any table",
    text = [[
options: pretty = true for lines of their own, reveal = true shows secrets, which are "<hidden>" otherwise. Empty lists
of results are [], their empty structures {}. What JSON can't hold is an error.]],
    example = [[print(dxconnect.json(client:describe_lags(), { pretty = true }))]],
  },
  {
    name = "table",
    group = "text",
    usage = "dxconnect.table(list, options) -> text",
    about = "a list as a table of columns",
    text = [[
options: columns, a list of members or paths ("tags.env" takes the tag of that key), the main ones unless told; width,
the terminal's unless told; reveal = true shows secrets. Names are cut to fit, ids never.]],
    example = [[
print(dxconnect.table(client:describe_connections(), {
  columns = { "connectionId", "tags.env" },
}))]],
  },
  {
    name = "csv",
    group = "text",
    usage = "dxconnect.csv(list, options) -> text",
    about = "a list as CSV",
    text = [[options: columns and reveal, as those of table. Cells are unaltered, what is a table in them is JSON.]],
    example = [[print(dxconnect.csv(client:describe_virtual_interfaces()))]],
  },
  {
    name = "record",
    group = "testing",
    usage = "dxconnect.record(transport, path, options) -> transport | nil, err",
    about = "a transport that keeps what goes over the wire in a file",
    text = [[
Without a transport the real one is recorded, with options of a client. The file is JSON, an exchange a line, and safe
to commit: no secret, key id, signature, token or account number is in it. record:done() closes it, and tells whether
everything was written. dxconnect.replay brings it back.]],
    example = [[
local record = dxconnect.record(nil, "ports.tape")
local client = dxconnect.client{ transport = record }]],
  },
  {
    name = "replay",
    group = "testing",
    usage = "dxconnect.replay(path, options) -> transport | nil, err",
    about = "a transport that answers from what was recorded",
    text = [[
Calls match by operation and params; account numbers and client tokens that were made here don't count. Equal calls are
answered in order, and waits take no time. A call that was not recorded is an error that names the nearest one;
replay:done() returns true, or nil, err where something was left over.]],
    example = [[
local replay = assert(dxconnect.replay("ports.tape"))
local client = dxconnect.client{
  region = "us-east-1", transport = replay, credentials = keys,
}]],
  },
  {
    name = "stub",
    group = "testing",
    usage = "dxconnect.stub() -> transport",
    about = "a transport of hand-made answers",
    text = [[
stub:add(operation, params or nil, result) and stub:add_error(operation, code, message) add an answer for one call,
checked against the service model; stub:done() returns true, or nil, err where nobody asked for one.]],
    example = [[
local stub = dxconnect.stub():add("describe_lags", nil, { lags = {} })
local client = dxconnect.client{
  region = "us-east-1", transport = stub, credentials = keys,
}]],
  },
  {
    name = "emulator",
    group = "testing",
    usage = "dxconnect.emulator({credentials, clock, region, state, quotas, delays}) -> emulator | nil, err",
    about = "a Direct Connect of one's own, for tests",
    text = [[
emulator.transport is a client's transport; emulator:serve{port = 0, on_ready = function(url) ... end} serves it over
HTTP on loopback. seed("estate") or seed{kind = {resource, ...}} fills it, set(id, members) changes what is there,
fault{...} orders a fault, advance(seconds) moves its time, reset() empties it. save(path) and the option state keep its
world. quotas = false lifts the service's quotas, a table sets them; delays = {kind = {state = seconds}}.]],
    example = [[
local emulator = dxconnect.emulator()
local client = dxconnect.client{
  region = "us-east-1", transport = emulator.transport,
  credentials = { access_key_id = "test", secret_access_key = "test" },
}]],
  },
  {
    name = "emulator:serve",
    group = "testing",
    usage = "emulator:serve(options) -> true | nil, message",
    about = "serves the emulator over HTTP until it is stopped",
    text = [[
Needs LuaSocket. options: port (0: a free one), host ("127.0.0.1"), on_ready(url, stop, certificate), tls = true (needs
LuaSec and openssl), state (path of a file that is kept up to date), should_stop, request_timeout (30), idle_timeout
(120), max_connections (500). Tests in any language drive it under /_dxconnect/.]],
    example = [[
emulator:serve{ on_ready = function(url, stop)
  print(url)
  stop()
end }]],
  },
  {
    name = "emulator:stop",
    group = "testing",
    usage = "emulator:stop()",
    about = "ends emulator:serve",
    text = [[What is being answered is finished.]],
    example = [[emulator:stop()]],
  },
  {
    name = "emulator:fault",
    group = "testing",
    usage = "emulator:fault(fault) -> fault",
    about = "orders what is to go wrong, with which operation, how often",
    text = [[
fault: operation (any, where left out), times (1), skip (calls that pass before), match (members that must be equal, or
a function of the params), and what happens: status, code, message, body and headers of an answer; throttle = true;
lost = true (carried out, no answer; with applied = false not carried out); latency in seconds. fault.hits counts.]],
    example = [[
emulator:fault{ operation = "describe_lags", throttle = true, times = 2 }
print(client:describe_lags())]],
  },
  {
    name = "emulator:clear_faults",
    group = "testing",
    usage = "emulator:clear_faults()",
    about = "calls all faults off",
    text = [[]],
    example = [[emulator:clear_faults()]],
  },
  {
    name = "emulator:seed",
    group = "testing",
    usage = "emulator:seed(what) -> true | nil, err",
    about = "fills the emulator",
    text = [[
what is "estate" (two locations, a LAG, keys, interfaces, gateways), or a table of kinds to lists of resources with the
service's members. Given ids stay, what is missing is made up. Seeding again replaces what the earlier seed brought.]],
    example = [[
assert(emulator:seed{ lag = { { lagId = "dxlag-ffabc777" } } })]],
  },
  {
    name = "emulator:reset",
    group = "testing",
    usage = "emulator:reset()",
    about = "empties the emulator, its faults and its log, and sets its clock back",
    text = [[]],
    example = [[emulator:reset()]],
  },
  {
    name = "emulator:save",
    group = "testing",
    usage = "emulator:save(path) -> true | nil, err",
    about = "writes the emulator's world to a file",
    text = [[Whole or not at all, its owner's alone (0600). dxconnect.emulator{ state = path } takes it up again.]],
    example = [[assert(emulator:save("emulator.json"))]],
  },
  {
    name = "emulator:advance",
    group = "testing",
    usage = "emulator:advance(seconds) -> true | nil, err",
    about = "moves the emulator's time ahead",
    text = [[States move on as they would have. No client's own date is refused because of it.]],
    example = [[emulator:advance(3600)]],
  },
  {
    name = "emulator:set_time",
    group = "testing",
    usage = "emulator:set_time(time) -> true | nil, err",
    about = "sets the emulator's time, in Unix seconds; never backwards",
    text = [[It runs on from there.]],
    example = [[emulator:set_time(emulator:now() + 60)]],
  },
  {
    name = "emulator:now",
    group = "testing",
    usage = "emulator:now() -> number",
    about = "the emulator's time, in Unix seconds",
    text = [[]],
    example = [[print(emulator:now())]],
  },
  {
    name = "emulator:get",
    group = "testing",
    usage = "emulator:get(id) -> table | nil",
    about = "what the emulator holds under an id",
    text = [[A table of its own: changing it changes nothing.]],
    example = [[print(emulator:get("dxcon-ffabc123").connectionState)]],
  },
  {
    name = "emulator:set",
    group = "testing",
    usage = "emulator:set(id, members)",
    about = "sets members of anything that has an id",
    text = [[A resource, a BGP peer, or a MACsec key by its secretARN.]],
    example = [[emulator:set("dxcon-ffabc123", { connectionState = "down" })]],
  },
  {
    name = "emulator:count",
    group = "testing",
    usage = "emulator:count(operation) -> integer",
    about = "how many requests there were",
    text = [[Of one operation, in either spelling, or of all.]],
    example = [[print(emulator:count("describe_lags"))]],
  },
  {
    name = "emulator:requests",
    group = "testing",
    usage = "emulator:requests() -> list",
    about = "the last requests, oldest first",
    text = [[
A list of {time, operation, region, account, params, status, code, request_id, lost}, secrets hidden.]],
    example = [[print(#emulator:requests())]],
  },
}
