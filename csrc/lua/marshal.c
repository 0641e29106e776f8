/*
 * Parameters checked and written as the request's body, in one walk by shape
 * that collects every problem. Tables are read raw. The exchange owns all
 * memory, so an error of Lua's may leave the walk anywhere.
 */
#include "lua/marshal.h"
#include "base/json.h"
#include "lua/model.h"
#include "base/nearest.h"

#include <string.h>

enum { MEMBERS_MAX = 64 };

static void write_value(struct dx_marshal *m, const struct dx_shape *shape, const struct dx_member *member, int i,
                        const struct dx_path *path);

/* ---- lists and maps */

static void write_list(struct dx_marshal *m, const struct dx_shape *shape, const struct dx_member *member, int t,
                       const struct dx_path *path)
{
    const struct dx_limit *limit = member != NULL && member->limit != NULL ? member->limit : shape->limit;
    int is_secret = member != NULL && (member->flags & DX_SECRET) != 0;
    struct dx_path at = { path, NULL, 0, 0, NULL };
    ptrdiff_t n, i;

    if (lua_type(m->L, t) != LUA_TTABLE) {
        dx_buf_adds(m->problems.text, "expected a list");
        dx_hint_items(m, shape->item);
        dx_problem_got(&m->problems, path, t, is_secret);
        return;
    }
    n = dx_marshal_length(m, t, shape->item, path);
    if (n < 0)
        return;
    if (limit != NULL && limit->nranges == 0 && limit->hex == 0)
        dx_check_length(m, limit, n, " items", path);
    dx_buf_addc(&m->x->body, '[');
    for (i = 1; i <= n && !m->x->body.failed; i++) {
        if (i > 1)
            dx_buf_addc(&m->x->body, ',');
        at.index = (size_t)i;
        lua_rawgeti(m->L, t, (int)i);
        write_value(m, shape->item, NULL, lua_gettop(m->L), &at);
        lua_pop(m->L, 1);
    }
    dx_buf_addc(&m->x->body, ']');
}

static void write_map(struct dx_marshal *m, const struct dx_shape *shape, int t, const struct dx_path *path)
{
    lua_State *L = m->L;
    size_t start;

    if (lua_type(L, t) != LUA_TTABLE) {
        dx_problem_expected(&m->problems, path, "a table", t, 0);
        return;
    }
    dx_need_stack(L, 8);
    dx_buf_addc(&m->x->body, '{');
    start = m->x->body.len;
    lua_pushnil(L);
    while (lua_next(L, t)) {
        struct dx_path at = { path, NULL, 0, 0, NULL };

        if (lua_type(L, -2) == LUA_TSTRING)
            at.name = lua_tolstring(L, -2, &at.len);
        if (at.name == NULL || dx_utf8_length(at.name, at.len) < 0) {
            dx_problem(&m->problems, path, "expected strings in valid UTF-8 as keys");
        } else {
            dx_marshal_name(m, start, at.name, at.len);
            write_value(m, shape->item, NULL, lua_gettop(L), &at);
        }
        lua_pop(L, 1);
    }
    dx_buf_addc(&m->x->body, '}');
}

/* ---- structures */

static int find_member(const struct dx_shape *shape, const char *name, size_t len)
{
    int i;

    for (i = 0; i < shape->nmembers; i++)
        if (shape->members[i].len == len && memcmp(shape->members[i].name, name, len) == 0)
            return i;
    return -1;
}

/* The known name nearest to a misspelt one, or NULL. */
static const char *nearest_member(const struct dx_shape *shape, const char *name, size_t len)
{
    struct dx_nearest search;
    int i;

    dx_nearest_begin(&search, name, len);
    for (i = 0; i < shape->nmembers; i++)
        dx_nearest_try(&search, shape->members[i].name, shape->members[i].len);
    return search.best;
}

/* The member whose name (index -2) the model does not know; its value is on top. */
static void report_unknown(struct dx_marshal *m, const struct dx_shape *shape, const struct dx_shape *outer,
                           const struct dx_path *path)
{
    struct dx_buf *text = m->problems.text;
    struct dx_path at = { path, NULL, 0, 0, NULL };
    const char *nearest = NULL;
    int64_t index;

    if (lua_type(m->L, -2) == LUA_TSTRING) {
        at.name = lua_tolstring(m->L, -2, &at.len);
        dx_buf_adds(text, "unknown member (");
        dx_problem_add_type(&m->problems, -1);
        dx_buf_adds(text, ")");
        if (!dx_hint_place(m, shape, outer, at.name, at.len, path))
            nearest = nearest_member(shape, at.name, at.len);
        if (nearest != NULL) {
            dx_buf_adds(text, ", did you mean ");
            dx_buf_adds(text, nearest);
            dx_buf_addc(text, '?');
        }
    } else if (dx_to_integer(m->L, -2, &index) && index > 0) {
        at.index = (size_t)index;
        dx_buf_adds(text, "expected members by name, got ");
        dx_problem_add_type(&m->problems, -1);
        dx_buf_adds(text, " without one");
    } else {
        dx_buf_adds(text, "expected members by name, got ");
        dx_problem_add_type(&m->problems, -2);
        dx_buf_adds(text, " as a key");
        dx_problem_text(&m->problems, path);
        return;
    }
    dx_problem_text(&m->problems, &at);
}

