---@meta
-- luacheck: ignore
-- Declarations of what functions take and return, for editor.lua: it adds operations, shapes, settings and the words of
-- the help, and writes lua/dxconnect/types.lua.

---@class dxconnect.Error An error, returned as the second value; prints as one line, and can be joined to text.
---@field kind "params"|"config"|"credentials"|"transport"|"service"|"response"|"waiter"
---@field code dxconnect.ErrorCode|string
---@field message string
---@field operation? string
---@field status? integer
---@field request_id? string
---@field attempts? integer
---@field retryable? boolean
---@field throttling? boolean
---@field maybe_applied? boolean
---@field reason? string
---@field hint? string
---@field problems? dxconnect.Problem[]
---@field choices? dxconnect.RouterType[]
---@field cause? dxconnect.Error

---@class dxconnect.Problem One thing that is wrong with parameters.
---@field path string the member, such as tags[2].key
---@field message string

---@class dxconnect.Meta What is known of a call besides its result.
---@field request_id? string
---@field status? integer
---@field attempts integer
---@field elapsed number
---@field headers table<string, string>
---@field found? boolean

---@class dxconnect.Secret A value in locked memory, wiped when it is no longer used; prints as <secret>.
local Secret = {}

--- The value.
---@return string
function Secret:reveal() end

--- Wipes the value now.
function Secret:close() end

---@class dxconnect.Credentials
---@field access_key_id string
---@field secret_access_key string|dxconnect.Secret
---@field session_token? string|dxconnect.Secret
---@field expiration? number Unix seconds
---@field account_id? string
---@field source? string where they came from

---@class dxconnect.Request An HTTP request.
---@field method string
---@field url string
---@field headers table<string, string>
---@field body string
---@field connect_timeout? number seconds
---@field timeout? number seconds

---@class dxconnect.Response An HTTP answer; names of headers in lower case.
---@field status integer
---@field headers table<string, string>
---@field body string

---@alias dxconnect.Transport fun(request: dxconnect.Request): dxconnect.Response?, string?, "connect"|"tls"|"timeout"|"reset"|nil

---@class dxconnect.System Replacements for parts of the outside world.
---@field getenv? fun(name: string): string?
---@field clock? fun(): number Unix seconds, with fraction
---@field monotonic? fun(): number seconds, for durations
---@field sleep? fun(seconds: number)
---@field random? fun(): number from 0 up to, but not, 1
---@field read_file? fun(path: string): string?, string?
---@field write_file? fun(path: string, content: string): boolean?, string?
---@field run? fun(command: string): string?, string?

---@class dxconnect.Event What a logger is told.
---@field type "attempt"|"retry"|"wait"|"credentials"
---@field operation? string
---@field attempt? integer
---@field status? integer
---@field code? string
---@field delay? number
---@field elapsed? number
---@field request_id? string

---@class dxconnect.Setting
---@field value any
---@field origin string option, the variable's name, or profile and file

---@class dxconnect.RpcRequest A call to a JSON RPC service.
---@field service string
---@field target string
---@field params? table
---@field version? string "1.1" unless told
---@field headers? table<string, string>

---@class dxconnect.ServiceRequest Any other call to a service.
---@field service string
---@field method? string
---@field url? string
---@field path? string escaped already
---@field query? table<string, string>
---@field headers? table<string, string>
---@field body? string

---@class dxconnect.SendOptions: dxconnect.CallOptions
---@field repeatable? boolean whether sending it twice does no harm

---@class dxconnect.SignOptions
---@field region string
---@field service string
---@field credentials dxconnect.Credentials
---@field clock? fun(): number

---@class dxconnect.Outcome One of results; either member is there.
---@field result? any
---@field error? dxconnect.Error|any

---@class dxconnect.BatchOptions
---@field concurrency? integer calls in flight, 16 unless told
---@field stop_on_error? boolean
---@field on_progress? fun(done: integer, total: integer, item: dxconnect.Outcome)

