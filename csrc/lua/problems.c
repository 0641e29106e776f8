/* Collecting problems: see problems.h. */
#include "lua/problems.h"
#include "base/json.h"

#include <string.h>

enum { NAME_MAX_SHOWN = 64, STRING_MAX_SHOWN = 48 };

void dx_problems_init(struct dx_problems *p, lua_State *L, int list, struct dx_buf *text)
{
    p->L = L;
    p->list = list;
    p->count = 0;
    p->rule = NULL;
    p->hidden = NULL;
    p->text = text;
    dx_buf_reset(text);
}

/* Text of others: control characters and broken UTF-8 as \xNN, cut after `max` characters. */
static void add_shown(struct dx_buf *out, const char *text, size_t len, int max)
{
    static const char digits[] = "0123456789abcdef";
    const char *end = text + len;

    for (; text < end && max > 0; max--) {
        size_t step = dx_utf8_step(text, end);
        unsigned char c = (unsigned char)*text;

        if (step == 0 || c < 0x20 || c == 0x7F || (step == 2 && c == 0xC2 && (unsigned char)text[1] < 0xA0)) {
            char escape[4] = { '\\', 'x', digits[c >> 4], digits[c & 15] };

            dx_buf_add(out, escape, sizeof escape);
            step = 1;
        } else {
            dx_buf_add(out, text, step);
        }
        text += step;
    }
    if (text < end)
        dx_buf_adds(out, "...");
}

static void add_path(struct dx_buf *out, const struct dx_path *path)
{
    if (path == NULL || path->up == NULL)
        return;
    add_path(out, path->up);
    if (path->name == NULL) {
        dx_buf_addc(out, '[');
        dx_json_integer(out, (int64_t)path->index);
        dx_buf_addc(out, ']');
        return;
    }
    if (out->len > 0)
        dx_buf_addc(out, '.');
    add_shown(out, path->name, path->len, NAME_MAX_SHOWN);
}

static void push_text(struct dx_problems *p)
{
    lua_pushlstring(p->L, p->text->len > 0 ? p->text->data : "", p->text->len);
    dx_buf_reset(p->text);
}

void dx_problem_text(struct dx_problems *p, const struct dx_path *path)
{
    lua_State *L = p->L;

    if (++p->count > DX_PROBLEMS_MAX) {
        dx_buf_reset(p->text);
        return;
    }
    dx_need_stack(L, 4);
    if (p->count == 1) {
        lua_newtable(L);
        lua_replace(L, p->list);
    }
    lua_createtable(L, 0, 2);
    push_text(p);
    lua_setfield(L, -2, "message");
    add_path(p->text, p->hidden != NULL ? p->hidden : path);
    push_text(p);
    lua_setfield(L, -2, "path");
    if (p->rule != NULL) {
        lua_pushstring(L, p->rule);
        lua_setfield(L, -2, "rule");
    }
    lua_rawseti(L, p->list, p->count);
}

void dx_problem(struct dx_problems *p, const struct dx_path *path, const char *message)
{
    dx_buf_adds(p->text, message);
    dx_problem_text(p, path);
}

void dx_problem_add_type(struct dx_problems *p, int i)
{
    dx_buf_adds(p->text, "a ");
    dx_buf_adds(p->text, dx_test_secret(p->L, i) != NULL ? "secret" : luaL_typename(p->L, i));
}

static void add_number(struct dx_problems *p, int i)
{
    lua_Number value = lua_tonumber(p->L, i);

    if (lua_isinteger(p->L, i))
        dx_json_integer(p->text, (int64_t)lua_tointeger(p->L, i));
    else if (value != value)
        dx_buf_adds(p->text, "nan");
    else if (value - value != 0)
        dx_buf_adds(p->text, value > 0 ? "infinity" : "-infinity");
    else
        dx_json_number(p->text, value);
}

static void add_value(struct dx_problems *p, int i)
{
    const char *text;
    size_t len;

    switch (lua_type(p->L, i)) {
    case LUA_TNUMBER:
        add_number(p, i);
        break;
    case LUA_TBOOLEAN:
        dx_buf_adds(p->text, lua_toboolean(p->L, i) ? "true" : "false");
        break;
    case LUA_TSTRING:
        text = lua_tolstring(p->L, i, &len);
        dx_buf_addc(p->text, '"');
        add_shown(p->text, text, len, STRING_MAX_SHOWN);
        dx_buf_addc(p->text, '"');
        break;
    default:
        dx_problem_add_type(p, i);
    }
}

void dx_problem_expected(struct dx_problems *p, const struct dx_path *path, const char *what, int i, int is_hidden)
{
    dx_buf_adds(p->text, "expected ");
    dx_buf_adds(p->text, what);
    dx_problem_got(p, path, i, is_hidden);
}

void dx_problem_got(struct dx_problems *p, const struct dx_path *path, int i, int is_hidden)
{
    dx_buf_adds(p->text, ", got ");
    if (is_hidden)
        dx_problem_add_type(p, i);
    else
        add_value(p, i);
    dx_problem_text(p, path);
}

/* Whether the path of the problem at index -2 comes after that of the one on top. */
static int is_after(lua_State *L)
{
    size_t n1, n2;
    const char *a, *b;
    int order;

    lua_getfield(L, -2, "path");
    lua_getfield(L, -2, "path");
    a = lua_tolstring(L, -2, &n1);
    b = lua_tolstring(L, -1, &n2);
    order = memcmp(a, b, n1 < n2 ? n1 : n2);
    lua_pop(L, 2);
    return order > 0 || (order == 0 && n1 > n2);
}

void dx_problems_sort(struct dx_problems *p, int from)
{
    lua_State *L = p->L;
    int last = p->count < DX_PROBLEMS_MAX ? p->count : DX_PROBLEMS_MAX;
    int i, at;

    for (i = from + 2; i <= last; i++) {
        for (at = i; at > from + 1; at--) {
            lua_rawgeti(L, p->list, at - 1);
            lua_rawgeti(L, p->list, at);
            if (!is_after(L)) {
                lua_pop(L, 2);
                break;
            }
            lua_rawseti(L, p->list, at - 1);
            lua_rawseti(L, p->list, at);
        }
    }
}

void dx_problems_finish(struct dx_problems *p)
{
    int more = p->count - DX_PROBLEMS_MAX;

    if (more <= 0)
        return;
    dx_buf_adds(p->text, "and ");
    dx_json_integer(p->text, more);
    dx_buf_adds(p->text, more == 1 ? " more problem" : " more problems");
    lua_createtable(p->L, 0, 2);
    push_text(p);
    lua_setfield(p->L, -2, "message");
    lua_pushliteral(p->L, "");
    lua_setfield(p->L, -2, "path");
    lua_rawseti(p->L, p->list, DX_PROBLEMS_MAX + 1);
}
