/*
 * Lua values as JSON. A table's type (see shapes.h) decides whether it is a list
 * or an object, in which order its members stand, which of them are bytes, and
 * which are hidden; without a type its keys do. Raw access only: no metamethod
 * runs. The buffers belong to a userdata, so nothing leaks where Lua raises.
 */
#include "lua/decode.h"
#include "lua/shapes.h"
#include "base/base64.h"
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT "dxconnect.output" /* name of the buffers' metatable */

enum { DEPTH_MAX = 100, TEXT_MAX = 1024 * 1024 * 1024 };

static char output_key;

/* What a call builds. */
struct output {
    struct dx_buf text;
    struct dx_buf keys; /* of the objects that are written: struct key, those of an outer one first */
};

struct key {
    const char *name; /* its string is kept by the table `anchor` at the key's place */
    size_t len;
    int place;
};

/* Where a value stands: a list of these leads to the outermost one. */
struct frame {
    const struct frame *up;
    const char *name; /* NULL: an item */
    size_t len;
    size_t item;      /* from 1 */
};

struct encoder {
    lua_State *L;
    struct output *out;
    int is_pretty, is_revealing;
    int names;           /* stack index of the names, by dx_member.key + 1 */
    int anchor;          /* stack index of the table that keeps the keys */
    int nkeys;
    const char *message; /* why it failed */
    int path;            /* stack index of the path, where it failed */
    int depth;
    const void *open[DEPTH_MAX]; /* the tables that are being written */
};

/* What a table is. */
struct type {
    enum { ANY, LIST, OBJECT } kind;
    const struct dx_shape *shape; /* a structure of the model; NULL: none */
    int secret;                   /* stack index of the set of hidden members that each type made in Lua has; 0: none */
};

static int encode(struct encoder *e, int is_blob, const struct frame *at);

/* ---- failing */

static void add_name(luaL_Buffer *b, const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < len && i < 128; i++)
        luaL_addchar(b, (char)(name[i] >= ' ' && name[i] <= '~' ? name[i] : '?'));
}

/* Notes what is wrong with the value at a place, and where that is. Returns -1. */
static int fail(struct encoder *e, const struct frame *at, const char *message)
{
    const struct frame *frames[DEPTH_MAX + 1];
    luaL_Buffer b;
    char number[32];
    int n = 0, i;

    for (; at->up != NULL && n <= DEPTH_MAX; at = at->up)
        frames[n++] = at;
    luaL_buffinit(e->L, &b);
    for (i = n - 1; i >= 0; i--) {
        if (frames[i]->name == NULL) {
            snprintf(number, sizeof number, "[%lu]", (unsigned long)frames[i]->item);
            luaL_addstring(&b, number);
            continue;
        }
        if (i < n - 1)
            luaL_addchar(&b, '.');
        add_name(&b, frames[i]->name, frames[i]->len);
    }
    luaL_pushresult(&b);
    lua_replace(e->L, e->path);
    e->message = message;
    return -1;
}

/* ---- scalars */

static int encode_string(struct encoder *e, const char *text, size_t len, const struct frame *at)
{
    if (dx_utf8_length(text, len) < 0)
        return fail(e, at, "a string that is not valid UTF-8");
    dx_json_string(&e->out->text, text, len);
    return 0;
}

static void encode_blob(struct encoder *e, const char *bytes, size_t len)
{
    dx_buf_addc(&e->out->text, '"');
    dx_base64(&e->out->text, bytes, len);
    dx_buf_addc(&e->out->text, '"');
}

static int encode_number(struct encoder *e, int i, const struct frame *at)
{
    lua_Number value = lua_tonumber(e->L, i);

    if (lua_isinteger(e->L, i))
        dx_json_integer(&e->out->text, (int64_t)lua_tointeger(e->L, i));
    else if (value - value != 0)
        return fail(e, at, value != value ? "a number that is none (NaN)" : "an infinite number");
    else if (value >= -9007199254740992.0 && value <= 9007199254740992.0 && value == (lua_Number)(int64_t)value)
        dx_json_integer(&e->out->text, (int64_t)value);
    else
        dx_json_number(&e->out->text, value);
    return 0;
}

static void encode_hidden(struct encoder *e)
{
    dx_buf_adds(&e->out->text, "\"<hidden>\"");
}

static int encode_userdata(struct encoder *e, int i, const struct frame *at)
{
    struct dx_secret *secret = dx_test_secret(e->L, i);

    if (secret == NULL)
        return fail(e, at, "a userdata");
    if (!e->is_revealing) {
        encode_hidden(e);
        return 0;
    }
    if (dx_secret_data(secret) == NULL)
        return fail(e, at, "a secret that is closed");
    return encode_string(e, dx_secret_data(secret), dx_secret_len(secret), at);
}

/* ---- tables */

