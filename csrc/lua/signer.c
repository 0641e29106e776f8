/* Signing, for Lua: of calls (ex:sign) and of any request (core.sign and its stages). */
#include "lua/core.h"
#include "sign/sigv4.h"
#include "sign/endpoint.h"

#include <limits.h>
#include <string.h>

#define SIGNER "dxconnect.signer"
#define ENDPOINT "dxconnect.endpoint"
#define WORK "dxconnect.signing"

static char signer_key, endpoint_key, work_key;

static const char NO_MEMORY[] = "not enough memory";

static int fail(lua_State *L, const char *problem)
{
    lua_pushnil(L);
    lua_pushstring(L, problem);
    return 2;
}

/* ---- signers */

/* The text at stack index i, a string or a secret; empty where there is neither. */
static struct dx_text text_at(lua_State *L, int i)
{
    struct dx_text t = { "", 0 };
    struct dx_secret *secret = dx_test_secret(L, i);

    if (lua_type(L, i) == LUA_TSTRING) {
        t.data = lua_tolstring(L, i, &t.len);
    } else if (secret != NULL && dx_secret_data(secret) != NULL) {
        t.data = dx_secret_data(secret);
        t.len = dx_secret_len(secret);
    }
    return t;
}

/* core.signer(access_key_id, secret_access_key, session_token | nil, region, service) -> signer | nil, message */
static int signer_new(lua_State *L)
{
    struct dx_signer_credentials credentials;
    struct dx_signer *s;
    const char *problem;

    lua_settop(L, 5);
    s = dx_new_object(L, &signer_key, sizeof *s);
    credentials.key_id = text_at(L, 1);
    credentials.secret = text_at(L, 2);
    credentials.token = text_at(L, 3);
    credentials.region = text_at(L, 4);
    credentials.service = text_at(L, 5);
    problem = dx_signer_init(s, &credentials);
    return problem == NULL ? 1 : fail(L, problem);
}

static int signer_close(lua_State *L)
{
    dx_signer_free(dx_check_object(L, 1, &signer_key, SIGNER));
    return 0;
}

static const luaL_Reg signer_methods[] = {
    { "close", signer_close },
    { "__gc", signer_close },
    { NULL, NULL }
};

/* ---- endpoints */

/* core.endpoint(url, user_agent) -> endpoint | nil, message */
static int endpoint_new(lua_State *L)
{
    size_t url_len, ua_len;
    const char *url = luaL_checklstring(L, 1, &url_len);
    const char *ua = luaL_checklstring(L, 2, &ua_len);
    struct dx_endpoint *e = dx_new_object(L, &endpoint_key, sizeof *e);
    const char *problem = dx_endpoint_init(e, url, url_len, ua, ua_len);

    return problem == NULL ? 1 : fail(L, problem);
}

static int endpoint_gc(lua_State *L)
{
    dx_endpoint_free(dx_check_object(L, 1, &endpoint_key, ENDPOINT));
    return 0;
}

static const luaL_Reg endpoint_methods[] = {
    { "__gc", endpoint_gc },
    { NULL, NULL }
};

/* ---- what signing needs besides: memory that is collected */

struct work {
    struct dx_headers headers;
    struct dx_buf lines;   /* of the extra headers of a call */
    struct dx_buf text, scratch, value;
    struct dx_signer *s;
    struct dx_sigv4_request r;
    struct dx_url url;
};

static struct work *work_new(lua_State *L)
{
    struct work *w = dx_new_object(L, &work_key, sizeof *w);
    size_t max = (size_t)1 << 26;

    dx_headers_init(&w->headers);
    dx_buf_init(&w->lines, DX_HEAD_MAX);
    dx_buf_init(&w->text, max);
    dx_buf_init(&w->scratch, max);
    dx_buf_init(&w->value, max);
    return w;
}

