/* The exchange as Lua sees it: made, loaded, read and wiped here. */
#include "lcore.h"

struct dx_exchange *dx_check_exchange(lua_State *L, int i)
{
    return luaL_checkudata(L, i, DX_EXCHANGE);
}

static int exchange_new(lua_State *L)
{
    struct dx_exchange *x = dx_newuserdata(L, sizeof *x);

    dx_exchange_init(x);
    luaL_getmetatable(L, DX_EXCHANGE);
    lua_setmetatable(L, -2);
    return 1;
}

static int exchange_gc(lua_State *L)
{
    dx_exchange_free(dx_check_exchange(L, 1));
    return 0;
}

static const luaL_Reg exchange_meta[] = {
    { "__gc", exchange_gc },
    { NULL, NULL }
};

static const luaL_Reg functions[] = {
    { "exchange", exchange_new },
    { NULL, NULL }
};

void dx_open_exchange(lua_State *L)
{
    luaL_newmetatable(L, DX_EXCHANGE);
    dx_setfuncs(L, exchange_meta);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "__index"); /* methods live in the metatable */
    lua_pop(L, 1);
    dx_setfuncs(L, functions);
}