static void newline(struct encoder *e)
{
    int i;

    if (!e->is_pretty)
        return;
    dx_buf_addc(&e->out->text, '\n');
    for (i = 0; i < e->depth; i++)
        dx_buf_add(&e->out->text, "  ", 2);
}

/* Begins the next item or member of a table of which `n` are written. */
static void begin(struct encoder *e, size_t n)
{
    if (n > 0)
        dx_buf_addc(&e->out->text, ',');
    newline(e);
}

static int end(struct encoder *e, size_t n, char closing)
{
    e->depth--;
    if (n > 0)
        newline(e);
    dx_buf_addc(&e->out->text, closing);
    return 0;
}

/* The length of the list at index t; -1 where it has holes or, unless they are passed over, other keys. */
static ptrdiff_t list_length(struct encoder *e, int t, int may_have_names, const struct frame *at)
{
    ptrdiff_t count = 0, last = 0;

    for (lua_pushnil(e->L); lua_next(e->L, t); lua_pop(e->L, 1)) {
        lua_Number key = lua_type(e->L, -2) == LUA_TNUMBER ? lua_tonumber(e->L, -2) : 0;

        if (may_have_names && lua_type(e->L, -2) == LUA_TSTRING)
            continue;
        if (!(key >= 1 && key <= 2147483647.0 && key == (lua_Number)(ptrdiff_t)key)) {
            lua_pop(e->L, 2);
            return fail(e, at, "a list with other keys than those of a list");
        }
        count++;
        if ((ptrdiff_t)key > last)
            last = (ptrdiff_t)key;
    }
    return count == last ? count : fail(e, at, "a list with holes");
}

static int encode_list(struct encoder *e, int t, const struct type *type, const struct frame *at)
{
    ptrdiff_t n = list_length(e, t, type->secret != 0, at), i;

    if (n < 0)
        return -1;
    dx_buf_addc(&e->out->text, '[');
    e->depth++;
    for (i = 1; i <= n && !e->out->text.failed; i++) {
        struct frame item = { at, NULL, 0, (size_t)i };

        begin(e, (size_t)i - 1);
        lua_rawgeti(e->L, t, (int)i);
        if (encode(e, 0, &item) != 0)
            return -1;
        lua_pop(e->L, 1);
    }
    return end(e, (size_t)n, ']');
}

/* Whether the member whose name and value are on top is hidden. */
static int is_hidden(struct encoder *e, const struct type *type, const struct frame *member)
{
    int hidden = 0;

    if (e->is_revealing)
        return 0;
    if (type->secret != 0) {
        lua_pushvalue(e->L, -2);
        lua_rawget(e->L, type->secret);
        hidden = lua_toboolean(e->L, -1);
        lua_pop(e->L, 1);
    }
    return hidden || dx_is_hidden_name(member->name, member->len);
}

/* Writes a member whose name and value are on top, and takes both away. */
static int encode_member(struct encoder *e, const struct frame *member, size_t n, int hidden, int is_blob)
{
    begin(e, n);
    if (encode_string(e, member->name, member->len, member) != 0)
        return -1;
    dx_buf_add(&e->out->text, ": ", e->is_pretty ? 2 : 1);
    if (hidden && !e->is_revealing)
        encode_hidden(e);
    else if (encode(e, is_blob, member) != 0)
        return -1;
    lua_pop(e->L, 2);
    return 0;
}

/* The members of a shape, in the model's order. Returns how many there are, or -1. */
static ptrdiff_t encode_known(struct encoder *e, int t, const struct dx_shape *shape, const struct frame *at)
{
    ptrdiff_t n = 0;
    int i;

    for (i = 0; i < shape->nmembers; i++) {
        const struct dx_member *member = &shape->members[i];
        struct frame frame = { at, member->name, member->len, 0 };

        lua_rawgeti(e->L, e->names, member->key + 1);
        lua_pushvalue(e->L, -1);
        lua_rawget(e->L, t);
        if (lua_isnil(e->L, -1)) {
            lua_pop(e->L, 2);
            continue;
        }
        if (encode_member(e, &frame, (size_t)n, member->flags & DX_SECRET, member->shape->type == DX_BLOB) != 0)
            return -1;
        n++;
    }
    return n;
}

static int is_known(const struct dx_shape *shape, const char *name, size_t len)
{
    int i;

    for (i = 0; shape != NULL && i < shape->nmembers; i++)
        if (shape->members[i].len == len && memcmp(shape->members[i].name, name, len) == 0)
            return 1;
    return 0;
}

/* Adds the key that lua_next has left under its value to those of the objects being written. */
static void add_key(struct encoder *e, const char *name, size_t len)
{
    struct key key;

    memset(&key, 0, sizeof key);
    key.name = name;
    key.len = len;
    key.place = ++e->nkeys;
    lua_pushvalue(e->L, -2);
    lua_rawseti(e->L, e->anchor, key.place);
    if (dx_buf_add(&e->out->keys, &key, sizeof key) != 0)
        dx_no_memory(e->L);
}