---@class dxconnect.WaitOptions: dxconnect.CallOptions
---@field delay? number seconds between polls
---@field timeout? number seconds in all
---@field on_poll? fun(resource: table, state: string, elapsed: number)

---@class dxconnect.Waiter
---@field operation string
---@field delay number seconds
---@field timeout number seconds

---@class dxconnect.CreateOnceOptions: dxconnect.CallOptions
---@field token? string what this creation is called, in every run

---@class dxconnect.RotateOptions
---@field configure? fun(ckn: string, cak: dxconnect.Secret|string|nil, port: table): boolean?, string?
---@field require_encryption_up? boolean by default only under must_encrypt
---@field dry_run? boolean
---@field timeout? number seconds
---@field delay? number seconds
---@field on_poll? fun(resource: table, state: string, elapsed: number)

---@class dxconnect.RotateParams
---@field connectionId string of a connection, LAG or interconnect
---@field secretARN? string
---@field ckn? string
---@field cak? string|dxconnect.Secret

---@class dxconnect.MacSecKeyPair
---@field ckn string
---@field cak dxconnect.Secret

---@class dxconnect.AuditedPort
---@field client? string
---@field account? string
---@field region? string
---@field connectionId? string
---@field lagId? string
---@field interconnectId? string
---@field encryptionMode? string
---@field portEncryptionStatus? string
---@field macSecKeys? dxconnect.MacSecKey[]
---@field problems? ("no key"|"stuck"|"down"|"one key")[]
---@field error? dxconnect.Error

---@class dxconnect.RotateAllOptions
---@field older_than? number seconds
---@field ports? string[] ids
---@field configure? fun(ckn: string, cak: dxconnect.Secret|string|nil, port: table): boolean?, string?
---@field dry_run? boolean
---@field on_progress? fun(done: integer, total: integer, entry: table)
---@field timeout? number seconds for a port
---@field check_secrets? boolean

---@class dxconnect.RotateAllReport
---@field done table[]
---@field failed table[]
---@field skipped table[]
---@field warnings table[]

---@class dxconnect.SaveOptions: dxconnect.CallOptions
---@field overwrite? boolean
---@field provider_name? string of save_loa
---@field router? string of save_router_configuration: an identifier, or words of vendor and platform

---@class dxconnect.SavedFile
---@field path string
---@field bytes integer
---@field type string

---@class dxconnect.FailoverParams
---@field virtualInterfaceId string
---@field bgpPeers? string[]
---@field testDurationInMinutes? integer

---@class dxconnect.FailoverOptions: dxconnect.CallOptions
---@field require_backup? boolean true unless told
---@field abort_if? fun(state: {interface: table, backup: table?, elapsed: number}): boolean?
---@field on_poll? fun(state: {interface: table, backup: table?, elapsed: number})
---@field dry_run? boolean
---@field delay? number seconds

---@class dxconnect.FailoverReport
---@field test? dxconnect.VirtualInterfaceTestHistory
---@field actions string[]
---@field before table
---@field during? table
---@field after? table
---@field restored? boolean
---@field aborted? boolean

---@class dxconnect.TextOptions
---@field columns? string[] members or paths
---@field width? integer of a table
---@field reveal? boolean show secrets

---@class dxconnect.JsonOptions
---@field pretty? boolean
---@field reveal? boolean show secrets

---@alias dxconnect.ResourceKind "connection"|"interconnect"|"lag"|"virtual_interface"|"bgp_peer"|"mac_sec_key"|"gateway"|"virtual_private_gateway"|"transit_gateway"|"core_network"|"resiliency_group"|"location"

---@alias dxconnect.LinkKind "at"|"member"|"hosted_on"|"on"|"peer"|"key"|"attached"|"associated"|"grouped"

---@alias dxconnect.ResiliencyLevel "maximum"|"high"|"basic"|"none"|"unknown"

