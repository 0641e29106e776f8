/* The module `dxconnect.core`: the parts, put together. */
#include "lcore.h"

#if defined _WIN32
#define DX_EXPORT __declspec(dllexport)
#else
#define DX_EXPORT __attribute__((visibility("default")))
#endif

#if defined __linux__
#define OS_NAME "linux"
#elif defined __APPLE__
#define OS_NAME "macos"
#elif defined _WIN32
#define OS_NAME "windows"
#else
#define OS_NAME "other"
#endif

DX_EXPORT int luaopen_dxconnect_core(lua_State *L);

int dx_no_memory(lua_State *L)
{
    lua_pushliteral(L, "not enough memory");
    return lua_error(L);
}

int luaopen_dxconnect_core(lua_State *L)
{
    lua_newtable(L);
    dx_open_exchange(L);
    dx_open_secret(L);
    dx_open_model(L);
    dx_open_marshal(L);
    dx_open_unmarshal(L);
    dx_open_sigv4(L);
    dx_open_system(L);
    dx_open_redact(L);
    dx_open_curl(L);
    lua_pushliteral(L, OS_NAME);
    lua_setfield(L, -2, "os");
    return 1;
}
