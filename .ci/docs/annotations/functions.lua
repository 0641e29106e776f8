---@meta
-- luacheck: ignore
-- Declarations of functions and methods, for editor.lua. What a client and the module have is declared once.

---@class dxconnect.Client A client with settings, credentials and connections of its own.
local Client = {}

---@class dxconnect
---@field waiters table<dxconnect.WaiterState, dxconnect.Waiter>
---@field model dxconnect.Model
---@field routers dxconnect.RouterType[]
---@field _VERSION string
local dxconnect = {}

---@class dxconnect.inventory
---@field rules dxconnect.Rule[]
---@overload fun(options: dxconnect.InventoryOptions): dxconnect.Inventory?, dxconnect.Error?
dxconnect.inventory = {}

---@class dxconnect.secret
---@overload fun(value: string): dxconnect.Secret
dxconnect.secret = {}

dxconnect.macsec = {}
dxconnect.config = {}

---@class dxconnect.loop
dxconnect.loop = {}

---@param options? dxconnect.ClientOptions
---@return dxconnect.Client? client
---@return dxconnect.Error? err
function dxconnect.client(options) end

---@param name dxconnect.Operation|string
---@param params? table
---@param options? dxconnect.CallOptions
---@return table? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:call(name, params, options) end

---@param name dxconnect.Operation|string
---@param params? table
---@param options? dxconnect.CallOptions
---@return dxconnect.Request? request
---@return dxconnect.Error? err
function Client:prepare(name, params, options) end

---@overload fun(self: dxconnect.Client, request: dxconnect.RpcRequest, options?: dxconnect.SendOptions): table?, dxconnect.Error?, dxconnect.Meta?
---@overload fun(self: dxconnect.Client, request: dxconnect.ServiceRequest, options?: dxconnect.SendOptions): table|dxconnect.Response|nil, dxconnect.Error?, dxconnect.Meta?
---@param request dxconnect.RpcRequest|dxconnect.ServiceRequest
---@param options? dxconnect.SendOptions
---@return table|dxconnect.Response|nil result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:send(request, options) end

---@param name dxconnect.Operation
---@param params? table
---@param options? dxconnect.CallOptions
---@return fun(): table?
function Client:pages(name, params, options) end

---@param name dxconnect.Operation
---@param params? table
---@param options? dxconnect.CallOptions
---@return fun(): any
function Client:items(name, params, options) end

---@param name dxconnect.Operation
---@param params? table
---@param options? dxconnect.CallOptions
---@return table? result
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:all(name, params, options) end

---@param calls any[][] each {name, params, options}
---@param options? dxconnect.BatchOptions
---@return dxconnect.Outcome[]? results
---@return dxconnect.Error? err
function Client:batch(calls, options) end

---@param name dxconnect.Operation
---@param params_list table[]
---@param options? dxconnect.BatchOptions
---@return dxconnect.Outcome[]? results
---@return dxconnect.Error? err
function Client:map(name, params_list, options) end

---@param state dxconnect.WaiterState
---@param params? table
---@param options? dxconnect.WaitOptions
---@return table? resource
---@return dxconnect.Error? err
function Client:wait_until(state, params, options) end

---@param name dxconnect.Operation
---@param params table
---@param options? dxconnect.CreateOnceOptions
---@return table? resource
---@return dxconnect.Error? err
---@return dxconnect.Meta? meta
function Client:create_once(name, params, options) end

---@param params dxconnect.RotateParams
---@param options? dxconnect.RotateOptions
---@return table? port
---@return dxconnect.Error? err
function Client:rotate_mac_sec_key(params, options) end

---@param params dxconnect.FailoverParams
---@param options? dxconnect.FailoverOptions
---@return dxconnect.FailoverReport? report
---@return dxconnect.Error? err
function Client:failover_test(params, options) end

---@param id string
---@param path string
---@param options? dxconnect.SaveOptions
---@return dxconnect.SavedFile? file
---@return dxconnect.Error? err
function Client:save_loa(id, path, options) end

