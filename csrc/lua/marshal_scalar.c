/* Strings, numbers and booleans of the parameters, checked and written: see marshal.h. */
#include "lua/marshal.h"
#include "base/base64.h"
#include "base/json.h"

#include <string.h>

/* ---- strings */

static void note_secret(struct dx_exchange *x, size_t at)
{
    x->secret = 1;
    if (x->body.len < at + 2)
        return;
    if (x->nsecrets == DX_SECRETS_MAX) {
        x->has_more_secrets = 1;
        return;
    }
    x->secrets[x->nsecrets].at = at + 1;
    x->secrets[x->nsecrets].len = x->body.len - at - 2;
    x->nsecrets++;
}

/* The bytes of the string or secret at index i; NULL, with a problem, where it is neither or closed. */
static const char *check_string(struct dx_marshal *m, int i, size_t *len, int *is_secret, const struct dx_path *path)
{
    const struct dx_secret *secret;
    const char *text;

    if (lua_type(m->L, i) == LUA_TSTRING)
        return lua_tolstring(m->L, i, len);
    secret = dx_test_secret(m->L, i);
    if (secret == NULL) {
        dx_problem_expected(&m->problems, path, "a string", i, *is_secret);
        return NULL;
    }
    *is_secret = 1;
    text = dx_secret_data(secret);
    if (text == NULL)
        dx_problem(&m->problems, path, "the secret is closed: its value is gone");
    *len = dx_secret_len(secret);
    return text;
}

static void write_text(struct dx_marshal *m, const char *text, size_t len, int is_secret)
{
    size_t at = m->x->body.len;

    m->x->secret |= is_secret;
    dx_json_string(&m->x->body, text, len);
    if (is_secret)
        note_secret(m->x, at);
}

void dx_marshal_string(struct dx_marshal *m, int i, int is_secret, const struct dx_path *path)
{
    size_t len;
    int type = lua_type(m->L, i);
    const char *text;

    if (type != LUA_TSTRING && dx_test_secret(m->L, i) == NULL) {
        dx_buf_adds(&m->x->body, "0");
        dx_problem_expected(&m->problems, path, "a string, a number, a boolean or a table", i, 1);
        return;
    }
    text = check_string(m, i, &len, &is_secret, path);
    if (text == NULL)
        return;
    if (dx_utf8_length(text, len) < 0)
        dx_problem(&m->problems, path, "expected valid UTF-8");
    else
        write_text(m, text, len, is_secret);
}

static void add_bounds(struct dx_buf *text, int64_t min, int64_t max)
{
    if (min == max) {
        dx_json_integer(text, min);
    } else if (max == INT64_MAX) {
        dx_buf_adds(text, "at least ");
        dx_json_integer(text, min);
    } else if (min <= -INT64_MAX) {
        dx_buf_adds(text, "at most ");
        dx_json_integer(text, max);
    } else {
        dx_json_integer(text, min);
        dx_buf_adds(text, " to ");
        dx_json_integer(text, max);
    }
}

void dx_check_length(struct dx_marshal *m, const struct dx_limit *limit, int64_t n, const char *what,
                     const struct dx_path *path)
{
    struct dx_buf *text = m->problems.text;
    int64_t max = limit->max < 0 ? INT64_MAX : limit->max;

    if (n >= limit->min && n <= max)
        return;
    dx_buf_adds(text, limit->min == max ? "expected exactly " : "expected ");
    add_bounds(text, limit->min, max);
    dx_buf_adds(text, what);
    if ((limit->min == max || max == INT64_MAX) && limit->min == 1)
        text->len--; /* "1 item" */
    dx_buf_adds(text, ", got ");
    dx_json_integer(text, n);
    dx_problem_text(&m->problems, path);
}

static void check_hex(struct dx_marshal *m, const struct dx_limit *limit, const char *s, size_t len, ptrdiff_t n,
                      const struct dx_path *path)
{
    struct dx_buf *text = m->problems.text;
    size_t good = 0;

    while (good < len && s[good] != '\0' && strchr("0123456789abcdefABCDEF", s[good]) != NULL)
        good++;
    if (n == limit->hex && good == len)
        return;
    dx_buf_adds(text, "expected exactly ");
    dx_json_integer(text, limit->hex);
    dx_buf_adds(text, " hexadecimal digits, got ");
    if (n != limit->hex) {
        dx_json_integer(text, n);
        dx_buf_adds(text, n == 1 ? " character" : " characters");
    } else {
        dx_buf_adds(text, "another character among them");
    }
    dx_problem_text(&m->problems, path);
}

static void write_string(struct dx_marshal *m, const struct dx_limit *limit, int i, int is_secret,
                         const struct dx_path *path)
{
    size_t len;
    ptrdiff_t n;
    const char *text = check_string(m, i, &len, &is_secret, path);

    if (text == NULL)
        return;
    n = dx_utf8_length(text, len);
    if (n < 0) {
        dx_problem(&m->problems, path, "expected a string in valid UTF-8");
        return;
    }
    if (limit != NULL && limit->hex > 0)
        check_hex(m, limit, text, len, n, path);
    else if (limit != NULL && limit->nranges == 0)
        dx_check_length(m, limit, n, " characters", path);
    if (!is_secret)
        dx_check_arn(m, text, len, path);
    write_text(m, text, len, is_secret);
}

