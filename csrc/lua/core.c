/* The module dxconnect.core. */
#include "lua/core.h"

#include <string.h>

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

enum { FILE_SECONDS = 10 }; /* to wait for a FIFO without a writer */

DX_EXPORT int luaopen_dxconnect_core(lua_State *L);

int dx_no_memory(lua_State *L)
{
    lua_pushliteral(L, "not enough memory");
    return lua_error(L);
}

void dx_need_stack(lua_State *L, int n)
{
    if (!lua_checkstack(L, n))
        dx_no_memory(L);
}

/* ---- waits */

struct dx_hook dx_get_hook(lua_State *L)
{
    struct dx_hook hook;

#ifdef LUA_RIDX_MAINTHREAD /* whose hook it is, whichever coroutine waits; 5.1 does not tell it */
    lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
    hook.L = lua_tothread(L, -1);
    lua_pop(L, 1);
#else
    hook.L = L;
#endif
    hook.function = lua_gethook(hook.L);
    return hook;
}

int dx_is_interrupted(void *hook)
{
    const struct dx_hook *before = hook;

    return lua_gethook(before->L) != before->function;
}

struct dx_patience dx_opt_patience(lua_State *L, int i, struct dx_hook *hook)
{
    struct dx_patience p;

    p.seconds = luaL_optnumber(L, i, FILE_SECONDS);
    if (!(p.seconds >= 0))
        p.seconds = 0;
    p.is_interrupted = dx_is_interrupted;
    p.context = hook;
    return p;
}

/* ---- classes */

void dx_new_class(lua_State *L, void *key, const char *name, const luaL_Reg *methods)
{
    luaL_newmetatable(L, name);
    dx_setfuncs(L, methods);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, -1);
    dx_rawsetp(L, LUA_REGISTRYINDEX, key);
}

void *dx_new_object(lua_State *L, void *key, size_t size)
{
    void *object = dx_newuserdata(L, size);

    memset(object, 0, size);
    dx_rawgetp(L, LUA_REGISTRYINDEX, key);
    lua_setmetatable(L, -2);
    return object;
}

void *dx_test_object(lua_State *L, int i, void *key)
{
    void *object = lua_touserdata(L, i);
    int same;

    if (object == NULL || !lua_getmetatable(L, i))
        return NULL;
    dx_rawgetp(L, LUA_REGISTRYINDEX, key);
    same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same ? object : NULL;
}

void *dx_check_object(lua_State *L, int i, void *key, const char *name)
{
    void *object = dx_test_object(L, i, key);

    return object != NULL ? object : luaL_checkudata(L, i, name);
}

/* ---- the module */

/* Raises where the core was built for another Lua. Calls only what every Lua has. */
static void check_lua(lua_State *L)
{
    const char *running = dx_running_lua();

    if (strcmp(running, DX_LUA_NAME) == 0)
        return;
    lua_pushfstring(L, "dxconnect.core was built for %s and can't be loaded by %s: install dxconnect for %s",
        DX_LUA_NAME, running, running);
    lua_error(L);
}

/* is_yieldable() -> whether the running code can yield. nginx's Lua hides coroutine.isyieldable. */
static int is_yieldable(lua_State *L)
{
    lua_pushboolean(L, lua_isyieldable(L));
    return 1;
}

int luaopen_dxconnect_core(lua_State *L)
{
    check_lua(L);
    lua_newtable(L);
    dx_open_exchange(L);
    dx_open_request(L);
    dx_open_secret(L);
    dx_open_model(L);
    dx_open_marshal(L);
    dx_open_shapes(L);
    dx_open_unmarshal(L);
    dx_open_encode(L);
    dx_open_text(L);
    dx_open_sigv4(L);
    dx_open_system(L);
    dx_open_process(L);
    dx_open_url(L);
    dx_open_redact(L);
    dx_open_http1(L);
    dx_open_curl(L);
    lua_pushcfunction(L, is_yieldable);
    lua_setfield(L, -2, "is_yieldable");
    lua_pushliteral(L, OS_NAME);
    lua_setfield(L, -2, "os");
    return 1;
}
