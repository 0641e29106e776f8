/* The exchange, for Lua. */
#include "lua/core.h"
#include "sign/canonical_headers.h"
#include "base/url.h"

#include <stdint.h>
#include <string.h>

static char class_key;

struct dx_exchange *dx_check_exchange(lua_State *L, int i)
{
    return dx_check_object(L, i, &class_key, DX_EXCHANGE);
}

static int exchange_new(lua_State *L)
{
    struct dx_exchange *x = dx_new_object(L, &class_key, sizeof *x);

    dx_exchange_init(x);
    return 1;
}

static int exchange_gc(lua_State *L)
{
    dx_exchange_free(dx_check_exchange(L, 1));
    return 0;
}

/* ---- tables of headers */

static int refuse(lua_State *L, const char *name, size_t len, const char *problem)
{
    if (dx_is_token(name, len) && len <= 100)
        lua_pushfstring(L, "%s: %s", name, problem);
    else
        lua_pushfstring(L, "a header: %s", problem);
    return -1;
}

/* The value on top of the stack, a string or a number. */
static int take_value(lua_State *L, const char *name, size_t name_len, int folded, dx_take_header take, void *context)
{
    const char *value, *problem;
    size_t len;
    int type = lua_type(L, -1);

    if (type != LUA_TSTRING && type != LUA_TNUMBER)
        return refuse(L, name, name_len, "expected a string or a list of strings");
    value = lua_tolstring(L, -1, &len);
    if (!dx_is_value(value, len, folded))
        return refuse(L, name, name_len, "the value holds a line end or a NUL");
    problem = take(context, name, name_len, value, len);
    return problem == NULL ? 0 : refuse(L, name, name_len, problem);
}

static int take_list(lua_State *L, const char *name, size_t name_len, int folded, dx_take_header take, void *context)
{
    size_t k, n = lua_rawlen(L, -1);
    int list = lua_gettop(L);

    for (k = 1; k <= n; k++) {
        lua_rawgeti(L, list, (int)k);
        if (take_value(L, name, name_len, folded, take, context) != 0)
            return -1;
        lua_settop(L, list);
    }
    return 0;
}

int dx_walk_headers(lua_State *L, int i, int folded, dx_take_header take, void *context)
{
    const char *name;
    size_t len;
    int status;

    i = lua_absindex(L, i);
    for (lua_pushnil(L); lua_next(L, i) != 0; lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING) {
            lua_pushliteral(L, "headers: expected a table of names and values");
            return -1;
        }
        name = lua_tolstring(L, -2, &len);
        if (!dx_is_token(name, len))
            return refuse(L, name, len, "its name may only hold letters, digits and hyphens");
        status = lua_istable(L, -1) ? take_list(L, name, len, folded, take, context)
                                    : take_value(L, name, len, folded, take, context);
        if (status != 0)
            return -1;
    }
    return 0;
}

/* Adds a line to a head; the context is the buffer. */
static const char *add_line(void *context, const char *name, size_t name_len, const char *value, size_t len)
{
    struct dx_buf *head = context;
    size_t i;

    if (dx_buf_reserve(head, name_len + len + 3) != 0)
        return "the headers are too large, or memory is short";
    for (i = 0; i < name_len; i++)
        head->data[head->len++] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
    head->data[head->len++] = ':';
    head->data[head->len++] = ' ';
    if (len > 0)
        memcpy(head->data + head->len, value, len);
    head->len += len;
    head->data[head->len++] = '\0';
    return NULL;
}

/* As add_line, for a request. The transport sets Content-Length. */
static const char *add_request_line(void *context, const char *name, size_t name_len, const char *value, size_t len)
{
    if (dx_same_name(name, name_len, "content-length"))
        return NULL;
    if (dx_same_name(name, name_len, "transfer-encoding"))
        return "it is the transport's to set";
    return add_line(context, name, name_len, value, len);
}

/* ---- the request */

static void push_field(lua_State *L, int i, const char *name)
{
    lua_pushstring(L, name);
    lua_rawget(L, i);
}

