/*
 * Requests as plain tables, which print without what is secret in them, and
 * what of a request and its answer may be shown elsewhere.
 *
 * Only headers known to be harmless show their value; of the URL neither user
 * nor query is shown, of the body its size.
 */
#include "lua/shapes.h"
#include "sign/canonical_headers.h"
#include "base/url.h"

#include <stdio.h>
#include <stdlib.h>
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

static void add_url(luaL_Buffer *b, const char *text, size_t len)
{
    struct dx_url u;

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

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Pushes an array of the table's string keys, sorted; it lives as long as it is on the stack. Sets *n. */
static const char **push_names(lua_State *L, int t, size_t *n)
{
    const char **names;
    size_t count = 0;

    for (lua_pushnil(L); lua_next(L, t) != 0; lua_pop(L, 1))
        count++;
    names = dx_newuserdata(L, (count + 1) * sizeof *names);
    *n = 0;
    for (lua_pushnil(L); lua_next(L, t) != 0; lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING && *n < count)
            names[(*n)++] = lua_tostring(L, -2);
    qsort(names, *n, sizeof *names, compare_names);
    return names;
}

/* Adds one line for each header, from the sorted `names`, which must stay on the stack. */
static void add_headers(lua_State *L, luaL_Buffer *b, int headers, const char **names, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        luaL_addchar(b, '\n');
        luaL_addstring(b, names[i]);
        luaL_addstring(b, ": ");
        lua_pushstring(L, names[i]);
        lua_rawget(L, headers);
        if (!is_harmless(names[i], strlen(names[i])) || lua_type(L, -1) != LUA_TSTRING) {
            lua_pop(L, 1);
            lua_pushliteral(L, "<hidden>");
        }
        luaL_addvalue(b);
    }
}

static void push_raw(lua_State *L, const char *name)
{
    lua_pushstring(L, name);
    lua_rawget(L, 1);
}

static int request_tostring(lua_State *L)
{
    luaL_Buffer b;
    const char *url, **names = NULL;
    size_t len, n = 0;
    char size[64];

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    push_raw(L, "method");  /* 2 */
    push_raw(L, "url");     /* 3 */
    push_raw(L, "headers"); /* 4 */
    push_raw(L, "body");    /* 5 */
    if (lua_istable(L, 4))
        names = push_names(L, 4, &n);
    luaL_buffinit(L, &b);
    luaL_addstring(&b, lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?");
    luaL_addchar(&b, ' ');
    url = lua_type(L, 3) == LUA_TSTRING ? lua_tolstring(L, 3, &len) : NULL;
    if (url != NULL)
        add_url(&b, url, len);
    add_headers(L, &b, 4, names, n);
    if (lua_type(L, 5) == LUA_TSTRING && lua_rawlen(L, 5) > 0) {
        snprintf(size, sizeof size, "\n(a body of %.0f bytes)", (double)lua_rawlen(L, 5));
        luaL_addstring(&b, size);
    }
    luaL_pushresult(&b);
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

/* Tells what hides secrets (see shapes.h) that a request's parts are some, for the metatable on top of the stack. */
static void set_type(lua_State *L)
{
    static const char *const secret[] = { "body", "headers", "url" };
    size_t i;

    lua_createtable(L, 0, 3);
    lua_pushliteral(L, "request");
    lua_setfield(L, -2, "name");
    lua_pushliteral(L, "structure");
    lua_setfield(L, -2, "kind");
    lua_newtable(L);
    for (i = 0; i < sizeof secret / sizeof *secret; i++) {
        lua_pushboolean(L, 1);
        lua_setfield(L, -2, secret[i]);
    }
    lua_setfield(L, -2, "secret");
    lua_setfield(L, -2, "__shape");
}

/* ---- for logs */

enum { SHOWN_MAX = 32 * 1024 }; /* bytes of a body that are shown */

/* Adds a head's lines to the table on top, hidden unless `shows` their names. */
static void add_shown(lua_State *L, const struct dx_buf *head, int (*shows)(const char *name, size_t len))
{
    const char *line = head->len > 0 ? head->data : "", *end = line + head->len;

    for (; line < end; line += strlen(line) + 1) {
        const char *colon = strchr(line, ':');

        if (colon == NULL)
            continue;
        lua_pushlstring(L, line, (size_t)(colon - line));
        lua_pushstring(L, shows(line, (size_t)(colon - line)) ? colon + 1 + strspn(colon + 1, " \t") : "<hidden>");
        lua_rawset(L, -3);
    }
}

/* Whether an answer's header holds nothing but what its call may know. */
static int is_public(const char *name, size_t len)
{
    return !dx_same_name(name, len, "set-cookie") && !dx_is_hidden_name(name, len);
}

/* Sets the member that is the request's body without its secrets; none where it is not known where they stand. */
static void set_shown_body(lua_State *L, struct dx_exchange *x)
{
    size_t at = 0;
    int i;

    if (x->target == NULL || x->has_more_secrets || x->body.len > SHOWN_MAX)
        return;
    dx_buf_wipe(&x->scratch);
    for (i = 0; i < x->nsecrets; i++) {
        dx_buf_add(&x->scratch, x->body.data + at, x->secrets[i].at - at);
        dx_buf_adds(&x->scratch, "<hidden>");
        at = x->secrets[i].at + x->secrets[i].len;
    }
    if (x->body.len > at)
        dx_buf_add(&x->scratch, x->body.data + at, x->body.len - at);
    if (x->scratch.failed)
        dx_no_memory(L);
    lua_pushlstring(L, x->scratch.len > 0 ? x->scratch.data : "", x->scratch.len);
    lua_setfield(L, -2, "body");
}

static void set_size(lua_State *L, size_t size)
{
    lua_pushinteger(L, (lua_Integer)size);
    lua_setfield(L, -2, "size");
}

/* ex:shown_request() -> {method, url, headers, body, size}: without secrets; no body where not all of them are known */
static int shown_request(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);
    luaL_Buffer b;

    lua_createtable(L, 0, 5);
    lua_pushstring(L, x->method);
    lua_setfield(L, -2, "method");
    luaL_buffinit(L, &b);
    add_url(&b, x->url.len > 0 ? x->url.data : "", x->url.len > 0 ? x->url.len - 1 : 0);
    luaL_pushresult(&b);
    lua_setfield(L, -2, "url");
    lua_newtable(L);
    add_shown(L, &x->head, is_harmless);
    lua_setfield(L, -2, "headers");
    set_shown_body(L, x);
    set_size(L, x->body.len);
    return 1;
}

/* ex:shown_answer() -> {status, headers, size} */
static int shown_answer(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);

    lua_createtable(L, 0, 3);
    lua_pushinteger(L, x->status);
    lua_setfield(L, -2, "status");
    lua_newtable(L);
    add_shown(L, &x->rhead, is_public);
    lua_setfield(L, -2, "headers");
    set_size(L, x->rbody.len);
    return 1;
}

static const luaL_Reg exchange_methods[] = {
    { "shown_answer", shown_answer },
    { "shown_request", shown_request },
    { NULL, NULL }
};

static const luaL_Reg functions[] = {
    { "as_request", as_request },
    { NULL, NULL }
};

void dx_open_request(lua_State *L)
{
    luaL_newmetatable(L, "dxconnect.request");
    dx_setfuncs(L, methods);
    set_type(L);
    dx_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
    luaL_getmetatable(L, DX_EXCHANGE);
    dx_setfuncs(L, exchange_methods);
    lua_pop(L, 1);
    dx_setfuncs(L, functions);
}
