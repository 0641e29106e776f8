--- Words for clients, calls and what is built from calls; see init.lua.

return {
  {
    name = "client",
    group = "client",
    usage = "dxconnect.client(options) -> client | nil, err",
    about = "a client with settings, credentials and connections of its own",
    text = [[
What options leave out comes from the environment, then the profile, then a default; help("options") lists them.
Making a client sends nothing. Without a client, dxconnect.OPERATION(params) works on one made at first use.]],
    example = [[
local client = assert(dxconnect.client{
  region = "eu-central-1", profile = "network",
})]],
  },
  {
    name = "credentials",
    group = "client",
    usage = "client:credentials() -> credentials | nil, err",
    about = "the keys in use and where they came from",
    text = [[
{access_key_id, secret_access_key, session_token, expiration, account_id, source}, hidden when printed. The client
option of the same name takes such a table, or a function that returns one.]],
    example = [[print(assert(client:credentials()).source)]],
  },
  {
    name = "explain",
    group = "client",
    usage = "client:explain() -> settings",
    about = "every setting, its value and where it came from",
    text = [[t[name] is {value, origin}, secrets hidden. Look there first when a client does not do what you expect.]],
    example = [[print(client:explain())]],
  },
  {
    name = "close",
    group = "client",
    usage = "client:close()",
    about = "ends a client's connections and wipes its keys",
    text = [[So does collecting the client. The calls of a closed one return a config error.]],
    example = [[client:close()]],
  },
  {
    name = "endpoint",
    group = "client",
    usage = "dxconnect.endpoint(options) -> url | nil, err",
    about = "where a client with these options would send its calls",
    text = [[Takes a client's options.]],
    example = [[
print(dxconnect.endpoint{
  region = "us-gov-west-1", use_fips_endpoint = true,
})]],
  },
  {
    name = "config.capture",
    group = "client",
    usage = "dxconnect.config.capture()",
    about = "keeps the environment, for nginx's init_by_lua",
    text = [[Workers of nginx do not see the environment that it was started with.]],
    example = [[dxconnect.config.capture()]],
  },
  {
    name = "model",
    group = "client",
    usage = "dxconnect.model.operations[name], dxconnect.model.shapes[name]",
    about = "operations and shapes as data",
    text = [[
Operations have input, output, errors, labels, retry, pages, topic; structures have members, order, required.]],
    example = [[print(dxconnect.model.operations.CreateLag.labels.bills)]],
  },
  {
    name = "help",
    group = "client",
    usage = "dxconnect.help(), dxconnect.help(name) -> text",
    about = "this text",
    text = [[
name is an operation in either spelling, a topic, a shape, a function, an option, "errors", "retries", "options",
or a word to look for.]],
    example = [[print(dxconnect.help("associate_mac_sec_key"))]],
  },
  {
    name = "call",
    group = "calls",
    usage = "client:call(name, params, options) -> result, nil, meta | nil, err",
    about = "any operation by its name, in either spelling",
    text = [[
options.unmodeled = true sends an operation, or members, that this version does not know yet; what it knows is still
checked. meta is {request_id, status, attempts, elapsed, headers}.]],
    example = [[local lags, err = client:call("DescribeLags", { lagId = "dxlag-ffabc123" })]],
  },
  {
    name = "prepare",
    group = "calls",
    usage = "client:prepare(name, params) -> {method, url, headers, body} | nil, err",
    about = "the signed request, not sent",
    text = [[Its strings hold the secrets that belong in them; printing the table hides them.]],
    example = [[print(client:prepare("describe_locations"))]],
  },
  {
    name = "send",
    group = "calls",
    usage = "client:send(request, options) -> result, nil, meta | nil, err",
    about = "one signed call to another AWS service",
    text = [[
A JSON RPC call is {service, target, params, version}, any other request {service, method, path or url, query, headers,
body}; options are {region, endpoint_url, repeatable} and those of any call. The client's credentials, retries, clock,
time-outs, transport and logger serve here, too. Unless it is repeatable, the request is sent again only where it surely
had no effect. A JSON answer is decoded, any other is {status, headers, body}.]],
    example = [[
local events, err = client:send({
  service = "health", target = "AWSHealth_20160804.DescribeEvents",
  params = { filter = { services = { "DIRECTCONNECT" } } },
}, { region = "us-east-1", repeatable = true })]],
  },
  {
    name = "sign",
    group = "calls",
    usage = "dxconnect.sign({method, url, headers, body}, {region, service, credentials, clock}) -> request | nil, err",
    about = "Signature Version 4 for any HTTP request",
    text = [[Returns a new request with the signature's headers added.]],
    example = [[
local request = dxconnect.sign({
  method = "GET", url = "https://sts.us-east-1.amazonaws.com/",
}, {
  region = "us-east-1", service = "sts", credentials = client:credentials(),
})]],
  },
  {
    name = "log",
    group = "calls",
    usage = "dxconnect.log(file, { level }) -> logger",
    about = "a logger that prints a line for each attempt, retry, wait and renewal",
    text = [[Secrets never reach a logger. level = "wire" adds each request and answer, without them.]],
    example = [[
local client = assert(dxconnect.client{
  region = "us-east-1", logger = dxconnect.log(io.stderr),
})]],
  },
  {
    name = "transport",
    group = "calls",
    usage = "dxconnect.transport(\"curl\" or \"resty\", options) -> function | nil, err",
    about = "the real transport as a function, for a transport of your own to call",
    text = [[
transport({method, url, headers, body, connect_timeout, timeout}) returns {status, headers, body}, or nil, message,
kind. Options are a client's.]],
    example = [[
local real = assert(dxconnect.transport("curl"))
local client = assert(dxconnect.client{
  region = "us-east-1",
  transport = function(request) return real(request) end,
})]],
  },
  {
    name = "pages",
    group = "many",
    usage = "client:pages(name, params, options) -> iterator",
    about = "a list, page by page",
    text = [[
A page is the operation's result. A failure is raised, as the usual error table. Inside a task the next page is fetched
while the one before is worked on.]],
    example = [[
for page in client:pages("describe_connections") do
  print(#page.connections)
end]],
  },
  {
    name = "items",
    group = "many",
    usage = "client:items(name, params, options) -> iterator",
    about = "a list, item by item, over all pages",
    text = [[A failure is raised, as the usual error table. Lists that do not page work as well.]],
    example = [[
for interface in client:items("describe_virtual_interfaces") do
  print(interface.virtualInterfaceId, interface.virtualInterfaceState)
end]],
  },
  {
    name = "all",
    group = "many",
    usage = "client:all(operation, params, options) -> result | nil, err, meta",
    about = "every page of a list joined into one result",
    text = [[The result of the operation with the whole list and no token.]],
    example = [[
local result, err = client:all("describe_connections")]],
  },
  {
    name = "batch",
    group = "many",
    usage = "client:batch({{name, params, options}, ...}, options) -> results",
    about = "many calls in flight at once, results in order",
    text = [[
results[i] is {result = ...} or {error = ...}.
options: concurrency (16), stop_on_error, on_progress(done, total, item).]],
    example = [[
local results = client:batch({
  { "describe_lags" }, { "describe_connections" },
}, { concurrency = 2 })]],
  },
  {
    name = "map",
    group = "many",
    usage = "client:map(name, {params, ...}, options) -> results",
    about = "one operation over a list of parameters, like batch",
    text = [[options as those of batch.]],
    example = [[
local results = client:map("delete_virtual_interface", {
  { virtualInterfaceId = "dxvif-ffabc123" },
  { virtualInterfaceId = "dxvif-ffabc456" },
})]],
  },
  {
    name = "progress",
    group = "many",
    usage = "dxconnect.progress(file) -> function for on_progress",
    about = "a progress bar for batch and map",
    text = [[Drawn over and over on a terminal, standard error by default; into a file goes its last line only.]],
    example = [[
client:map("delete_virtual_interface", list, {
  on_progress = dxconnect.progress(),
})]],
  },
  {
    name = "parallel",
    group = "many",
    usage = "dxconnect.parallel({f, ...}, options) -> results",
    about = "functions side by side; calls of all clients in them overlap",
    text = [[
results[i] is {result = ...} or {error = ...}; returning nil, err is an error, and so is what a function raises.
Options as of batch.]],
    example = [[
local results = dxconnect.parallel{
  function() return frankfurt:describe_connections() end,
  function() return virginia:describe_connections() end,
}]],
  },
  {
    name = "loop",
    group = "many",
    usage = "dxconnect.loop: spawn(f), pollfd(), events(), timeout(), step()",
    about = "the scheduler, driven by an event loop of yours",
    text = [[
An event loop watches the descriptor pollfd() for reading, and calls step() when it is readable and when timeout()
seconds have passed. Calls in spawned functions overlap. examples/ has it under cqueues and luv.]],
    example = [[dxconnect.loop.spawn(function() print(client:describe_lags()) end)]],
  },
  {
    name = "sleep",
    group = "many",
    usage = "dxconnect.sleep(seconds)",
    about = "waits: in a task, inside nginx, or blocking, whichever fits",
    text = [[
Other tasks run meanwhile. In a task that called a client whose system.sleep was replaced, it waits by that.]],
    example = [[dxconnect.sleep(5)]],
  },
  {
    name = "wait_until",
    group = "waiting",
    usage = "client:wait_until(state, params, options) -> resource | nil, err",
    about = "polls until a resource has reached a state",
    text = [[
dxconnect.waiters lists the states. params are what the operation takes that describes the resource; of mac_sec_key_...
and port_encryption_up {connectionId}, which may be that of a LAG or interconnect, for a key with its ckn or secretARN;
of bgp_... {virtualInterfaceId, bgpPeerId}. options: delay and timeout in seconds, on_poll(resource, state, elapsed).
A resource that goes down ends the wait and is returned; one whose state cannot lead there, or that is not found, is
WaiterFailedError; ..._deleted returns what is gone as last seen, or {}. Many waits in tasks share their requests.]],
    example = [[
local connection = assert(client:wait_until("connection_available", {
  connectionId = "dxcon-ffabc123",
}))]],
  },
  {
    name = "waiters",
    group = "waiting",
    usage = "dxconnect.waiters[state] -> {operation, delay, timeout}",
    about = "the states that wait_until knows",
    text = [[RESOURCE_STATE, such as lag_available, mac_sec_key_associated, virtual_interface_deleted, bgp_status_up.]],
    example = [[
for name, waiter in pairs(dxconnect.waiters) do
  print(name, waiter.timeout)
end]],
  },
  {
    name = "create_once",
    group = "waiting",
    usage = "client:create_once(name, params, {token = text}) -> resource, nil, meta | nil, err",
    about = "a create operation that nothing doubles: no fault, no crash, no second run",
    text = [[
The resource is marked with the token, or recognised by what makes it unique, and looked for before anything is sent.
meta.found is true where it was there already. Without a token, faults within this one call are covered.
What has the same key but is another thing is an error with reason = "conflict".]],
    example = [[
local connection = assert(client:create_once("create_connection", {
  location = "EqDC2", bandwidth = "10Gbps", connectionName = "berlin-1",
}, { token = "berlin-1 of 2026" }))]],
  },
}