static int work_gc(lua_State *L)
{
    struct work *w = dx_check_object(L, 1, &work_key, WORK);

    dx_headers_free(&w->headers);
    dx_buf_free(&w->lines);
    dx_buf_free(&w->text);
    dx_buf_free(&w->scratch);
    dx_buf_free(&w->value);
    return 0;
}

static const luaL_Reg work_methods[] = {
    { "__gc", work_gc },
    { NULL, NULL }
};

/* ---- calls */

/* An extra header of a call: its line, and its header unless it is one that stays out of signatures. */
static const char *take_extra(void *context, const char *name, size_t name_len, const char *value, size_t len)
{
    struct work *w = context;
    struct dx_buf *lines = &w->lines;
    size_t i;

    if (dx_endpoint_owns(name, name_len))
        return "it can't be replaced";
    if (dx_buf_reserve(lines, name_len + len + 3) != 0)
        return "the headers are too large, or memory is short";
    for (i = 0; i < name_len; i++)
        lines->data[lines->len++] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
    dx_buf_add(lines, ": ", 2);
    dx_buf_add(lines, value, len);
    dx_buf_addc(lines, '\0');
    if (!dx_is_unsigned(name, name_len) && dx_headers_add(&w->headers, name, name_len, value, len) != 0)
        return NO_MEMORY;
    return NULL;
}

/* The invocation's id at stack index i; where there is none the exchange has one of its own, for all of its attempts. */
static void invocation_id(lua_State *L, int i, struct dx_exchange *x, struct dx_attempt *a)
{
    int status = 0;

    if (!lua_isnoneornil(L, i)) {
        a->invocation_id = luaL_checklstring(L, i, &a->invocation_id_len);
        return;
    }
    if (x->invocation_id[0] == '\0')
        status = dx_quick_uuid(x->invocation_id);
    if (status != 0)
        luaL_error(L, "the system gives no random bytes: %s", strerror(status));
    a->invocation_id = x->invocation_id;
    a->invocation_id_len = DX_UUID_SIZE;
}

/* A number of attempts; what is beyond an int is the largest. */
static int check_count(lua_State *L, int i)
{
    lua_Number n = luaL_checknumber(L, i);

    return !(n > 0) ? 0 : n < INT_MAX ? (int)n : INT_MAX;
}

/*
 * ex:sign(endpoint, signer | nil, epoch, invocation_id | nil, attempt, max_attempts, extra_headers | nil)
 * -> true | nil, message
 */
static int exchange_sign(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);
    struct dx_endpoint *e = dx_check_object(L, 2, &endpoint_key, ENDPOINT);
    struct dx_signer *s = NULL;
    struct dx_attempt a;
    struct work *w = NULL;
    const char *problem;

    if (e->url.data == NULL)
        return fail(L, "the endpoint is closed");
    if (!lua_isnoneornil(L, 3)) {
        s = dx_check_object(L, 3, &signer_key, SIGNER);
        if (!dx_signer_is_open(s))
            return fail(L, "the signer is closed");
    }
    a.epoch = luaL_checknumber(L, 4);
    invocation_id(L, 5, x, &a);
    a.number = check_count(L, 6);
    a.max = check_count(L, 7);
    if (lua_istable(L, 8)) {
        w = work_new(L);
        if (dx_walk_headers(L, 8, 0, take_extra, w) != 0) {
            lua_pushnil(L);
            lua_insert(L, -2);
            return 2;
        }
    }
    problem = dx_endpoint_sign(x, e, s, &a, w != NULL ? &w->headers : NULL, w != NULL ? &w->lines : NULL);
    if (problem != NULL)
        return fail(L, problem);
    lua_pushboolean(L, 1);
    return 1;
}

static const luaL_Reg exchange_methods[] = {
    { "sign", exchange_sign },
    { NULL, NULL }
};

/* ---- any request */

/* Headers that signing sets itself: given ones are dropped. */
static int is_replaced(const struct work *w, const char *name, size_t len)
{
    return dx_same_name(name, len, "authorization") || dx_same_name(name, len, "x-amz-date") ||
           (w->s->token.len > 0 && dx_same_name(name, len, "x-amz-security-token"));
}

