--- A real nginx for specs: free loopback ports, a prefix of its own, the modules of this checkout built for LuaJIT.
-- `nginx.start(parts)` returns a server; `nginx.get`, `nginx.together` and `nginx.eval` send requests.

local shell = require "spec.support.shell"
local socket = require "socket"

local nginx = {}

local root = shell.run("pwd"):gsub("%s+$", "")

--- A path that nginx understands, too.
function nginx.path(path)
  return path:find("^/") and path or root .. "/" .. path
end

local function read(path)
  local file = io.open(path)
  local text = file and file:read("*a") or ""
  if file then
    file:close()
  end
  return text
end

--- Ports that are free now, each once.
function nginx.ports(n)
  local held, ports = {}, {}
  for i = 1, n do
    held[i] = assert(socket.bind("127.0.0.1", 0))
    ports[i] = select(2, held[i]:getsockname())
  end
  for i = 1, n do
    held[i]:close()
  end
  return (table.unpack or unpack)(ports) -- luacheck: ignore
end

--- A folder that goes when the process does not need it any more: the caller removes it.
function nginx.folder()
  return (shell.run("mktemp -d"):gsub("%s+$", ""))
end

--- A certificate authority and a certificate by it for `localhost`, as files in a folder.
-- @return table of paths `{ca, cert, key}`
function nginx.certificates(folder, name)
  name = name or "localhost"
  local paths = { ca = folder .. "/ca.pem", cert = folder .. "/cert.pem", key = folder .. "/key.pem" }
  local text, status = shell.run(([[cd %s &&
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=spec authority" \
      -keyout ca.key -out ca.pem &&
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=spec server" \
      -keyout key.pem -out req.pem &&
    printf "subjectAltName=DNS:%s\n" > ext.cnf &&
    openssl x509 -req -in req.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext.cnf -out cert.pem]])
    :format(folder, name))
  assert(status == 0, text)
  return paths
end

local function module_folder()
  for _, folder in ipairs { "/usr/lib/nginx/modules", "/usr/share/nginx/modules", "/usr/lib64/nginx/modules" } do
    if io.open(folder .. "/ngx_http_lua_module.so") then
      return folder
    end
  end
  error("nginx's Lua module is missing: libnginx-mod-http-lua")
end

local template = [[
%s
load_module %s/ndk_http_module.so;
load_module %s/ngx_http_lua_module.so;
worker_processes %d;
pid nginx.pid;
error_log error.log %s;
%s
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path tmp/body; proxy_temp_path tmp/proxy; fastcgi_temp_path tmp/fcgi;
  uwsgi_temp_path tmp/uwsgi; scgi_temp_path tmp/scgi;
  lua_package_path "%s/lua/?.lua;%s/lua/?/init.lua;%s/?.lua;%s;;";
  lua_package_cpath "%s/build/luajit/?.so;;";
  %s
}
]]

local is_built = false

--- Builds what nginx loads of this checkout, where it is missing or old.
function nginx.build()
  if not is_built then
    local text, status = shell.run("make -s LUA=luajit")
    assert(status == 0, text)
    is_built = true
  end
end

