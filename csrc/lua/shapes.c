/* Types of the tables of a result: see shapes.h. */
#include "lua/shapes.h"

#include <string.h>

static char shapes_key;  /* its address is the place of the metatables in the registry, */
static char printer_key; /* and this one's that of the function that prints */

void dx_push_shapes(lua_State *L)
{
    dx_rawgetp(L, LUA_REGISTRYINDEX, &shapes_key);
}

static int is_list(int type)
{
    return type == DX_SHAPE_LIST || (type <= dx_nshapes && dx_shapes[type - 1].type == DX_LIST);
}

static const char *name_of(int type)
{
    return type == DX_SHAPE_LIST ? "list" : type == DX_SHAPE_MAP ? "map" : dx_shapes[type - 1].name;
}

/* __tostring of all types: what the printer returns; Lua's own way where there is none. */
static int shape_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    dx_rawgetp(L, LUA_REGISTRYINDEX, &printer_key);
    if (lua_isnil(L, -1)) {
        lua_pushfstring(L, "table: %p", lua_topointer(L, 1));
        return 1;
    }
    lua_insert(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

void dx_make_shape(lua_State *L, int shapes, int type)
{
    dx_need_stack(L, 4);
    lua_createtable(L, 0, 4);
    lua_pushfstring(L, "dxconnect.%s", name_of(type));
    lua_setfield(L, -2, "__name");
    lua_pushcfunction(L, shape_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushinteger(L, type);
    lua_setfield(L, -2, "__shape");
    lua_pushstring(L, is_list(type) ? "array" : "object"); /* dkjson tells empty tables apart by it */
    lua_setfield(L, -2, "__jsontype");
    lua_pushvalue(L, -1);
    lua_rawseti(L, shapes, type);
}

/* ---- names of secrets */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether the name ends as the word does, the case and what joins words passed over. */
static int ends_like(const char *name, size_t len, const char *word)
{
    size_t left = strlen(word);

    while (left > 0 && len > 0) {
        char c = lower(name[--len]);

        if (c == '_' || c == '-' || c == ' ')
            continue;
        if (c != lower(word[--left]))
            return 0;
    }
    return left == 0;
}

int dx_is_hidden_name(const char *name, size_t len)
{
    static const char *const others[] = {
        "secretaccesskey", "sessiontoken", "securitytoken", "accesstoken", "refreshtoken", "idtoken", "clientsecret",
        "password", "authorization", "privatekey", "secretkey", "secretstring", "secretbinary", "plaintext"
    };
    size_t k;
    int i;

    for (i = 0; i < dx_nsecret_names; i++)
        if (ends_like(name, len, dx_secret_names[i]))
            return 1;
    for (k = 0; k < sizeof others / sizeof *others; k++)
        if (ends_like(name, len, others[k]))
            return 1;
    return 0;
}

/* core.is_hidden_name(name) -> whether members of that name are hidden */
static int core_is_hidden_name(lua_State *L)
{
    size_t len;
    const char *name = luaL_checklstring(L, 1, &len);

    lua_pushboolean(L, dx_is_hidden_name(name, len));
    return 1;
}

/* ---- for Lua */

/* core.shape_type(type) -> the metatable of the tables of that type */
static int core_shape_type(lua_State *L)
{
    lua_Integer type = luaL_checkinteger(L, 1);

    luaL_argcheck(L, type >= 1 && type <= DX_SHAPE_MAP, 1, "there is no such type");
    lua_settop(L, 0);
    dx_push_shapes(L);
    lua_rawgeti(L, 1, (int)type);
    if (lua_isnil(L, -1))
        dx_make_shape(L, 1, (int)type);
    return 1;
}

/* core.set_printer(f): from then on f(table) returns the text of tables that know their type */
static int core_set_printer(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    dx_rawsetp(L, LUA_REGISTRYINDEX, &printer_key);
    return 0;
}

static const luaL_Reg functions[] = {
    { "shape_type", core_shape_type },
    { "set_printer", core_set_printer },
    { "is_hidden_name", core_is_hidden_name },
    { NULL, NULL }
};

void dx_open_shapes(lua_State *L)
{
    lua_createtable(L, DX_SHAPE_MAP, 0);
    dx_rawsetp(L, LUA_REGISTRYINDEX, &shapes_key);
    dx_setfuncs(L, functions);
    lua_pushinteger(L, DX_SHAPE_LIST);
    lua_setfield(L, -2, "LIST");
    lua_pushinteger(L, DX_SHAPE_MAP);
    lua_setfield(L, -2, "MAP");
}
