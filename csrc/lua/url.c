/* URLs, taken apart for Lua. */
#include "lua/core.h"
#include "base/url.h"

static void set_text(lua_State *L, const char *name, const char *text, size_t len)
{
    lua_pushlstring(L, text, len);
    lua_setfield(L, -2, name);
}

/* The path with its query, as a request line has it: it begins with a slash. */
static void set_path(lua_State *L, const struct dx_url *u, const char *end)
{
    if (u->path_len == 0)
        lua_pushliteral(L, "/");
    else
        lua_pushliteral(L, "");
    lua_pushlstring(L, u->path, (size_t)(end - u->path));
    lua_concat(L, 2);
    lua_setfield(L, -2, "path");
}

/*
 * core.url(text) -> { scheme, host, port, path, authority, userinfo } | nil, message
 * The host keeps its brackets, the port is the scheme's own where none is given, the path has the query, the authority
 * is host and port as they stand. The message repeats nothing of the text.
 */
static int url_split(lua_State *L)
{
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    struct dx_url u;
    const char *problem = dx_url_parse(&u, text, len);

    if (problem != NULL) {
        lua_pushnil(L);
        lua_pushstring(L, problem);
        return 2;
    }
    lua_createtable(L, 0, 6);
    lua_pushstring(L, u.https ? "https" : "http");
    lua_setfield(L, -2, "scheme");
    set_text(L, "host", u.host, u.host_len);
    lua_pushinteger(L, u.port != 0 ? u.port : u.https ? 443 : 80);
    lua_setfield(L, -2, "port");
    set_text(L, "authority", u.host, (size_t)(u.path - u.host));
    set_path(L, &u, text + u.len);
    if (u.userinfo != NULL)
        set_text(L, "userinfo", u.userinfo, u.userinfo_len);
    return 1;
}

static const luaL_Reg functions[] = {
    { "url", url_split },
    { NULL, NULL }
};

void dx_open_url(lua_State *L)
{
    dx_setfuncs(L, functions);
}