-- Runs nginx until nobody holds the other end of standard input any more, however that comes. What else is open in the
-- process that runs the specs is not nginx's.
local leash = [[env -u LD_PRELOAD sh -c '
  exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
  { %s nginx -p %s -c nginx.conf -e error.log -g "daemon off;" 2>/dev/null </dev/null || echo failed >%s/failed; } &
  read -r _
  kill "$(cat %s/nginx.pid)" 2>/dev/null
  wait']]

local methods = {}
local mt = { __index = methods }

--- Starts one.
-- @tparam table parts `{main, http, workers, lua_path, level}`: text for the main and the http context
function nginx.start(parts)
  nginx.build()
  local self = setmetatable({ folder = nginx.folder() }, mt)
  shell.run("mkdir -p " .. self.folder .. "/tmp")
  local is_root = shell.run("id -u"):match("%d+") == "0"
  local modules = module_folder()
  shell.write(self.folder .. "/nginx.conf", template:format(is_root and "user root;" or "", modules, modules,
    parts.workers or 1, parts.level or "warn", parts.main or "", root, root, root, parts.lua_path or "",
    root, parts.http))
  self.pipe = assert(io.popen(leash:format(parts.environment or "", self.folder, self.folder, self.folder), "w"))
  while not self:pid() do
    if read(self.folder .. "/failed") ~= "" then
      self.pipe:close()
      error("nginx did not start: " .. self:log(), 2)
    end
    socket.sleep(0.002)
  end
  return self
end

--- What stands in the error log.
function methods:log()
  return read(self.folder .. "/error.log")
end

function methods:pid()
  return tonumber(read(self.folder .. "/nginx.pid"):match("%d+"))
end

--- Sends a signal to the master process.
function methods:signal(name)
  shell.run(("kill -%s %d"):format(name, self:pid()))
end

--- Ends it and removes its folder.
function methods:stop()
  self.pipe:close()
  shell.run("rm -rf " .. self.folder)
end

-- ---- asking it

local function begin(port, path)
  local client = assert(socket.connect("127.0.0.1", port))
  client:settimeout(60)
  assert(client:send(("GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n"):format(path)))
  return client
end

local function finish(client)
  local answer, message, partial = client:receive("*a")
  client:close()
  answer = answer or partial or message
  local status, body = answer:match("^HTTP/1%.%d (%d+).-\r\n\r\n(.*)$")
  return body, tonumber(status)
end

--- GET over a connection of its own: body, status.
function nginx.get(port, path)
  return finish(begin(port, path))
end

--- A location that runs Lua code it is sent, for `nginx.eval`. Values that live as long as the worker go into `shared`.
nginx.eval_location = [[
  location = /eval {
    client_body_buffer_size 64k;
    content_by_lua_block {
      ngx.req.read_body()
      local f = assert(loadstring(ngx.req.get_body_data(), "=eval"))
      setfenv(f, setmetatable({ shared = require "spec.support.shared" }, { __index = _G }))
      local ok, value = pcall(f)
      ngx.status = ok and 200 or 500
      ngx.print(type(value) == "table" and require("cjson").encode(value) or tostring(value))
    }
  }
]]

local function begin_eval(port, code)
  local client = assert(socket.connect("127.0.0.1", port))
  client:settimeout(60)
  assert(client:send(("POST /eval HTTP/1.0\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"):format(#code, code)))
  return client
end

local function finish_eval(client)
  local body, status = finish(client)
  if status ~= 200 then
    error(body or "no answer from nginx", 0)
  end
  return body
end

--- Runs Lua code in a request, and f meanwhile; what the code returned.
function nginx.eval_while(port, code, f)
  local client = begin_eval(port, code)
  f()
  return finish_eval(client)
end

--- Runs pieces of Lua code in as many requests at once; what each returned, as text, a table as JSON.
function nginx.eval(port, ...)
  local clients = {}
  for i, code in ipairs { ... } do
    clients[i] = begin_eval(port, code)
  end
  for i = 1, #clients do
    clients[i] = finish_eval(clients[i])
  end
  return (table.unpack or unpack)(clients) -- luacheck: ignore
end

--- As nginx.eval, each piece with the same code in front of it.
function nginx.eval_after(prelude, port, ...)
  local pieces = {}
  for i, code in ipairs { ... } do
    pieces[i] = prelude .. code
  end
  return nginx.eval(port, (table.unpack or unpack)(pieces)) -- luacheck: ignore
end

--- Starts a server for nothing but nginx.eval.
-- @tparam[opt] table parts of nginx.start, beside `http`
-- @treturn table server
-- @treturn integer port
function nginx.start_eval(parts)
  local port = nginx.ports(1)
  parts = parts or {}
  parts.http = ("server { listen 127.0.0.1:%d; %s }"):format(port, nginx.eval_location)
  return nginx.start(parts), port
end

--- The same request n times at once: list of bodies, seconds for all of them.
function nginx.together(port, path, n)
  local clients, bodies = {}, {}
  local started = socket.gettime()
  for i = 1, n do
    clients[i] = begin(port, path)
  end
  for i = 1, n do
    bodies[i] = finish(clients[i])
  end
  return bodies, socket.gettime() - started
end

return nginx
