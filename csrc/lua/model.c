/*
 * The model as Lua sees it: the operations as a short list, everything as one
 * table, and the nearest name to a misspelt one.
 */
#include "lua/model.h"
#include "base/nearest.h"

#include <string.h>

static const char *const type_names[] = {
    "structure", "list", "string", "integer", "long", "boolean", "timestamp", "blob", "number", "map"
};

static const char *const retry_names[] = { "read", "repeatable", "token", "once" };

const struct dx_operation *dx_check_operation(lua_State *L, int i)
{
    lua_Integer id = luaL_checkinteger(L, i);

    luaL_argcheck(L, id >= 1 && id <= dx_noperations, i, "no operation has this id");
    return &dx_operations[id - 1];
}

static void set_string(lua_State *L, const char *key, const char *value)
{
    if (value == NULL)
        return;
    lua_pushstring(L, value);
    lua_setfield(L, -2, key);
}

static void set_true(lua_State *L, const char *key)
{
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, key);
}

static void set_integer(lua_State *L, const char *key, int64_t value)
{
    lua_pushinteger(L, (lua_Integer)value);
    lua_setfield(L, -2, key);
}

/* Sets labels = { "changes", "bills", changes = true, bills = true } in the table on top. */
static void set_labels(lua_State *L, const struct dx_operation *op)
{
    static const struct { int bit; const char *name; } labels[] = {
        { DX_INTERRUPTS, "interrupts" }, { DX_BILLS, "bills" }, { DX_SPENDS_QUOTA, "spends_quota" }
    };
    const char *first = op->retry == DX_RETRY_READ ? "reads" : "changes";
    size_t i;
    int n = 1;

    lua_createtable(L, 4, 4);
    lua_pushstring(L, first);
    lua_rawseti(L, -2, 1);
    set_true(L, first);
    for (i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (!(op->labels & labels[i].bit))
            continue;
        lua_pushstring(L, labels[i].name);
        lua_rawseti(L, -2, ++n);
        set_true(L, labels[i].name);
    }
    lua_setfield(L, -2, "labels");
}

/* Sets pages = {input, output, limit, items}, the members that paging goes by, in the table on top. */
static void set_pages(lua_State *L, const struct dx_operation *op)
{
    if (!op->is_paged)
        return;
    lua_createtable(L, 0, 4);
    set_string(L, "input", "nextToken");
    set_string(L, "output", "nextToken");
    set_string(L, "limit", "maxResults");
    set_string(L, "items", op->items);
    lua_setfield(L, -2, "pages");
}

/* What a call needs to know of an operation. Leaves a table on the stack. */
static void push_operation(lua_State *L, const struct dx_operation *op)
{
    lua_createtable(L, 0, 16);
    set_string(L, "name", op->name);
    set_string(L, "method", op->method);
    set_string(L, "topic", op->topic);
    set_string(L, "retry", retry_names[op->retry]);
    set_labels(L, op);
    set_string(L, "interrupts_with", op->interrupts_with);
    set_string(L, "token", op->token);
    set_string(L, "look_with", op->look_with);
    set_string(L, "items", op->items);
    set_pages(L, op);
}

