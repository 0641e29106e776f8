/*
 * Makes a result of an answer, or an error: the service's own, or one for an
 * answer that the protocol does not allow. Our messages repeat nothing of an
 * answer that can't be read.
 */
#include "lua/decode.h"
#include "lua/model.h"

#include <string.h>

/* The first byte of a body that is not white space; NUL for none. */
static char first_byte(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && strchr(" \t\r\n", text[i]) != NULL && text[i] != '\0')
        i++;
    return i < len ? text[i] : '\0';
}

/* Decodes a text that has to be an object. Returns 0 with it on the stack, or -1 with a message there. */
static int decode_object(lua_State *L, const struct dx_shape *shape, const char *text, size_t len)
{
    struct dx_unreadable why;
    char first = first_byte(text, len);

    if (first == '\0' && len == 0) {
        lua_pushliteral(L, "the answer has no body, where there should be JSON");
    } else if (first == '<') {
        lua_pushliteral(L, "the answer is not JSON: it looks like HTML, perhaps from a proxy");
    } else if (dx_decode(L, first == '{' ? shape : NULL, text, len, &why) != 0) {
        if (why.member == NULL)
            lua_pushfstring(L, "the answer is not valid JSON: %s (byte %d)", why.message, (int)why.at);
        else
            lua_pushfstring(L, "the answer is not as the service promises: %s: %s (byte %d)", why.member, why.message,
                            (int)why.at);
    } else if (first != '{') {
        lua_pop(L, 1);
        lua_pushliteral(L, "the answer is JSON, but not an object");
    } else {
        return 0;
    }
    return -1;
}

/* Whether an operation answers nothing, so that an answer may have no body. */
static int answers_nothing(const struct dx_operation *op)
{
    return op != NULL && (op->output == NULL || op->output->nmembers == 0);
}

static int finish_result(lua_State *L, struct dx_exchange *x, const struct dx_operation *op)
{
    const char *text = x->rbody.data;
    size_t len = x->rbody.len;

    if (len == 0 && answers_nothing(op)) {
        text = "{}";
        len = 2;
    }
    if (decode_object(L, op == NULL ? NULL : op->output, text, len) == 0)
        return 1;
    lua_pushnil(L);
    lua_insert(L, -2);
    lua_pushliteral(L, "response");
    lua_insert(L, -2);
    lua_pushliteral(L, "ResponseError");
    lua_insert(L, -2);
    return 4;
}

/* ---- errors of the service */

/* The code of an error without namespace and URL suffix: "namespace#Name:url". NULL if nothing is left. */
static const char *bare_code(const char *text, size_t *len)
{
    const char *end = text + *len, *at;

    at = memchr(text, ':', *len);
    if (at != NULL)
        end = at;
    for (at = end; at > text && at[-1] != '#'; at--)
        ;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *len = (size_t)(end - at);
    return *len > 0 ? at : NULL;
}

/* The string member of the table at index t, left on the stack; NULL, and nothing there, where it is none or empty. */
static const char *string_of(lua_State *L, int t, const char *name, size_t *len)
{
    lua_pushstring(L, name);
    lua_rawget(L, t);
    if (lua_type(L, -1) == LUA_TSTRING) {
        const char *text = lua_tolstring(L, -1, len);

        if (*len > 0)
            return text;
    }
    lua_pop(L, 1);
    return NULL;
}

/* Pushes the code: from the body's __type, the header or the body's code; else "HTTP" and the status. */
static void push_code(lua_State *L, const struct dx_exchange *x, int body)
{
    const char *sources[3] = { NULL, NULL, NULL };
    size_t lens[3], i;

    sources[1] = dx_exchange_header(x, "x-amzn-errortype");
    lens[1] = sources[1] == NULL ? 0 : strlen(sources[1]);
    if (body != 0) {
        sources[0] = string_of(L, body, "__type", &lens[0]);
        sources[2] = string_of(L, body, "code", &lens[2]);
    }
    for (i = 0; i < 3; i++) {
        const char *code = sources[i] == NULL ? NULL : bare_code(sources[i], &lens[i]);

        if (code != NULL) {
            lua_pushlstring(L, code, lens[i]);
            return;
        }
    }
    lua_pushfstring(L, "HTTP%d", x->status);
}

static void push_message(lua_State *L, const struct dx_exchange *x, int body)
{
    size_t len;

    if (body == 0) {
        const char *message = "the body of the answer is not the service's JSON";

        if (x->rbody.len == 0)
            message = "the answer has no body";
        if (x->status >= 300 && x->status <= 399)
            message = "the answer is a redirect, which is never followed: check where endpoint_url leads";
        lua_pushstring(L, message);
        return;
    }
    if (string_of(L, body, "message", &len) == NULL && string_of(L, body, "Message", &len) == NULL)
        lua_pushliteral(L, "");
}

static int finish_error(lua_State *L, struct dx_exchange *x)
{
    int body = lua_gettop(L) + 1, code, message;
    int is_object = decode_object(L, NULL, x->rbody.data, x->rbody.len) == 0;

    push_code(L, x, is_object ? body : 0);
    code = lua_gettop(L);
    push_message(L, x, is_object ? body : 0);
    message = lua_gettop(L);
    lua_pushnil(L);
    lua_pushliteral(L, "service");
    lua_pushvalue(L, code);
    lua_pushvalue(L, message);
    return 4;
}

/*
 * ex:finish(op) -> result | nil, kind, code, message
 * Reads the exchange's answer; op nil: without a shape.
 */
static int exchange_finish(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);
    const struct dx_operation *op = lua_isnoneornil(L, 2) ? NULL : dx_check_operation(L, 2);

    if (x->status >= 200 && x->status <= 299)
        return finish_result(L, x, op);
    return finish_error(L, x);
}

/* core.decode(op, text) -> result | nil, message; op nil: without a shape */
static int core_decode(lua_State *L)
{
    const struct dx_operation *op = lua_isnil(L, 1) ? NULL : dx_check_operation(L, 1);
    size_t len;
    const char *text = luaL_checklstring(L, 2, &len);

    if (decode_object(L, op == NULL ? NULL : op->output, text, len) == 0)
        return 1;
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
}

/* core.json_decode(text) -> any value, nil for null | nil, message */
static int core_json_decode(lua_State *L)
{
    struct dx_unreadable why;
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);

    if (dx_decode(L, NULL, text, len, &why) == 0)
        return 1;
    lua_pushnil(L);
    lua_pushfstring(L, "%s (byte %d)", why.message, (int)why.at);
    return 2;
}

static const luaL_Reg methods[] = {
    { "finish", exchange_finish },
    { NULL, NULL }
};

static const luaL_Reg functions[] = {
    { "decode", core_decode },
    { "json_decode", core_json_decode },
    { NULL, NULL }
};

void dx_open_unmarshal(lua_State *L)
{
    dx_open_decoder(L);
    luaL_getmetatable(L, DX_EXCHANGE);
    dx_setfuncs(L, methods);
    lua_pop(L, 1);
    dx_setfuncs(L, functions);
}