static int by_name(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int order = len > 0 ? memcmp(x->name, y->name, len) : 0;

    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* Adds the keys of the table at index t that the shape does not know. Returns how many, or -1. */
static int collect_keys(struct encoder *e, int t, const struct dx_shape *shape, const struct frame *at)
{
    const char *name;
    size_t len;
    int n = 0;

    for (lua_pushnil(e->L); lua_next(e->L, t); lua_pop(e->L, 1)) {
        if (lua_type(e->L, -2) != LUA_TSTRING) {
            lua_pop(e->L, 2);
            return fail(e, at, "a table with other keys than names");
        }
        name = lua_tolstring(e->L, -2, &len);
        if (is_known(shape, name, len))
            continue;
        add_key(e, name, len);
        n++;
    }
    return n;
}

/* The members that the shape does not know, sorted; `n` are written already. Returns how many, or -1. */
static ptrdiff_t encode_others(struct encoder *e, int t, const struct type *type, size_t n, const struct frame *at)
{
    struct dx_buf *keys = &e->out->keys;
    size_t first = keys->len;
    int nkeys = e->nkeys, count = collect_keys(e, t, type->shape, at), i;

    if (count < 0)
        return -1;
    if (count > 1)
        qsort(keys->data + first, (size_t)count, sizeof(struct key), by_name);
    for (i = 0; i < count && !e->out->text.failed; i++) {
        struct key key;
        struct frame member = { at, NULL, 0, 0 };

        memcpy(&key, keys->data + first + (size_t)i * sizeof key, sizeof key); /* the block moves as it grows */
        member.name = key.name;
        member.len = key.len;
        lua_rawgeti(e->L, e->anchor, key.place);
        lua_pushvalue(e->L, -1);
        lua_rawget(e->L, t);
        if (encode_member(e, &member, n + (size_t)i, is_hidden(e, type, &member), 0) != 0)
            return -1;
    }
    keys->len = first;
    e->nkeys = nkeys;
    return count;
}

static int count_entries(lua_State *L, int t)
{
    int n = 0;

    for (lua_pushnil(L); lua_next(L, t); lua_pop(L, 1))
        n++;
    return n;
}

static int encode_object(struct encoder *e, int t, const struct type *type, const struct frame *at)
{
    ptrdiff_t known = 0, others = 0;

    dx_buf_addc(&e->out->text, '{');
    e->depth++;
    if (type->shape != NULL && (known = encode_known(e, t, type->shape, at)) < 0)
        return -1;
    if (known == 0 || count_entries(e->L, t) != known) {
        others = encode_others(e, t, type, (size_t)known, at);
        if (others < 0)
            return -1;
    }
    return end(e, (size_t)(known + others), '}');
}

/* ---- types */

/* The type of a metatable's `__shape`, a number: one of the model's, a list or a map. */
static void read_number(struct encoder *e, struct type *type)
{
    lua_Number number = lua_tonumber(e->L, -1);
    const struct dx_shape *shape;

    if (!(number >= 1 && number <= DX_SHAPE_MAP))
        return;
    type->kind = (int)number == DX_SHAPE_LIST ? LIST : OBJECT;
    if ((int)number > dx_nshapes)
        return;
    shape = &dx_shapes[(int)number - 1];
    if (shape->type == DX_LIST)
        type->kind = LIST;
    else if (shape->type == DX_STRUCTURE)
        type->shape = shape;
}

/* The type of the table at index t. A set of hidden members stays on the stack. */
static void read_type(struct encoder *e, int t, struct type *type)
{
    lua_State *L = e->L;
    int top = lua_gettop(L);

    type->kind = ANY;
    type->shape = NULL;
    type->secret = 0;
    if (!lua_getmetatable(L, t))
        return;
    lua_pushliteral(L, "__shape");
    lua_rawget(L, -2);
    if (lua_type(L, -1) == LUA_TNUMBER) {
        read_number(e, type);
    } else if (lua_istable(L, -1)) {
        lua_pushliteral(L, "kind");
        lua_rawget(L, -2);
        type->kind = lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), "list") == 0 ? LIST : OBJECT;
        lua_pop(L, 1);
        lua_pushliteral(L, "secret");
        lua_rawget(L, -2);
        if (lua_istable(L, -1)) {
            lua_replace(L, top + 1);
            type->secret = top + 1;
            top++;
        }
    }
    lua_settop(L, top);
}

/* Lists have numbers as keys, objects others. */
static void guess_type(struct encoder *e, int t, struct type *type)
{
    type->kind = LIST;
    lua_pushnil(e->L);
    if (lua_next(e->L, t)) {
        if (lua_type(e->L, -2) != LUA_TNUMBER)
            type->kind = OBJECT;
        lua_pop(e->L, 2);
    }
}

