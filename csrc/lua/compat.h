/*
 * Every difference between the Lua versions (5.4, 5.3, LuaJIT and PUC 5.1) that
 * the bindings meet. The rest of the C code is written as for Lua 5.3.
 */
#ifndef DX_LCOMPAT_H
#define DX_LCOMPAT_H

#include <stdio.h>
#include <string.h>

#include <lua.h>
#include <lauxlib.h>

/*
 * What not every Lua has is a weak reference: the loader accepts a core that was
 * built for another Lua, and luaopen_dxconnect_core then says which one it is
 * for, before anything is called that is missing.
 */
#if defined __GNUC__ && !defined _WIN32
#define DX_HAS_WEAK 1
#if LUA_VERSION_NUM < 502
#pragma weak luaL_prepbuffer
#pragma weak lua_call
#pragma weak lua_equal
#pragma weak lua_lessthan
#pragma weak luaL_register
#pragma weak lua_objlen
#pragma weak lua_pcall
#pragma weak lua_tointeger
#pragma weak lua_tonumber
#else
#pragma weak luaL_prepbuffsize
#pragma weak luaL_setfuncs
#pragma weak lua_absindex
#pragma weak lua_callk
#pragma weak lua_compare
#pragma weak luaL_len
#pragma weak luaL_testudata
#pragma weak luaL_tolstring
#pragma weak luaL_setmetatable
#pragma weak lua_getglobal
#pragma weak lua_setglobal
#pragma weak lua_copy
#pragma weak lua_pcallk
#pragma weak lua_rawgetp
#pragma weak lua_rawlen
#pragma weak lua_rawsetp
#pragma weak lua_tointegerx
#pragma weak lua_tonumberx
#endif
#if LUA_VERSION_NUM < 503
#pragma weak lua_insert
#pragma weak lua_remove
#pragma weak lua_replace
#else
#pragma weak lua_isinteger
#pragma weak lua_isyieldable
#pragma weak lua_geti
#pragma weak lua_rotate
#endif
#if LUA_VERSION_NUM < 504
#pragma weak lua_newuserdata
#else
#pragma weak lua_newuserdatauv
#endif
#endif

/* The Lua that the core is built for, as its users call it. */
#define DX_LUA_NAME LUA_VERSION

/* The Lua that has loaded the core: told by functions that only some of them have. LuaJIT is a Lua 5.1. */
#if defined DX_HAS_WEAK
extern int dx_probe_uv(void) __asm__("lua_newuserdatauv") __attribute__((weak));
extern int dx_probe_rotate(void) __asm__("lua_rotate") __attribute__((weak));
extern int dx_probe_callk(void) __asm__("lua_callk") __attribute__((weak));

static inline const char *dx_running_lua(void)
{
    if (dx_probe_callk == NULL)
        return "Lua 5.1";
    if (dx_probe_rotate == NULL)
        return "Lua 5.2";
    return dx_probe_uv == NULL ? "Lua 5.3" : "Lua 5.4";
}
#else
#define dx_running_lua() DX_LUA_NAME
#endif

#if LUA_VERSION_NUM < 502

#define lua_rawlen(L, i) lua_objlen((L), (i))
#define lua_absindex(L, i) \
    ((i) > 0 || (i) <= LUA_REGISTRYINDEX ? (i) : lua_gettop(L) + (i) + 1)

#define dx_setfuncs(L, l) luaL_register((L), NULL, (l))

/* 5.1 has one number type: an integer is a number without a fraction that fits. */
#define lua_isinteger(L, i) 0

static inline int dx_rawgetp(lua_State *L, int i, void *p)
{
    i = lua_absindex(L, i);
    lua_pushlightuserdata(L, p);
    lua_rawget(L, i);
    return lua_type(L, -1);
}

static inline void dx_rawsetp(lua_State *L, int i, void *p)
{
    i = lua_absindex(L, i);
    lua_pushlightuserdata(L, p);
    lua_insert(L, -2);
    lua_rawset(L, i);
}

#ifndef LUA_OK /* LuaJIT has it, and lua_isyieldable */
/*
 * Whether the running coroutine can yield. PUC 5.1 does not tell, and a yield through C, a metamethod or an iterator is an
 * error there. C shows on the stack, an iterator by its name, and a metamethod by having none. What a tail call replaced
 * shows nothing of the kind, and passes.
 */
static inline int lua_isyieldable(lua_State *L)
{
    lua_Debug ar;
    int level, is_odd = 0;

    for (level = 1; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sn", &ar);
        if (ar.what[0] == 'C' || (is_odd && ar.what[0] != 't'))
            break;
        is_odd = ar.what[0] != 't' && (ar.name == NULL || strcmp(ar.name, "(for generator)") == 0);
    }
    return !lua_getstack(L, level, &ar);
}
#endif

#else

#define dx_setfuncs(L, l) luaL_setfuncs((L), (l), 0)
#if LUA_VERSION_NUM < 503
#define lua_isinteger(L, i) 0
#define dx_rawgetp(L, i, p) (lua_rawgetp((L), (i), (p)), lua_type((L), -1))
#else
#define dx_rawgetp(L, i, p) lua_rawgetp((L), (i), (p))
#endif
#define dx_rawsetp(L, i, p) lua_rawsetp((L), (i), (p))

#endif

/* The stream of an open file at index i, a Lua file; NULL where it is closed. Only newer Luas keep the pointer then. */
static inline FILE *dx_tostream(lua_State *L, int i)
{
    void *file = lua_touserdata(L, i);

#if LUA_VERSION_NUM >= 502
    return ((luaL_Stream *)file)->closef != NULL ? ((luaL_Stream *)file)->f : NULL;
#else
    return *(FILE **)file;
#endif
}

/* Whether the collector was not stopped; where Lua does not tell, 0. */
#if defined LUA_GCISRUNNING
#define dx_is_collecting(L) lua_gc((L), LUA_GCISRUNNING, 0)
#else
#define dx_is_collecting(L) 0
#endif

/* Lets a stopped collector go on when a quarter more is in use. */
static inline void dx_restart_collector(lua_State *L)
{
#if LUA_VERSION_NUM >= 503
    lua_gc(L, LUA_GCRESTART, 0); /* by itself it would begin at once; */
    lua_gc(L, LUA_GCSTEP, -lua_gc(L, LUA_GCCOUNT, 0) / 4); /* a step the other way puts that off, in kilobytes */
#else
    lua_gc(L, LUA_GCRESTART, -1); /* after its own pause */
#endif
}

/* 5.4 gives a userdata user values on request; none of ours has one. */
#if LUA_VERSION_NUM >= 504
#define dx_newuserdata(L, n) lua_newuserdatauv((L), (n), 0)
#else
#define dx_newuserdata(L, n) lua_newuserdata((L), (n))
#endif

#endif