static const char *take_given(void *context, const char *name, size_t name_len, const char *value, size_t len)
{
    struct work *w = context;

    if (dx_is_unsigned(name, name_len) || is_replaced(w, name, name_len))
        return NULL;
    return dx_headers_add(&w->headers, name, name_len, value, len) == 0 ? NULL : NO_MEMORY;
}

/* The string in a field of the table at 1, which keeps it alive; empty where there is none. */
static struct dx_text field_text(lua_State *L, const char *name)
{
    struct dx_text t;

    lua_pushstring(L, name);
    lua_rawget(L, 1);
    t = text_at(L, -1);
    lua_pop(L, 1);
    return t;
}

static void make_signer(lua_State *L, struct work *w, const char **problem)
{
    struct dx_signer_credentials credentials;

    w->s = dx_new_object(L, &signer_key, sizeof *w->s);
    credentials.key_id = field_text(L, "access_key_id");
    credentials.secret = field_text(L, "secret_access_key");
    credentials.token = field_text(L, "session_token");
    credentials.region = field_text(L, "region");
    credentials.service = field_text(L, "service");
    *problem = dx_signer_init(w->s, &credentials);
}

/*
 * Reads the table at stack index 1: {method, url, headers, body, access_key_id, secret_access_key, session_token,
 * region, service, epoch}. Pushes the work and its signer, and leaves the headers' table, or nil, on top.
 * Returns NULL after pushing a message.
 */
static struct work *read_request(lua_State *L)
{
    struct work *w;
    struct dx_text method, url, body;
    const char *problem;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    w = work_new(L);
    make_signer(L, w, &problem);
    method = field_text(L, "method");
    url = field_text(L, "url");
    body = field_text(L, "body");
    lua_pushliteral(L, "epoch");
    lua_rawget(L, 1);
    if (problem == NULL && !dx_is_token(method.data, method.len))
        problem = "method: expected the name of an HTTP method";
    if (problem == NULL && (lua_type(L, -1) != LUA_TNUMBER || dx_date(lua_tonumber(L, -1), w->r.date) != 0))
        problem = "the clock is outside of the years 1970 to 9999";
    lua_pop(L, 1);
    if (problem == NULL) {
        problem = dx_url_parse(&w->url, url.data, url.len);
        if (problem != NULL)
            problem = lua_pushfstring(L, "url: %s", problem);
    }
    lua_pushliteral(L, "headers");
    lua_rawget(L, 1);
    if (problem == NULL && !lua_isnil(L, -1) && !lua_istable(L, -1))
        problem = "headers: expected a table of names and values";
    if (problem == NULL && lua_istable(L, -1) && dx_walk_headers(L, lua_gettop(L), 1, take_given, w) != 0)
        return NULL;
    w->r.method = method.data;
    w->r.method_len = method.len;
    w->r.url = &w->url;
    w->r.headers = &w->headers;
    w->r.body = body.data;
    w->r.body_len = body.len;
    if (problem == NULL && dx_sigv4_add_headers(w->s, &w->r, &w->scratch) != 0)
        problem = NO_MEMORY;
    if (problem == NULL)
        return w;
    lua_pushstring(L, problem);
    return NULL;
}

/* Of a message on top of the stack. */
static int fail_with_top(lua_State *L)
{
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
}

static int push_text(lua_State *L, int status, const struct dx_buf *b)
{
    if (status != 0)
        return fail(L, NO_MEMORY);
    lua_pushlstring(L, b->data, b->len);
    return 1;
}

/* core.canonical_request(request) -> string | nil, message */
static int canonical_request(lua_State *L)
{
    struct work *w = read_request(L);

    if (w == NULL)
        return fail_with_top(L);
    return push_text(L, dx_sigv4_canonical_request(w->s, &w->r, &w->text, &w->scratch), &w->text);
}

