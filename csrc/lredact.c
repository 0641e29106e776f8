/* Taking secrets out of texts, for Lua. */
#include "lcore.h"
#include "redact.h"

#include <string.h>

enum { ARGUMENTS_MAX = 8 };

/*
 * ex:redact(text, ...) -> text
 * Without the secrets of the exchange's request body and those given (strings; nil is passed over).
 * The result is built in the exchange's scratch buffer, so nothing leaks where Lua has no memory.
 */
static int exchange_redact(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);
    struct dx_needle needles[DX_SECRETS_MAX + ARGUMENTS_MAX];
    size_t len, n = 0;
    const char *text = luaL_checklstring(L, 2, &len);
    int i, top = lua_gettop(L);

    luaL_argcheck(L, top - 2 <= ARGUMENTS_MAX, top, "too many secrets");
    for (i = 0; i < x->nsecrets; i++) {
        needles[n].text = x->body.data + x->secrets[i].at;
        needles[n++].len = x->secrets[i].len;
    }
    for (i = 3; i <= top; i++) {
        if (lua_type(L, i) != LUA_TSTRING)
            continue;
        needles[n].text = lua_tolstring(L, i, &needles[n].len);
        n++;
    }
    dx_buf_wipe(&x->scratch);
    if (dx_redact(&x->scratch, text, len, needles, n) != 0)
        lua_pushliteral(L, "(a text too large to show)");
    else
        lua_pushlstring(L, x->scratch.data == NULL ? "" : x->scratch.data, x->scratch.len);
    return 1;
}

static const luaL_Reg methods[] = {
    { "redact", exchange_redact },
    { NULL, NULL }
};

void dx_open_redact(lua_State *L)
{
    luaL_getmetatable(L, DX_EXCHANGE);
    dx_setfuncs(L, methods);
    lua_pop(L, 1);
}