static const char *load_method(lua_State *L, struct dx_exchange *x)
{
    const char *method;
    size_t len;

    push_field(L, 2, "method");
    if (lua_type(L, -1) != LUA_TSTRING)
        return "method: expected a string";
    method = lua_tolstring(L, -1, &len);
    if (!dx_is_token(method, len) || len >= sizeof x->method)
        return "method: not one of HTTP's";
    memcpy(x->method, method, len + 1);
    return NULL;
}

static const char *load_url(lua_State *L, struct dx_exchange *x)
{
    struct dx_url u;
    const char *text, *problem;
    size_t len;

    push_field(L, 2, "url");
    if (lua_type(L, -1) != LUA_TSTRING)
        return "url: expected a string";
    text = lua_tolstring(L, -1, &len);
    problem = dx_url_parse(&u, text, len);
    if (problem != NULL)
        return lua_pushfstring(L, "url: %s", problem);
    if (memchr(text, ' ', u.len) != NULL)
        return "url: it holds a space";
    if (dx_buf_add(&x->url, text, u.len) != 0 || dx_buf_addc(&x->url, '\0') != 0)
        return "url: it is too long, or memory is short";
    return NULL;
}

static const char *load_body(lua_State *L, struct dx_exchange *x)
{
    const char *text;
    size_t len;

    push_field(L, 2, "body");
    if (lua_isnil(L, -1))
        return NULL;
    if (lua_type(L, -1) != LUA_TSTRING)
        return "body: expected a string";
    text = lua_tolstring(L, -1, &len);
    return dx_buf_add(&x->body, text, len) == 0 ? NULL : "body: it is too large, or memory is short";
}

static const char *load_headers(lua_State *L, struct dx_exchange *x)
{
    push_field(L, 2, "headers");
    if (lua_isnil(L, -1))
        return NULL;
    if (!lua_istable(L, -1))
        return "headers: expected a table of names and values";
    return dx_walk_headers(L, lua_gettop(L), 0, add_request_line, &x->head) == 0 ? NULL : lua_tostring(L, -1);
}

/* ex:load{method=, url=, headers=, body=} -> true | nil, message */
static int exchange_load(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);
    const char *problem;

    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    dx_exchange_clear(x);
    x->secret = 1; /* it may hold one */
    problem = load_method(L, x);
    if (problem == NULL)
        problem = load_url(L, x);
    if (problem == NULL)
        problem = load_body(L, x);
    if (problem == NULL)
        problem = load_headers(L, x);
    if (problem == NULL) {
        lua_pushboolean(L, 1);
        return 1;
    }
    dx_exchange_clear(x);
    lua_pushnil(L);
    lua_pushstring(L, problem);
    return 2;
}

/* Adds a value to the one, or the list of them, that the name on top has in the table at index t. Pushes the list. */
static void add_value(lua_State *L, int t, const char *value)
{
    lua_pushvalue(L, -1);
    lua_rawget(L, t);
    if (lua_istable(L, -1)) {
        lua_pushstring(L, value);
        lua_rawseti(L, -2, (int)lua_rawlen(L, -2) + 1);
    } else {
        lua_createtable(L, 2, 0);
        lua_insert(L, -2);
        lua_rawseti(L, -2, 1);
        lua_pushstring(L, value);
        lua_rawseti(L, -2, 2);
    }
}

static const char *head_start(const struct dx_buf *head)
{
    return head->data != NULL ? head->data : "";
}

static int count_lines(const struct dx_buf *head)
{
    const char *line = head_start(head), *end = line + head->len;
    int n;

    for (n = 0; line < end; n++)
        line += strlen(line) + 1;
    return n;
}

/* True if the name on top of the stack is in the table at index t. `initials` has a bit for each initial in there: most
 * names need no look. */