static int add_string_to_sign(struct work *w)
{
    if (dx_sigv4_canonical_request(w->s, &w->r, &w->text, &w->scratch) != 0)
        return -1;
    return dx_sigv4_string_to_sign(w->s, w->r.date, w->text.data, w->text.len, &w->value);
}

/* core.string_to_sign(request) -> string | nil, message */
static int string_to_sign(lua_State *L)
{
    struct work *w = read_request(L);

    if (w == NULL)
        return fail_with_top(L);
    return push_text(L, add_string_to_sign(w), &w->value);
}

/* core.signature(request) -> hex | nil, message */
static int signature(lua_State *L)
{
    struct work *w = read_request(L);
    char hex[DX_SIGNATURE_SIZE];

    if (w == NULL)
        return fail_with_top(L);
    if (add_string_to_sign(w) != 0 || dx_sigv4_signature(w->s, w->value.data, w->value.len, hex) != 0)
        return fail(L, NO_MEMORY);
    lua_pushlstring(L, hex, sizeof hex);
    return 1;
}

/* Copies the given headers at `from`, except those that signing sets, into the table on top of the stack. */
static void copy_headers(lua_State *L, const struct work *w, int from)
{
    int to = lua_gettop(L);
    const char *name;
    size_t len;

    for (lua_pushnil(L); lua_next(L, from) != 0; lua_pop(L, 1)) {
        name = lua_tolstring(L, -2, &len);
        if (is_replaced(w, name, len))
            continue;
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, to);
    }
}

static int has_header(lua_State *L, int headers, const char *lower_name)
{
    const char *name;
    size_t len;

    for (lua_pushnil(L); lua_next(L, headers) != 0; lua_pop(L, 1)) {
        name = lua_tolstring(L, -2, &len);
        if (dx_same_name(name, len, lower_name)) {
            lua_pop(L, 2);
            return 1;
        }
    }
    return 0;
}

/* Sets a header to what was signed under its name, unless it was given. */
static void set_signed(lua_State *L, const struct work *w, int given, const char *name)
{
    const struct dx_header *f = dx_headers_find(&w->headers, name);

    if (f == NULL || (given != 0 && has_header(L, given, name)))
        return;
    lua_pushlstring(L, w->headers.text.data + f->value, f->value_len);
    lua_setfield(L, -2, name);
}

/* core.sign(request) -> headers, given and added ones | nil, message */
static int sign(lua_State *L)
{
    struct work *w = read_request(L);
    int given;

    if (w == NULL)
        return fail_with_top(L);
    given = lua_istable(L, -1) ? lua_gettop(L) : 0;
    if (dx_sigv4_sign(w->s, &w->r, &w->value, &w->text, &w->scratch) != 0)
        return fail(L, NO_MEMORY);
    lua_createtable(L, 0, 8);
    if (given != 0)
        copy_headers(L, w, given);
    set_signed(L, w, given, "host");
    set_signed(L, w, given, "x-amz-content-sha256");
    set_signed(L, w, 0, "x-amz-date");
    if (w->s->token.len > 0)
        set_signed(L, w, 0, "x-amz-security-token");
    lua_pushlstring(L, w->value.data, w->value.len);
    lua_setfield(L, -2, "authorization");
    return 1;
}

static const luaL_Reg functions[] = {
    { "signer", signer_new },
    { "endpoint", endpoint_new },
    { "sign", sign },
    { "canonical_request", canonical_request },
    { "string_to_sign", string_to_sign },
    { "signature", signature },
    { NULL, NULL }
};

void dx_open_sigv4(lua_State *L)
{
    dx_new_class(L, &signer_key, SIGNER, signer_methods);
    lua_pop(L, 1);
    dx_new_class(L, &endpoint_key, ENDPOINT, endpoint_methods);
    lua_pop(L, 1);
    dx_new_class(L, &work_key, WORK, work_methods);
    lua_pop(L, 1);
    luaL_getmetatable(L, DX_EXCHANGE);
    dx_setfuncs(L, exchange_methods);
    lua_pop(L, 1);
    dx_setfuncs(L, functions);
}