---@class dxconnect.Resource
---@field kind dxconnect.ResourceKind
---@field id string
---@field name? string
---@field state? string
---@field client? string
---@field account? string
---@field region? string
---@field tags table<string, string>
---@field data? table the service's own table
---@field placeholder? boolean named by others, but not seen
---@field routes? dxconnect.Route[]

---@class dxconnect.Link
---@field from string
---@field to string
---@field kind dxconnect.LinkKind
---@field state? string

---@class dxconnect.Change
---@field change "added"|"removed"|"changed"
---@field kind dxconnect.ResourceKind
---@field id string
---@field name? string
---@field path? string
---@field before? any
---@field after? any

---@class dxconnect.Finding
---@field severity "critical"|"warning"|"note"
---@field rule string
---@field id? string
---@field message string
---@field hint? string

---@class dxconnect.Rule
---@field name string
---@field severity "critical"|"warning"|"note"
---@field words string
---@field find fun(inventory: dxconnect.Inventory, context: table): dxconnect.Finding[]

---@class dxconnect.Unread What could not be read.
---@field client string
---@field region string
---@field operation string
---@field error dxconnect.Error

---@class dxconnect.InventoryOptions
---@field clients dxconnect.Client|dxconnect.Client[]|table<string, dxconnect.Client>
---@field regions? string[]
---@field concurrency? integer
---@field routes? boolean
---@field locations? boolean

---@class dxconnect.WatchOptions: dxconnect.InventoryOptions
---@field interval? number seconds, 30 unless told
---@field on_change? fun(change: dxconnect.Change, inventory: dxconnect.Inventory, watch: dxconnect.Watch)
---@field on_error? fun(entry: dxconnect.Unread, watch: dxconnect.Watch)
---@field kinds? dxconnect.ResourceKind[]
---@field shared_dict? string

---@class dxconnect.Filter
---@field kind? any
---@field state? any
---@field client? any
---@field region? any
---@field account? any
---@field name? any
---@field id? any
---@field tags? table<string, any>

---@class dxconnect.Resiliency
---@field level dxconnect.ResiliencyLevel
---@field paths table[]
---@field locations table
---@field devices table
---@field why string

---@class dxconnect.Inventory Everything of several accounts and regions, as it was when it was read.
---@field resources dxconnect.Resource[]
---@field links dxconnect.Link[]
---@field errors dxconnect.Unread[]
---@field complete boolean
local Inventory = {}

---@param id string
---@return dxconnect.Resource?
function Inventory:find(id) end

---@param filter? dxconnect.Filter
---@return fun(): dxconnect.Resource?
function Inventory:each(filter) end

---@param of dxconnect.Resource|string
---@param kind? dxconnect.LinkKind
---@return dxconnect.Resource[]
function Inventory:linked(of, kind) end

---@return string
function Inventory:json() end

---@return string
function Inventory:csv() end

---@return string
function Inventory:dot() end

---@return string
function Inventory:svg() end

---@param older dxconnect.Inventory
---@return dxconnect.Change[]
function Inventory:diff(older) end

---@param options? {target: dxconnect.ResiliencyLevel?, targets: table<string, dxconnect.ResiliencyLevel>?}
---@return dxconnect.Finding[]? findings
---@return dxconnect.Error? err
function Inventory:assess(options) end

---@param gateway dxconnect.Resource|string
---@return dxconnect.Resiliency
function Inventory:resiliency(gateway) end

---@return string
function Inventory:metrics() end

---@class dxconnect.Watch
---@field inventory? dxconnect.Inventory the newest complete one
local Watch = {}

function Watch:stop() end

---@class dxconnect.Recording: dxconnect.Tape
---@class dxconnect.Tape A transport with a file.
---@overload fun(request: dxconnect.Request): dxconnect.Response?, string?, string?
local Tape = {}

---@return boolean? ok
---@return dxconnect.Error? err
function Tape:done() end

