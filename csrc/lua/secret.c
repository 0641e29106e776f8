/* Secrets, for Lua. */
#include "lua/core.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CLASS "dxconnect.secret"

static char class_key;

struct dx_secret *dx_test_secret(lua_State *L, int i)
{
    return dx_test_object(L, i, &class_key);
}

static struct dx_secret *check(lua_State *L)
{
    return dx_check_object(L, 1, &class_key, CLASS);
}

static int fail(lua_State *L, int code)
{
    lua_pushnil(L);
    if (code == EFBIG)
        lua_pushliteral(L, "it is larger than a secret may be (1 MB)");
    else if (code == ETIMEDOUT)
        lua_pushliteral(L, "nothing was written to it in time");
    else
        lua_pushstring(L, strerror(code));
    return 2;
}

/* Copies bytes into the secret on top of the stack. */
static int fill(lua_State *L, struct dx_secret *s, const char *text, size_t len)
{
    if (len > DX_SECRET_MAX)
        return fail(L, EFBIG);
    if (dx_secret_open(s, len) != 0)
        return fail(L, ENOMEM);
    memcpy(s->data, text, len);
    s->len = len;
    return 1;
}

/* core.secret(string) -> secret | nil, message */
static int secret_new(lua_State *L)
{
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    struct dx_secret *s = dx_new_object(L, &class_key, sizeof *s);

    return fill(L, s, text, len);
}

/* core.secret_from_env(name) -> secret | nil, message; without a message where it is not set */
static int secret_from_env(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    struct dx_secret *s = dx_new_object(L, &class_key, sizeof *s);
    const char *text = getenv(name);

    if (text == NULL)
        return 0;
    return fill(L, s, text, strlen(text));
}

/* core.secret_from_file(path, seconds | nil) -> secret, others_can_read | nil, message; see core.read_file */
static int secret_from_file(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    struct dx_hook hook = dx_get_hook(L);
    struct dx_patience patience = dx_opt_patience(L, 2, &hook);
    struct dx_secret *s = dx_new_object(L, &class_key, sizeof *s);
    int others = 0, status = dx_secret_read(s, path, &patience, &others);

    if (status != 0)
        return fail(L, status);
    lua_pushboolean(L, others);
    return 2;
}

/* core.secret_random_hex(n) -> secret of 2n hex digits | nil, message */
static int secret_random_hex(lua_State *L)
{
    lua_Integer n = luaL_checkinteger(L, 1);
    struct dx_secret *s;
    int status;

    luaL_argcheck(L, n > 0 && n <= 4096, 1, "expected 1 to 4096");
    s = dx_new_object(L, &class_key, sizeof *s);
    status = dx_secret_random_hex(s, (size_t)n);
    return status == 0 ? 1 : fail(L, status);
}

/* secret:reveal() -> string | nil, message */
static int secret_reveal(lua_State *L)
{
    struct dx_secret *s = check(L);

    if (s->data == NULL) {
        lua_pushnil(L);
        lua_pushliteral(L, "the secret is closed");
        return 2;
    }
    lua_pushlstring(L, s->data, s->len);
    return 1;
}

static int secret_close(lua_State *L)
{
    dx_secret_close(check(L));
    return 0;
}

static int secret_tostring(lua_State *L)
{
    lua_pushliteral(L, "<secret>");
    return 1;
}

/* Compares in constant time. A closed secret equals only itself. */
static int secret_eq(lua_State *L)
{
    struct dx_secret *a = dx_test_secret(L, 1), *b = dx_test_secret(L, 2);
    size_t i;
    unsigned char difference = 0;

    if (a == NULL || b == NULL || a->data == NULL || b->data == NULL || a->len != b->len) {
        lua_pushboolean(L, 0);
        return 1;
    }
    for (i = 0; i < a->len; i++)
        difference = (unsigned char)(difference | (a->data[i] ^ b->data[i]));
    lua_pushboolean(L, difference == 0);
    return 1;
}

static const luaL_Reg methods[] = {
    { "reveal", secret_reveal },
    { "close", secret_close },
    { "__gc", secret_close },
    { "__tostring", secret_tostring },
    { "__eq", secret_eq },
    { NULL, NULL }
};

static const luaL_Reg functions[] = {
    { "secret", secret_new },
    { "secret_from_env", secret_from_env },
    { "secret_from_file", secret_from_file },
    { "secret_random_hex", secret_random_hex },
    { NULL, NULL }
};

void dx_open_secret(lua_State *L)
{
    dx_new_class(L, &class_key, CLASS, methods);
    lua_pushliteral(L, "dxconnect.secret");
    lua_setfield(L, -2, "__metatable"); /* keeps it from being changed */
    lua_pop(L, 1);
    dx_setfuncs(L, functions);
}