---@param id string
---@param path string
---@param options? dxconnect.SaveOptions
---@return dxconnect.SavedFile? file
---@return dxconnect.Error? err
function Client:save_router_configuration(id, path, options) end

---@return dxconnect.Credentials? credentials
---@return dxconnect.Error? err
function Client:credentials() end

---@return table<string, dxconnect.Setting>
function Client:explain() end

function Client:close() end

---@param tasks (fun(): any, dxconnect.Error?)[]
---@param options? dxconnect.BatchOptions
---@return dxconnect.Outcome[]? results
---@return dxconnect.Error? err
function dxconnect.parallel(tasks, options) end

---@param file? file*
---@return fun(done: integer, total: integer, item: any)
function dxconnect.progress(file) end

---@return dxconnect.MacSecKeyPair
function dxconnect.macsec.generate() end

---@param clients dxconnect.Client[]|table<string, dxconnect.Client>
---@return dxconnect.AuditedPort[]
function dxconnect.macsec.audit(clients) end

---@param clients dxconnect.Client[]|table<string, dxconnect.Client>
---@param options? dxconnect.RotateAllOptions
---@return dxconnect.RotateAllReport? report
---@return dxconnect.Error? err
function dxconnect.macsec.rotate_all(clients, options) end

---@param path string
---@param options? {logger: fun(event: dxconnect.Event)}
---@return dxconnect.Secret? secret
---@return dxconnect.Error? err
function dxconnect.secret.from_file(path, options) end

---@param name string
---@return dxconnect.Secret? secret
---@return dxconnect.Error? err
function dxconnect.secret.from_env(name) end

---@param options? dxconnect.ClientOptions
---@return string? url
---@return dxconnect.Error? err
function dxconnect.endpoint(options) end

---@param request {method: string, url: string, headers: table<string, string>?, body: string?}
---@param options dxconnect.SignOptions
---@return dxconnect.Request? request
---@return dxconnect.Error? err
function dxconnect.sign(request, options) end

---@param value any
---@param options? dxconnect.JsonOptions
---@return string? text
---@return dxconnect.Error? err
function dxconnect.json(value, options) end

---@param list table
---@param options? dxconnect.TextOptions
---@return string? text
---@return dxconnect.Error? err
function dxconnect.table(list, options) end

---@param list table
---@param options? dxconnect.TextOptions
---@return string? text
---@return dxconnect.Error? err
function dxconnect.csv(list, options) end

---@param file file*
---@param options? {level: string?}
---@return fun(event: dxconnect.Event)? logger
---@return dxconnect.Error? err
function dxconnect.log(file, options) end

---@param f fun()
function dxconnect.loop.spawn(f) end

---@return integer
function dxconnect.loop.pollfd() end

---@return string
function dxconnect.loop.events() end

---@return number?
function dxconnect.loop.timeout() end

function dxconnect.loop.step() end

---@param seconds number
function dxconnect.sleep(seconds) end

---@param name "curl"|"resty"
---@param options? dxconnect.ClientOptions
---@return dxconnect.Transport? transport
---@return dxconnect.Error? err
function dxconnect.transport(name, options) end

function dxconnect.config.capture() end

---@param text string
---@return dxconnect.Inventory? inventory
---@return dxconnect.Error? err
function dxconnect.inventory.load(text) end

---@param options dxconnect.WatchOptions
---@return dxconnect.Watch? watch
---@return dxconnect.Error? err
function dxconnect.watch(options) end

---@param transport dxconnect.Transport|nil
---@param path string
---@param options? dxconnect.ClientOptions
---@return dxconnect.Recording? transport
---@return dxconnect.Error? err
function dxconnect.record(transport, path, options) end

---@param path string
---@param options? table
---@return dxconnect.Tape? transport
---@return dxconnect.Error? err
function dxconnect.replay(path, options) end

---@return dxconnect.Stub
function dxconnect.stub() end

---@param options? dxconnect.EmulatorOptions
---@return dxconnect.Emulator? emulator
---@return dxconnect.Error? err
function dxconnect.emulator(options) end

---@param name? dxconnect.Operation|dxconnect.WaiterState|string
---@return string
function dxconnect.help(name) end