static int is_repeated(lua_State *L, int t, const char *name, uint32_t *initials)
{
    uint32_t initial = UINT32_C(1) << (*name & 31);
    int found;

    if ((*initials & initial) == 0) {
        *initials |= initial;
        return 0;
    }
    lua_pushvalue(L, -1);
    lua_rawget(L, t);
    found = !lua_isnil(L, -1);
    lua_pop(L, 1);
    return found;
}

/* Returns the value of a line; sets *name_len. */
static const char *split_line(const char *line, size_t *name_len)
{
    const char *colon = strchr(line, ':');

    if (colon == NULL) {
        *name_len = strlen(line);
        return line + *name_len;
    }
    *name_len = (size_t)(colon - line);
    for (colon++; *colon == ' ' || *colon == '\t'; colon++)
        ;
    return colon;
}

/* Adds the Host header, from the URL. Uses the exchange's scratch buffer. */
static void set_host(lua_State *L, struct dx_exchange *x)
{
    struct dx_url u;

    if (dx_exchange_line(&x->head, "host") != NULL)
        return;
    if (x->target != NULL && x->url.len > 0) { /* the endpoint's URL, in its canonical form */
        const char *host = strstr(x->url.data, "://") + 3;

        lua_pushlstring(L, host, strcspn(host, "/"));
        lua_setfield(L, -2, "host");
        return;
    }
    if (x->url.len == 0 || dx_url_parse(&u, x->url.data, x->url.len - 1) != NULL)
        return;
    dx_buf_reset(&x->scratch);
    if (dx_url_host(&x->scratch, &u) != 0 || dx_buf_addc(&x->scratch, '\0') != 0)
        dx_no_memory(L);
    lua_pushstring(L, x->scratch.data);
    lua_setfield(L, -2, "host");
}

/*
 * Adds a head's lines to the table on top of the stack: name to value, or to a
 * list of values where a name is repeated. Returns true if there is such a list.
 */
static int add_lines(lua_State *L, const struct dx_buf *head)
{
    const char *line = head_start(head), *end = line + head->len, *value;
    uint32_t initials = 0;
    size_t name_len;
    int t = lua_gettop(L), has_list = 0;

    for (; line < end; line += strlen(line) + 1) {
        value = split_line(line, &name_len);
        lua_pushlstring(L, line, name_len);
        if (is_repeated(L, t, line, &initials)) {
            add_value(L, t, value);
            has_list = 1;
        } else {
            lua_pushstring(L, value);
        }
        lua_rawset(L, t);
    }
    return has_list;
}

/* ex:request() -> {method=, url=, headers=, body=} */
static int exchange_request(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);

    lua_createtable(L, 0, 4);
    lua_pushstring(L, x->method);
    lua_setfield(L, -2, "method");
    lua_pushlstring(L, x->url.len > 0 ? x->url.data : "", x->url.len > 0 ? x->url.len - 1 : 0);
    lua_setfield(L, -2, "url");
    lua_pushlstring(L, x->body.len > 0 ? x->body.data : "", x->body.len);
    lua_setfield(L, -2, "body");
    lua_createtable(L, 0, count_lines(&x->head) + 1);
    set_host(L, x);
    add_lines(L, &x->head);
    lua_setfield(L, -2, "headers");
    dx_set_request_metatable(L);
    return 1;
}

/* ---- the answer */

static int respond_failed(lua_State *L, struct dx_exchange *x, const char *problem)
{
    dx_exchange_clear_answer(x);
    lua_pushnil(L);
    lua_pushstring(L, problem);
    return 2;
}

/* ex:respond(status, headers, body) -> true | nil, message */
static int exchange_respond(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);
    lua_Number status = luaL_checknumber(L, 2);
    const char *body = "";
    size_t len = 0;

    lua_settop(L, 4);
    dx_exchange_clear_answer(x);
    if (!(status >= 100 && status <= 999))
        return respond_failed(L, x, "the status is not one of HTTP's");
    if (lua_type(L, 4) == LUA_TSTRING)
        body = lua_tolstring(L, 4, &len);
    else if (!lua_isnil(L, 4))
        return respond_failed(L, x, "the body is not a string");
    if (!lua_isnil(L, 3) && !lua_istable(L, 3))
        return respond_failed(L, x, "the headers are not a table");
    if (lua_istable(L, 3) && dx_walk_headers(L, 3, 0, add_line, &x->rhead) != 0)
        return respond_failed(L, x, lua_tostring(L, -1));
    if (dx_buf_add(&x->rbody, body, len) != 0)
        return respond_failed(L, x, x->rbody.failed == DX_BUF_FULL ? "the body is too large" : "not enough memory");
    x->status = (int)status;
    lua_pushboolean(L, 1);
    return 1;
}