/* core.operations() -> list of {id, name, method, topic, retry, labels, ...} */
static int core_operations(lua_State *L)
{
    int i;

    lua_createtable(L, dx_noperations, 0);
    for (i = 0; i < dx_noperations; i++) {
        push_operation(L, &dx_operations[i]);
        set_integer(L, "id", i + 1);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

static void push_operation_whole(lua_State *L, const struct dx_operation *op)
{
    int i;

    push_operation(L, op);
    if (op->input != NULL)
        set_string(L, "input", op->input->name);
    if (op->output != NULL)
        set_string(L, "output", op->output->name);
    lua_createtable(L, op->nerrors, 0);
    for (i = 0; i < op->nerrors; i++) {
        lua_pushstring(L, op->errors[i]->name);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "errors");
    lua_pushboolean(L, op->is_deprecated || op->use_instead != NULL);
    lua_setfield(L, -2, "deprecated");
    set_string(L, "use_instead", op->use_instead);
}

/* Adds ranges, min, max and hex of a limit to the table on top. */
static void set_limit(lua_State *L, const struct dx_limit *limit)
{
    int i;

    if (limit == NULL)
        return;
    if (limit->nranges == 1) {
        set_integer(L, "min", limit->ranges[0].min);
        if (limit->ranges[0].max != INT64_MAX)
            set_integer(L, "max", limit->ranges[0].max);
    } else if (limit->nranges > 1) {
        lua_createtable(L, limit->nranges, 0);
        for (i = 0; i < limit->nranges; i++) {
            lua_createtable(L, 0, 2);
            set_integer(L, "min", limit->ranges[i].min);
            set_integer(L, "max", limit->ranges[i].max);
            lua_rawseti(L, -2, i + 1);
        }
        lua_setfield(L, -2, "ranges");
    } else if (limit->hex > 0) {
        set_integer(L, "hex_digits", limit->hex);
    } else {
        set_integer(L, "min", limit->min);
        if (limit->max >= 0)
            set_integer(L, "max", limit->max);
    }
}

static void push_names_of(lua_State *L, const struct dx_shape *shape, uint64_t mask)
{
    int i, n = 0;

    lua_newtable(L);
    for (i = 0; i < shape->nmembers; i++) {
        if (mask >> i & 1) {
            lua_pushstring(L, shape->members[i].name);
            lua_rawseti(L, -2, ++n);
        }
    }
}

/* Sets rules = { {kind, groups, when}, ... } in the table on top. */
static void set_rules(lua_State *L, const struct dx_shape *shape)
{
    static const char *const kinds[] = { "one", "at_most_one", "any", "all", "none" };
    int i, k;

    if (shape->nrules == 0)
        return;
    lua_createtable(L, shape->nrules, 0);
    for (i = 0; i < shape->nrules; i++) {
        const struct dx_rule *rule = &shape->rules[i];

        lua_createtable(L, 0, 3);
        set_string(L, "kind", kinds[rule->kind]);
        lua_createtable(L, rule->ngroups, 0);
        for (k = 0; k < rule->ngroups; k++) {
            push_names_of(L, shape, rule->groups[k]);
            lua_rawseti(L, -2, k + 1);
        }
        lua_setfield(L, -2, "groups");
        if (rule->when >= 0) {
            lua_createtable(L, 0, 1);
            set_string(L, shape->members[rule->when].name, rule->value);
            lua_setfield(L, -2, "when");
        }
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "rules");
}

static const char *replacement(const struct dx_shape *shape, const struct dx_member *member)
{
    int i;

    for (i = 0; i < dx_nreplacements; i++)
        if (strcmp(dx_replacements[i].shape, shape->name) == 0 && strcmp(dx_replacements[i].member, member->name) == 0)
            return dx_replacements[i].use_instead;
    return NULL;
}

static void set_members(lua_State *L, const struct dx_shape *shape)
{
    int i;
    uint64_t required = 0;

    lua_createtable(L, 0, shape->nmembers);
    for (i = 0; i < shape->nmembers; i++) {
        const struct dx_member *m = &shape->members[i];

        lua_createtable(L, 0, 4);
        set_string(L, "shape", m->shape->name);
        if (m->flags & DX_REQUIRED) {
            set_true(L, "required");
            required |= UINT64_C(1) << i;
        }
        if (m->flags & DX_SECRET)
            set_true(L, "secret");
        if (m->flags & DX_DEPRECATED)
            set_true(L, "deprecated");
        set_string(L, "use_instead", replacement(shape, m));
        set_limit(L, m->limit);
        lua_setfield(L, -2, m->name);
    }
    lua_setfield(L, -2, "members");
    push_names_of(L, shape, ~UINT64_C(0));
    lua_setfield(L, -2, "order");
    push_names_of(L, shape, required);
    lua_setfield(L, -2, "required");
}

static void push_shape(lua_State *L, const struct dx_shape *shape)
{
    int i;

    lua_newtable(L);
    set_string(L, "name", shape->name);
    set_string(L, "type", type_names[shape->type]);
    set_string(L, "pattern", shape->pattern);
    set_limit(L, shape->limit);
    if (shape->type == DX_STRUCTURE) {
        set_members(L, shape);
        set_rules(L, shape);
    }
    if (shape->item != NULL)
        set_string(L, "member", shape->item->name);
    if (shape->is_exception)
        set_true(L, "exception");
    if (shape->nenum > 0) {
        lua_createtable(L, shape->nenum, 0);
        for (i = 0; i < shape->nenum; i++) {
            lua_pushstring(L, shape->values[i]);
            lua_rawseti(L, -2, i + 1);
        }
        lua_setfield(L, -2, "enum");
    }
}

/* The shape at stack index i, by its name or its number; NULL: none. */
static const struct dx_shape *to_shape(lua_State *L, int i)
{
    int k;

    if (lua_type(L, i) == LUA_TNUMBER) {
        lua_Number n = lua_tonumber(L, i);

        return n >= 1 && n <= dx_nshapes ? &dx_shapes[(int)n - 1] : NULL;
    }
    for (k = 0; k < dx_nshapes && lua_type(L, i) == LUA_TSTRING; k++)
        if (strcmp(dx_shapes[k].name, lua_tostring(L, i)) == 0)
            return &dx_shapes[k];
    return NULL;
}

/* core.shape(name or number) -> a shape as in core.model, with its `number`, which tells a table's type; nil: none */
static int core_shape(lua_State *L)
{
    const struct dx_shape *shape = to_shape(L, 1);

    if (shape == NULL)
        return 0;
    push_shape(L, shape);
    set_integer(L, "number", shape - dx_shapes + 1);
    return 1;
}

/* core.model() -> {operations = {[name] = ...}, shapes = {[name] = ...}} */
static int core_model(lua_State *L)
{
    int i;

    lua_createtable(L, 0, 2);
    lua_createtable(L, 0, dx_noperations);
    for (i = 0; i < dx_noperations; i++) {
        push_operation_whole(L, &dx_operations[i]);
        lua_setfield(L, -2, dx_operations[i].name);
    }
    lua_setfield(L, -2, "operations");
    lua_createtable(L, 0, dx_nshapes);
    for (i = 0; i < dx_nshapes; i++) {
        push_shape(L, &dx_shapes[i]);
        lua_setfield(L, -2, dx_shapes[i].name);
    }
    lua_setfield(L, -2, "shapes");
    return 1;
}

/* core.nearest(word, list) -> the nearest string of the list, or nil */
static int core_nearest(lua_State *L)
{
    struct dx_nearest search;
    size_t len;
    const char *word = luaL_checklstring(L, 1, &len), *best = NULL;
    int i, count, at = 0;

    luaL_checktype(L, 2, LUA_TTABLE);
    count = (int)lua_rawlen(L, 2);
    dx_nearest_begin(&search, word, len);
    for (i = 1; i <= count; i++) {
        lua_rawgeti(L, 2, i);
        if (lua_type(L, -1) == LUA_TSTRING) {
            const char *name = lua_tolstring(L, -1, &len);

            dx_nearest_try(&search, name, len); /* the list keeps the string */
            if (search.best != best) {
                best = search.best;
                at = i;
            }
        }
        lua_pop(L, 1);
    }
    if (at == 0)
        return 0;
    lua_rawgeti(L, 2, at);
    return 1;
}

/* core.secret_members() -> list of the members whose values are secret wherever they occur */
static int core_secret_members(lua_State *L)
{
    int i;

    lua_createtable(L, dx_nsecret_names, 0);
    for (i = 0; i < dx_nsecret_names; i++) {
        lua_pushstring(L, dx_secret_names[i]);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

static const luaL_Reg functions[] = {
    { "secret_members", core_secret_members },
    { "operations", core_operations },
    { "model", core_model },
    { "shape", core_shape },
    { "nearest", core_nearest },
    { NULL, NULL }
};

void dx_open_model(lua_State *L)
{
    dx_setfuncs(L, functions);
}
