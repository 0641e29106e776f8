/*
 * Lua values as JSON without a shape: members that are newer than the model,
 * and operations outside it. Raw access only: no metamethod can raise or run
 * away. Every value takes at least a byte of the body, so the body's cap ends
 * tables that hold themselves many times over.
 */
#include "lua/marshal.h"
#include "base/json.h"

#include <string.h>

int dx_is_secret_name(const char *name, size_t len)
{
    int i;

    for (i = 0; i < dx_nsecret_names; i++)
        if (strlen(dx_secret_names[i]) == len && memcmp(dx_secret_names[i], name, len) == 0)
            return 1;
    return 0;
}

static void write_number(struct dx_marshal *m, int i, const struct dx_path *path)
{
    lua_Number value = lua_tonumber(m->L, i);

    if (lua_isinteger(m->L, i)) {
        dx_json_integer(&m->x->body, (int64_t)lua_tointeger(m->L, i));
    } else if (value - value != 0) {
        dx_problem(&m->problems, path, "expected a finite number");
    } else if (value >= -9007199254740992.0 && value <= 9007199254740992.0 && value == (lua_Number)(int64_t)value) {
        dx_json_integer(&m->x->body, (int64_t)value);
    } else {
        dx_json_number(&m->x->body, value);
    }
}

/* Whether the table may be entered: not one that is being walked, and not too deep. */
static int may_enter(struct dx_marshal *m, struct dx_path *path)
{
    const struct dx_path *above;
    int depth = 0;

    for (above = path->up; above != NULL; above = above->up) {
        if (above->table == path->table) {
            dx_problem(&m->problems, path, "a table that contains itself");
            return 0;
        }
        if (++depth >= DX_PARAMS_DEPTH_MAX) {
            dx_problem(&m->problems, path, "nested too deep");
            return 0;
        }
    }
    return 1;
}

static void write_list(struct dx_marshal *m, int t, int is_secret, struct dx_path *path)
{
    ptrdiff_t n = dx_marshal_length(m, t, NULL, path), i;

    dx_buf_addc(&m->x->body, '[');
    for (i = 1; i <= n && !m->x->body.failed; i++) {
        struct dx_path at = { path, NULL, 0, (size_t)i, NULL };

        if (i > 1)
            dx_buf_addc(&m->x->body, ',');
        lua_rawgeti(m->L, t, (int)i);
        dx_marshal_any(m, lua_gettop(m->L), is_secret, &at);
        lua_pop(m->L, 1);
    }
    dx_buf_addc(&m->x->body, ']');
}

static void write_object(struct dx_marshal *m, int t, int is_secret, struct dx_path *path)
{
    lua_State *L = m->L;
    size_t start;

    dx_buf_addc(&m->x->body, '{');
    start = m->x->body.len;
    lua_pushnil(L);
    while (lua_next(L, t)) {
        struct dx_path at = { path, NULL, 0, 0, NULL };

        if (lua_type(L, -2) != LUA_TSTRING) {
            dx_problem(&m->problems, path, path->up == NULL ? "expected members by name, got another key"
                                                            : "expected names or a sequence as keys, got a mix of them");
            lua_pop(L, 2);
            break;
        }
        at.name = lua_tolstring(L, -2, &at.len);
        if (dx_utf8_length(at.name, at.len) < 0) {
            dx_problem(&m->problems, &at, "the name is not valid UTF-8");
        } else {
            dx_marshal_name(m, start, at.name, at.len);
            dx_marshal_any(m, lua_gettop(L), is_secret || dx_is_secret_name(at.name, at.len), &at);
        }
        lua_pop(L, 1);
        if (m->x->body.failed) {
            lua_pop(L, 1);
            break;
        }
    }
    dx_buf_addc(&m->x->body, '}');
}

static void write_table(struct dx_marshal *m, int t, int is_secret, struct dx_path *path)
{
    int first;

    path->table = lua_topointer(m->L, t);
    if (!may_enter(m, path)) {
        dx_buf_addc(&m->x->body, '0');
        return;
    }
    dx_need_stack(m->L, 8);
    lua_pushnil(m->L);
    if (!lua_next(m->L, t)) {
        dx_buf_adds(&m->x->body, path->up == NULL ? "{}" : "[]");
        return;
    }
    first = lua_type(m->L, -2);
    lua_pop(m->L, 2);
    if (first == LUA_TSTRING || path->up == NULL)
        write_object(m, t, is_secret, path);
    else
        write_list(m, t, is_secret, path);
}

void dx_marshal_any(struct dx_marshal *m, int i, int is_secret, struct dx_path *path)
{
    switch (lua_type(m->L, i)) {
    case LUA_TTABLE:
        if (is_secret && m->problems.hidden == NULL) {
            m->problems.hidden = path;
            write_table(m, i, is_secret, path);
            m->problems.hidden = NULL;
        } else {
            write_table(m, i, is_secret, path);
        }
        break;
    case LUA_TNUMBER:
        write_number(m, i, path);
        break;
    case LUA_TBOOLEAN:
        dx_buf_adds(&m->x->body, lua_toboolean(m->L, i) ? "true" : "false");
        break;
    default: /* a string or a secret, or nothing that JSON knows */
        dx_marshal_string(m, i, is_secret, path);
    }
}