/* ex:url() -> the request's URL, "" where there is none */
static int exchange_url(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);

    lua_pushstring(L, x->url.len > 0 ? x->url.data : "");
    return 1;
}

static int exchange_status(lua_State *L)
{
    lua_pushinteger(L, dx_check_exchange(L, 1)->status);
    return 1;
}

/* ex:header(name) -> the first value of that name, or nil */
static int exchange_header(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);
    char name[128];
    size_t i, len;
    const char *given = luaL_checklstring(L, 2, &len);

    if (len >= sizeof name)
        return 0;
    for (i = 0; i < len; i++)
        name[i] = given[i] >= 'A' && given[i] <= 'Z' ? (char)(given[i] + 32) : given[i];
    name[len] = '\0';
    given = dx_exchange_header(x, name);
    if (given == NULL)
        return 0;
    lua_pushstring(L, given);
    return 1;
}

/* Joins the list of values on top of the stack by commas. */
static void join_list(lua_State *L)
{
    int i, list = lua_gettop(L), n = (int)lua_rawlen(L, list);
    luaL_Buffer b;

    luaL_buffinit(L, &b);
    for (i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addlstring(&b, ", ", 2);
        lua_rawgeti(L, list, i);
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
    lua_replace(L, list);
}

/* Joins every list in the table on top of the stack. */
static void join_lists(lua_State *L)
{
    int t = lua_gettop(L);

    for (lua_pushnil(L); lua_next(L, t) != 0; lua_pop(L, 1)) {
        if (!lua_istable(L, -1))
            continue;
        join_list(L);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, t);
        lua_pushnil(L);
    }
}

/* Pushes the answer's headers as a table; values of one name are joined by commas. */
static void push_headers(lua_State *L, const struct dx_exchange *x)
{
    lua_createtable(L, 0, count_lines(&x->rhead));
    if (add_lines(L, &x->rhead))
        join_lists(L);
}

/* ex:headers() -> table */
static int exchange_headers(lua_State *L)
{
    push_headers(L, dx_check_exchange(L, 1));
    return 1;
}

/* ex:answer() -> the service's id of the request | nil, status, headers */
static int exchange_answer(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);

    lua_settop(L, 1);
    lua_pushstring(L, dx_exchange_header(x, "x-amzn-requestid")); /* nil for NULL */
    lua_pushinteger(L, x->status);
    push_headers(L, x);
    return 3;
}

static int exchange_body(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);

    lua_pushlstring(L, x->rbody.len > 0 ? x->rbody.data : "", x->rbody.len);
    return 1;
}

static int exchange_clear(lua_State *L)
{
    dx_exchange_clear(dx_check_exchange(L, 1));
    return 0;
}

static const luaL_Reg methods[] = {
    { "__gc", exchange_gc },
    { "load", exchange_load },
    { "request", exchange_request },
    { "respond", exchange_respond },
    { "url", exchange_url },
    { "status", exchange_status },
    { "header", exchange_header },
    { "headers", exchange_headers },
    { "answer", exchange_answer },
    { "body", exchange_body },
    { "clear", exchange_clear },
    { NULL, NULL }
};

static const luaL_Reg functions[] = {
    { "exchange", exchange_new },
    { NULL, NULL }
};

void dx_open_exchange(lua_State *L)
{
    dx_new_class(L, &class_key, DX_EXCHANGE, methods);
    lua_pop(L, 1);
    dx_setfuncs(L, functions);
}