static int encode_table(struct encoder *e, const struct frame *at)
{
    lua_State *L = e->L;
    int t = lua_gettop(L), i, status;
    struct type type;

    dx_need_stack(L, 16);
    for (i = 0; i < e->depth; i++)
        if (e->open[i] == lua_topointer(L, t))
            return fail(e, at, "a table that contains itself");
    if (e->depth == DEPTH_MAX)
        return fail(e, at, "more than 100 levels");
    e->open[e->depth] = lua_topointer(L, t);
    read_type(e, t, &type);
    if (type.kind == ANY)
        guess_type(e, t, &type);
    status = type.kind == LIST ? encode_list(e, t, &type, at) : encode_object(e, t, &type, at);
    if (status == 0)
        lua_settop(L, t);
    return status;
}

/* Writes the value on top of the stack, and leaves it there. */
static int encode(struct encoder *e, int is_blob, const struct frame *at)
{
    lua_State *L = e->L;
    const char *text;
    size_t len;

    switch (lua_type(L, -1)) {
    case LUA_TTABLE:
        return encode_table(e, at);
    case LUA_TSTRING:
        text = lua_tolstring(L, -1, &len);
        if (!is_blob)
            return encode_string(e, text, len, at);
        encode_blob(e, text, len);
        return 0;
    case LUA_TNUMBER:
        return encode_number(e, lua_gettop(L), at);
    case LUA_TBOOLEAN:
        dx_buf_adds(&e->out->text, lua_toboolean(L, -1) ? "true" : "false");
        return 0;
    case LUA_TUSERDATA:
        return encode_userdata(e, lua_gettop(L), at);
    case LUA_TNIL:
        dx_buf_adds(&e->out->text, "null");
        return 0;
    case LUA_TLIGHTUSERDATA: /* the null of other modules */
        if (lua_touserdata(L, -1) == NULL) {
            dx_buf_adds(&e->out->text, "null");
            return 0;
        }
        return fail(e, at, "a userdata");
    default:
        return fail(e, at, lua_type(L, -1) == LUA_TFUNCTION ? "a function" : "a coroutine");
    }
}

/* ---- for Lua */

static int output_gc(lua_State *L)
{
    struct output *out = dx_check_object(L, 1, &output_key, OUTPUT);

    dx_buf_free(&out->text);
    dx_buf_free(&out->keys);
    return 0;
}

/*
 * core.json_encode(value, is_pretty, is_revealing) -> text | nil, message, path
 * Secrets are "<hidden>" unless revealed. The path of what can't be written is "" for the value itself.
 */
static int json_encode(lua_State *L)
{
    struct encoder e;
    const struct frame root = { NULL, NULL, 0, 0 };

    memset(&e, 0, sizeof e);
    e.L = L;
    lua_settop(L, 3);
    e.is_pretty = lua_toboolean(L, 2);
    e.is_revealing = lua_toboolean(L, 3);
    e.path = 2;
    e.out = dx_new_object(L, &output_key, sizeof *e.out); /* 4 */
    dx_buf_init(&e.out->text, TEXT_MAX);
    dx_buf_init(&e.out->keys, TEXT_MAX);
    dx_push_names(L);
    e.names = 5;
    lua_newtable(L);
    e.anchor = 6;
    lua_pushvalue(L, 1);
    if (encode(&e, 0, &root) == 0 && e.out->text.failed == DX_BUF_FULL)
        fail(&e, &root, "more than 1 GiB of text");
    if (e.out->text.failed == DX_BUF_NOMEM || e.out->keys.failed)
        return dx_no_memory(L);
    if (e.message != NULL) {
        lua_pushnil(L);
        lua_pushfstring(L, "JSON can't hold %s", e.message);
        lua_pushvalue(L, e.path);
    } else {
        lua_pushlstring(L, e.out->text.data, e.out->text.len);
    }
    dx_buf_free(&e.out->text);
    dx_buf_free(&e.out->keys);
    return e.message != NULL ? 3 : 1;
}

/* core.is_secret(value) -> whether the value is a secret */
static int is_secret(lua_State *L)
{
    lua_pushboolean(L, dx_test_secret(L, 1) != NULL);
    return 1;
}

static const luaL_Reg output_methods[] = {
    { "__gc", output_gc },
    { NULL, NULL }
};

static const luaL_Reg functions[] = {
    { "json_encode", json_encode },
    { "is_secret", is_secret },
    { NULL, NULL }
};

void dx_open_encode(lua_State *L)
{
    dx_new_class(L, &output_key, OUTPUT, output_methods);
    lua_pop(L, 1);
    dx_setfuncs(L, functions);
}
