/* Removes secrets from texts, for Lua. */
#include "lua/core.h"
#include "base/json_scalar.h"
#include "base/redact.h"

#include <string.h>

enum { ARGUMENTS_MAX = 8 };

/* Adds a secret of the request's body twice: as it is written there, and unescaped. The scratch buffer has room for it. */
static size_t add_secret(struct dx_exchange *x, const struct dx_span *span, struct dx_needle *needles, size_t n)
{
    const char *at = x->body.data + span->at, *message;
    size_t start = x->scratch.len;

    needles[n].text = at;
    needles[n++].len = span->len;
    if (memchr(at, '\\', span->len) == NULL || dx_unescape(&x->scratch, &at, at + span->len + 1, &message) != 0)
        return n;
    needles[n].text = x->scratch.data + start;
    needles[n++].len = x->scratch.len - start;
    return n;
}

/* Reserves the scratch buffer for all secrets and the result, so that it does not move. */
static int make_room(struct dx_exchange *x, size_t len)
{
    size_t need = 2 * len + 1; /* a replacement is at most twice as long */
    int i;

    for (i = 0; i < x->nsecrets; i++)
        need += x->secrets[i].len;
    dx_buf_wipe(&x->scratch);
    return dx_buf_reserve(&x->scratch, need);
}

/*
 * ex:redact(text, ...) -> text
 * Without the secrets of the exchange's request body and those given (strings; nil is passed over). Where the body has
 * more of them than are remembered, nothing of the text is shown.
 * All is built in the exchange's scratch buffer, so nothing leaks where Lua has no memory.
 */
static int exchange_redact(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);
    struct dx_needle needles[2 * DX_SECRETS_MAX + ARGUMENTS_MAX];
    size_t len, start, n = 0;
    const char *text = luaL_checklstring(L, 2, &len);
    int i, top = lua_gettop(L);

    luaL_argcheck(L, top - 2 <= ARGUMENTS_MAX, top, "too many secrets");
    if (x->has_more_secrets && len > 0) {
        lua_pushliteral(L, "<hidden>");
        return 1;
    }
    if (make_room(x, len) != 0) {
        lua_pushliteral(L, "(a text too large to show)");
        return 1;
    }
    for (i = 0; i < x->nsecrets; i++)
        n = add_secret(x, &x->secrets[i], needles, n);
    for (i = 3; i <= top; i++) {
        if (lua_type(L, i) != LUA_TSTRING)
            continue;
        needles[n].text = lua_tolstring(L, i, &needles[n].len);
        n++;
    }
    start = x->scratch.len;
    dx_redact(&x->scratch, text, len, needles, n);
    lua_pushlstring(L, x->scratch.data + start, x->scratch.len - start);
    dx_buf_wipe(&x->scratch);
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