static void write_blob(struct dx_marshal *m, int i, int is_secret, const struct dx_path *path)
{
    size_t len, at = m->x->body.len;
    const char *bytes = check_string(m, i, &len, &is_secret, path);

    if (bytes == NULL)
        return;
    m->x->secret |= is_secret;
    dx_buf_addc(&m->x->body, '"');
    dx_base64(&m->x->body, bytes, len);
    dx_buf_addc(&m->x->body, '"');
    if (is_secret)
        note_secret(m->x, at);
}

/* ---- numbers */

int dx_to_integer(lua_State *L, int i, int64_t *value)
{
    lua_Number n;

    if (lua_type(L, i) != LUA_TNUMBER)
        return 0;
    if (lua_isinteger(L, i)) {
        *value = (int64_t)lua_tointeger(L, i);
        return 1;
    }
    n = lua_tonumber(L, i);
    if (!(n >= -9223372036854775808.0 && n < 9223372036854775808.0))
        return 0;
    *value = (int64_t)n;
    return (lua_Number)*value == n;
}

static void check_ranges(struct dx_marshal *m, const struct dx_limit *limit, int64_t value, int is_hidden,
                         const struct dx_path *path)
{
    struct dx_buf *text = m->problems.text;
    int i;

    for (i = 0; i < limit->nranges; i++)
        if (value >= limit->ranges[i].min && value <= limit->ranges[i].max)
            return;
    dx_buf_adds(text, "expected ");
    for (i = 0; i < limit->nranges; i++) {
        if (i > 0)
            dx_buf_adds(text, " or ");
        add_bounds(text, limit->ranges[i].min, limit->ranges[i].max);
    }
    if (!is_hidden) {
        dx_buf_adds(text, ", got ");
        dx_json_integer(text, value);
        dx_hint_other_member(m, value);
    }
    dx_problem_text(&m->problems, path);
}

static void write_integer(struct dx_marshal *m, const struct dx_limit *limit, int i, int is_secret,
                          const struct dx_path *path)
{
    int64_t value;

    if (!dx_to_integer(m->L, i, &value)) {
        dx_problem_expected(&m->problems, path, "an integer", i, is_secret);
        return;
    }
    if (limit != NULL && limit->nranges > 0)
        check_ranges(m, limit, value, is_secret, path);
    dx_json_integer(&m->x->body, value);
}

/* Any finite number; `what` it should be, for the message. */
static void write_number(struct dx_marshal *m, const char *what, int i, int is_secret, const struct dx_path *path)
{
    int64_t value;
    lua_Number n;

    if (dx_to_integer(m->L, i, &value)) {
        dx_json_integer(&m->x->body, value);
        return;
    }
    n = lua_type(m->L, i) == LUA_TNUMBER ? lua_tonumber(m->L, i) : 0;
    if (lua_type(m->L, i) == LUA_TNUMBER && n - n == 0)
        dx_json_number(&m->x->body, n);
    else
        dx_problem_expected(&m->problems, path, what, i, is_secret);
}

static void write_boolean(struct dx_marshal *m, int i, int is_secret, const struct dx_path *path)
{
    if (lua_type(m->L, i) == LUA_TBOOLEAN)
        dx_buf_adds(&m->x->body, lua_toboolean(m->L, i) ? "true" : "false");
    else
        dx_problem_expected(&m->problems, path, "a boolean", i, is_secret);
}

void dx_marshal_scalar(struct dx_marshal *m, enum dx_type type, const struct dx_limit *limit, int i, int is_secret,
                       const struct dx_path *path)
{
    switch (type) {
    case DX_INTEGER:
    case DX_LONG: write_integer(m, limit, i, is_secret, path); break;
    case DX_BOOLEAN: write_boolean(m, i, is_secret, path); break;
    case DX_TIMESTAMP: write_number(m, "a time in Unix seconds", i, is_secret, path); break;
    case DX_NUMBER: write_number(m, "a number", i, is_secret, path); break;
    case DX_BLOB: write_blob(m, i, is_secret, path); break;
    default: write_string(m, limit, i, is_secret, path);
    }
}

/* ---- what lists, maps and structures share */

ptrdiff_t dx_marshal_length(struct dx_marshal *m, int t, const struct dx_shape *item, const struct dx_path *path)
{
    lua_State *L = m->L;
    ptrdiff_t count = 0, max = 0;
    lua_Number key;

    lua_pushnil(L);
    while (lua_next(L, t)) {
        lua_pop(L, 1);
        key = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : 0;
        if (!(key >= 1 && key <= INT32_MAX && key == (lua_Number)(int32_t)key)) {
            lua_pop(L, 1);
            dx_buf_adds(m->problems.text, "expected a list");
            dx_hint_items(m, item);
            dx_buf_adds(m->problems.text, ", got a table with other keys than 1, 2, 3, ...");
            dx_problem_text(&m->problems, path);
            return -1;
        }
        if (key > (lua_Number)max)
            max = (ptrdiff_t)key;
        count++;
    }
    if (count == max)
        return count;
    dx_problem(&m->problems, path, "expected a list, got one with holes");
    return -1;
}

void dx_marshal_name(struct dx_marshal *m, size_t start, const char *name, size_t len)
{
    struct dx_buf *body = &m->x->body;

    if (body->len > start)
        dx_buf_addc(body, ',');
    dx_json_string(body, name, len);
    dx_buf_addc(body, ':');
}
