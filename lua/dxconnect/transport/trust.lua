--- A store of certificates for nginx's `settrustedstore`, from a file of PEM certificates. Made with the OpenSSL that
-- nginx itself is linked with, through LuaJIT's FFI.

local declarations = [[
typedef struct x509_store_st X509_STORE;
X509_STORE *X509_STORE_new(void);
void X509_STORE_free(X509_STORE *store);
int X509_STORE_load_locations(X509_STORE *store, const char *file, const char *dir);
void ERR_clear_error(void);
]]

-- Declares one by one: others in the process may have declared some already.
local function declare(ffi)
  for declaration in declarations:gmatch("[^\n]+") do
    pcall(ffi.cdef, declaration)
  end
end

local function load(path)
  local ffi = require "ffi"
  declare(ffi)
  local store = ffi.C.X509_STORE_new()
  if store == nil then
    return nil, "not enough memory"
  end
  ffi.gc(store, ffi.C.X509_STORE_free)
  if ffi.C.X509_STORE_load_locations(store, path, nil) ~= 1 then
    ffi.C.ERR_clear_error()
    return nil, "no certificates can be read from " .. path
  end
  return store
end

--- Reads a bundle.
-- @tparam string path
-- @treturn[1] cdata
-- @treturn[2] nil
-- @treturn[2] string message
local function store(path)
  local ok, result, message = pcall(load, path)
  if not ok then
    return nil, "this nginx's OpenSSL can't be reached from Lua"
  end
  return result, message
end

return { store = store }