/* Writes the members that the model does not know, or reports them where they may not be sent. */
static void write_unknown(struct dx_marshal *m, const struct dx_shape *shape, const struct dx_shape *outer, int t,
                          size_t start, const struct dx_path *path)
{
    lua_State *L = m->L;
    int from = m->problems.count < DX_PROBLEMS_MAX ? m->problems.count : DX_PROBLEMS_MAX;

    dx_need_stack(L, 8);
    lua_pushnil(L);
    while (lua_next(L, t)) {
        struct dx_path at = { path, NULL, 0, 0, NULL };

        if (lua_type(L, -2) == LUA_TSTRING)
            at.name = lua_tolstring(L, -2, &at.len);
        if (at.name == NULL || find_member(shape, at.name, at.len) < 0) {
            if (!m->is_unmodeled || at.name == NULL || dx_utf8_length(at.name, at.len) < 0) {
                report_unknown(m, shape, outer, path);
            } else {
                dx_marshal_name(m, start, at.name, at.len);
                dx_marshal_any(m, lua_gettop(L), dx_is_secret_name(at.name, at.len), &at);
            }
        }
        lua_pop(L, 1);
    }
    dx_problems_sort(&m->problems, from);
}

/* Leaves the values of known members on the stack, their indices in slots. Returns how many others there are. */
static size_t collect(lua_State *L, const struct dx_shape *shape, int t, int *slots, uint64_t *present)
{
    size_t unknown = 0, len;
    const char *name;
    int i;

    lua_pushnil(L);
    while (lua_next(L, t)) {
        i = -1;
        if (lua_type(L, -2) == LUA_TSTRING) {
            name = lua_tolstring(L, -2, &len);
            i = find_member(shape, name, len);
        }
        if (i < 0) {
            unknown++;
            lua_pop(L, 1);
            continue;
        }
        lua_insert(L, -2); /* the key goes on top, for lua_next */
        slots[i] = lua_gettop(L) - 1;
        *present |= UINT64_C(1) << i;
    }
    return unknown;
}

static void write_structure(struct dx_marshal *m, const struct dx_shape *shape, int t, const struct dx_path *path)
{
    const struct dx_shape *outer = m->structure;
    int slots[MEMBERS_MAX];
    uint64_t present = 0;
    size_t unknown, start;
    int i, top = lua_gettop(m->L);

    if (lua_type(m->L, t) != LUA_TTABLE) {
        dx_buf_adds(m->problems.text, "expected a table");
        dx_hint_structure(m, shape);
        dx_problem_got(&m->problems, path, t, 0);
        return;
    }
    memset(slots, 0, shape->nmembers * sizeof *slots);
    dx_need_stack(m->L, shape->nmembers + 8);
    unknown = collect(m->L, shape, t, slots, &present);
    m->structure = shape;
    dx_buf_addc(&m->x->body, '{');
    start = m->x->body.len;
    for (i = 0; i < shape->nmembers; i++) {
        const struct dx_member *member = &shape->members[i];
        struct dx_path at = { path, member->name, member->len, 0, NULL };

        if (slots[i] != 0) {
            dx_marshal_name(m, start, member->name, member->len);
            write_value(m, member->shape, member, slots[i], &at);
        } else if ((member->flags & DX_TOKEN) && m->token != NULL) {
            dx_marshal_name(m, start, member->name, member->len);
            dx_json_string(&m->x->body, m->token, m->token_len);
        } else if (member->flags & DX_REQUIRED) {
            dx_problem(&m->problems, &at, "missing: required");
        }
    }
    dx_check_rules(m, shape, present, slots, m->is_unmodeled && unknown > 0, path);
    if (unknown > 0)
        write_unknown(m, shape, outer, t, start, path);
    dx_buf_addc(&m->x->body, '}');
    m->structure = outer;
    lua_settop(m->L, top);
}

/* The table at index t, by shape; only a shape that holds itself can go too deep. */
static void write_table(struct dx_marshal *m, const struct dx_shape *shape, const struct dx_member *member, int t,
                        const struct dx_path *path)
{
    if (m->depth == DX_PARAMS_DEPTH_MAX) {
        dx_problem(&m->problems, path, "nested too deep");
        return;
    }
    m->depth++;
    switch (shape->type) {
    case DX_STRUCTURE: write_structure(m, shape, t, path); break;
    case DX_LIST: write_list(m, shape, member, t, path); break;
    default: write_map(m, shape, t, path);
    }
    m->depth--;
}

