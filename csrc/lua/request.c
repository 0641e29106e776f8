/*
 * Requests as plain tables, which print without what is secret in them.
 *
 * Only headers known to be harmless show their value; of the URL neither user
 * nor query is shown, of the body its size.
 */
#include "lua/core.h"
#include "sign/canonical_headers.h"
#include "base/url.h"

#include <stdio.h>
#include <string.h>

static char metatable_key;

void dx_set_request_metatable(lua_State *L)
{
    dx_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
    lua_setmetatable(L, -2);
}

static int is_harmless(const char *name, size_t len)
{
    static const char *const names[] = {
        "accept", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "content-encoding", "content-length",
        "content-type", "date", "host", "user-agent", "x-amz-content-sha256", "x-amz-date", "x-amz-target", NULL
    };
    int i;

    for (i = 0; names[i] != NULL; i++)
        if (dx_same_name(name, len, names[i]))
            return 1;
    return 0;
}

static void add_url(lua_State *L, luaL_Buffer *b, const char *text, size_t len)
{
    struct dx_url u;

    (void)L;
    if (dx_url_parse(&u, text, len) != NULL) {
        luaL_addstring(b, "<hidden>");
        return;
    }
    luaL_addstring(b, u.https ? "https://" : "http://");
    if (u.userinfo != NULL)
        luaL_addstring(b, "<hidden>@");
    luaL_addlstring(b, u.host, (size_t)(u.path + u.path_len - u.host));
    if (u.query != NULL)
        luaL_addstring(b, "?<hidden>");
}

/* Pushes the least string key of the table at t that is greater than the one on top, which it replaces; nil ends. */
static void next_name(lua_State *L, int t)
{
    int last = lua_gettop(L), best;

    lua_pushnil(L);
    best = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, t) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            continue;
        if (!lua_isnil(L, last) && strcmp(lua_tostring(L, -2), lua_tostring(L, last)) <= 0)
            continue;
        if (lua_isnil(L, best) || strcmp(lua_tostring(L, -2), lua_tostring(L, best)) < 0) {
            lua_pushvalue(L, -2);
            lua_replace(L, best);
        }
    }
    lua_replace(L, last);
}

/* Adds a string to the text on top of the stack. */
static void append(lua_State *L, const char *text)
{
    lua_pushstring(L, text);
    lua_concat(L, 2);
}

/* One line for each header, added to the text at stack index `text`. */
static void add_headers(lua_State *L, int headers, int text)
{
    const char *name;
    size_t len;

    lua_pushnil(L);
    for (next_name(L, headers); !lua_isnil(L, -1); next_name(L, headers)) {
        name = lua_tolstring(L, -1, &len);
        lua_pushvalue(L, text);
        append(L, "\n");
        append(L, name);
        append(L, ": ");
        lua_pushvalue(L, -2);
        lua_rawget(L, headers);
        if (!is_harmless(name, len) || lua_type(L, -1) != LUA_TSTRING) {
            lua_pop(L, 1);
            lua_pushliteral(L, "<hidden>");
        }
        lua_concat(L, 2);
        lua_replace(L, text);
    }
    lua_pop(L, 1);
}

static void push_raw(lua_State *L, const char *name)
{
    lua_pushstring(L, name);
    lua_rawget(L, 1);
}

static int request_tostring(lua_State *L)
{
    luaL_Buffer b;
    const char *url;
    size_t len;
    char size[48];

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    push_raw(L, "method"); /* 2 */
    push_raw(L, "url");    /* 3 */
    luaL_buffinit(L, &b);
    luaL_addstring(&b, lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?");
    luaL_addchar(&b, ' ');
    url = lua_type(L, 3) == LUA_TSTRING ? lua_tolstring(L, 3, &len) : NULL;
    if (url != NULL)
        add_url(L, &b, url, len);
    luaL_pushresult(&b);   /* 4 */
    push_raw(L, "headers"); /* 5 */
    if (lua_istable(L, 5))
        add_headers(L, 5, 4);
    lua_settop(L, 4);
    push_raw(L, "body");
    if (lua_type(L, 5) == LUA_TSTRING && lua_rawlen(L, 5) > 0) {
        lua_Number bytes = (lua_Number)lua_rawlen(L, 5);

        lua_pop(L, 1);
        append(L, "\n(a body of ");
        snprintf(size, sizeof size, "%.0f bytes)", (double)bytes);
        append(L, size);
    } else {
        lua_settop(L, 4);
    }
    return 1;
}

static const luaL_Reg methods[] = {
    { "__tostring", request_tostring },
    { NULL, NULL }
};

/* core.as_request(table) -> the same table, printing as a request */
static int as_request(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    dx_set_request_metatable(L);
    return 1;
}

static const luaL_Reg functions[] = {
    { "as_request", as_request },
    { NULL, NULL }
};

void dx_open_request(lua_State *L)
{
    luaL_newmetatable(L, "dxconnect.request");
    dx_setfuncs(L, methods);
    dx_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
    dx_setfuncs(L, functions);
}