---@class dxconnect.Stub A transport of hand-made answers.
---@overload fun(request: dxconnect.Request): dxconnect.Response?, string?, string?
local Stub = {}

---@param operation dxconnect.Operation
---@param params table|nil
---@param result table
---@return dxconnect.Stub
function Stub:add(operation, params, result) end

---@param operation dxconnect.Operation
---@param code dxconnect.ErrorCode|string
---@param message? string
---@return dxconnect.Stub
function Stub:add_error(operation, code, message) end

---@return boolean? ok
---@return dxconnect.Error? err
function Stub:done() end

---@class dxconnect.EmulatorOptions
---@field credentials? dxconnect.Credentials|dxconnect.Credentials[]|fun(): table
---@field clock? fun(): number
---@field region? string
---@field sleep? fun(seconds: number)
---@field state? string path of a file that save wrote
---@field quotas? table<string, integer>|false
---@field delays? table<string, table<string, number>>

---@class dxconnect.Fault
---@field operation? dxconnect.Operation any, where left out
---@field times? integer how often, 1 unless told
---@field skip? integer calls that pass before
---@field match? table|fun(params: table): boolean members that must be equal, or a function of the params
---@field status? integer
---@field code? string
---@field message? string
---@field body? string
---@field headers? table<string, string>
---@field throttle? boolean
---@field lost? boolean no answer arrives
---@field applied? boolean whether it takes effect all the same
---@field latency? number seconds
---@field hits? integer how often it was met

---@class dxconnect.ServeOptions
---@field port? integer 0 for a free one
---@field host? string
---@field on_ready? fun(url: string, stop: fun(), certificate: string?)
---@field tls? boolean
---@field state? string
---@field should_stop? fun(): boolean
---@field request_timeout? number seconds
---@field idle_timeout? number seconds
---@field max_connections? integer

---@class dxconnect.Emulator A Direct Connect of one's own.
---@field transport dxconnect.Transport
local Emulator = {}

---@param options? dxconnect.ServeOptions
---@return boolean? ok
---@return string? message
function Emulator:serve(options) end

function Emulator:stop() end

---@param fault dxconnect.Fault
---@return dxconnect.Fault
function Emulator:fault(fault) end

function Emulator:clear_faults() end

---@param what "estate"|table<string, table[]>
---@return boolean? ok
---@return dxconnect.Error? err
function Emulator:seed(what) end

function Emulator:reset() end

---@param path string
---@return boolean? ok
---@return dxconnect.Error? err
function Emulator:save(path) end

---@param seconds number
---@return boolean? ok
---@return dxconnect.Error? err
function Emulator:advance(seconds) end

---@param time number
---@return boolean? ok
---@return dxconnect.Error? err
function Emulator:set_time(time) end

---@return number
function Emulator:now() end

---@param id string
---@return table?
function Emulator:get(id) end

---@param id string
---@param members table
function Emulator:set(id, members) end

---@param operation? dxconnect.Operation
---@return integer
function Emulator:count(operation) end

---@return table[]
function Emulator:requests() end

---@class dxconnect.ModelMember
---@field shape string
---@field required? boolean
---@field secret? boolean
---@field deprecated? boolean
---@field use_instead? string
---@field min? number
---@field max? number

---@class dxconnect.ModelShape
---@field name string
---@field type "structure"|"list"|"map"|"string"|"integer"|"long"|"boolean"|"timestamp"|"blob"
---@field members? table<string, dxconnect.ModelMember>
---@field order? string[]
---@field required? string[]
---@field member? string
---@field enum? string[]
---@field min? number
---@field max? number

---@class dxconnect.ModelOperation
---@field name string
---@field method string
---@field input? string
---@field output? string
---@field errors string[]
---@field labels string[]
---@field retry "read"|"repeatable"|"token"|"once"
---@field topic string

---@class dxconnect.Model
---@field operations table<dxconnect.Operation, dxconnect.ModelOperation>
---@field shapes table<string, dxconnect.ModelShape>