static void write_value(struct dx_marshal *m, const struct dx_shape *shape, const struct dx_member *member, int i,
                        const struct dx_path *path)
{
    const struct dx_limit *limit = member != NULL && member->limit != NULL ? member->limit : shape->limit;
    int is_secret = member != NULL && (member->flags & DX_SECRET) != 0;

    m->member = member;
    switch (shape->type) {
    case DX_STRUCTURE:
    case DX_LIST:
    case DX_MAP: write_table(m, shape, member, i, path); break;
    default: dx_marshal_scalar(m, shape->type, limit, i, is_secret, path);
    }
}

/* ---- methods of the exchange */

/* Begins a request of the exchange at index 1; its problems are kept in the stack slot that it adds. */
static void begin(struct dx_marshal *m, lua_State *L)
{
    memset(m, 0, sizeof *m);
    m->L = L;
    m->x = dx_check_exchange(L, 1);
    dx_exchange_clear(m->x);
    lua_pushnil(L);
    dx_problems_init(&m->problems, L, lua_gettop(L), &m->x->scratch);
}

/* Ends it. Returns true, or nil and the problems. */
static int end(struct dx_marshal *m)
{
    lua_State *L = m->L;

    if (m->x->body.failed == DX_BUF_NOMEM || m->problems.text->failed) {
        dx_exchange_clear(m->x);
        return dx_no_memory(L);
    }
    if (m->x->body.failed == DX_BUF_FULL) {
        struct dx_path whole = { NULL, NULL, 0, 0, NULL };

        dx_problem(&m->problems, &whole, "more than a request can hold");
    }
    if (m->problems.count == 0) {
        memcpy(m->x->method, "POST", sizeof "POST");
        lua_pushboolean(L, 1);
        return 1;
    }
    dx_problems_finish(&m->problems);
    dx_exchange_clear(m->x);
    lua_pushnil(L);
    lua_pushvalue(L, m->problems.list);
    return 2;
}

/* No parameters are an empty table. */
static void or_empty(lua_State *L, int i)
{
    if (!lua_isnil(L, i))
        return;
    lua_newtable(L);
    lua_replace(L, i);
}

/*
 * ex:marshal(op, params, token, unmodeled) -> true | nil, problems
 * Checks the parameters of a modeled operation and makes them the body.
 */
static int exchange_marshal(lua_State *L)
{
    static const struct dx_shape nothing = { "", DX_STRUCTURE, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0 };
    struct dx_path whole = { NULL, NULL, 0, 0, NULL };
    const struct dx_operation *op = dx_check_operation(L, 2);
    struct dx_marshal m;

    lua_settop(L, 5);
    begin(&m, L);
    m.token = lua_tolstring(L, 4, &m.token_len);
    m.is_unmodeled = lua_toboolean(L, 5);
    m.x->target = op->target;
    or_empty(L, 3);
    write_structure(&m, op->input != NULL ? op->input : &nothing, 3, &whole);
    return end(&m);
}

static int is_operation_name(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        char c = name[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9' && i > 0)))
            return 0;
    }
    return len > 0;
}

/*
 * ex:marshal_any(name, params) -> true | nil, problems
 * The same for an operation that the model does not know.
 */
static int exchange_marshal_any(lua_State *L)
{
    struct dx_path whole = { NULL, NULL, 0, 0, NULL };
    size_t len, prefix = strlen(dx_target_prefix);
    const char *name = luaL_checklstring(L, 2, &len);
    struct dx_marshal m;

    lua_settop(L, 3);
    begin(&m, L);
    if (!is_operation_name(name, len) || prefix + len >= sizeof m.x->target_text) {
        dx_problem(&m.problems, &whole, "an operation's name has letters and digits only");
        return end(&m);
    }
    memcpy(m.x->target_text, dx_target_prefix, prefix);
    memcpy(m.x->target_text + prefix, name, len + 1);
    m.x->target = m.x->target_text;
    or_empty(L, 3);
    if (lua_istable(L, 3))
        dx_marshal_any(&m, 3, 0, &whole);
    else
        dx_problem_expected(&m.problems, &whole, "a table", 3, 1);
    return end(&m);
}

static const luaL_Reg methods[] = {
    { "marshal", exchange_marshal },
    { "marshal_any", exchange_marshal_any },
    { NULL, NULL }
};

void dx_open_marshal(lua_State *L)
{
    luaL_getmetatable(L, DX_EXCHANGE);
    dx_setfuncs(L, methods);
    lua_pop(L, 1);
}
