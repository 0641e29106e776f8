/* Lists, structures and maps of an answer: see decoder.h. */
#include "lua/decoder.h"

#include <string.h>

enum {
    OUTER_GUESS_MAX = 1024, /* most items that the answer's own list is made for, */
    LIST_GUESS_MAX = 16,    /* and lists inside of it, of which there may be thousands */
    ANY_GUESS = 4
};

static int enter(struct dx_decoder *d)
{
    d->p++;
    if (++d->depth > DX_ANSWER_DEPTH_MAX)
        return dx_decode_fail(d, "it is nested too deep");
    return 0;
}

/* After a member or an item: 1 where another follows, 0 at the closing bracket. */
static inline int more(struct dx_decoder *d, char closing)
{
    char c = dx_decode_peek(d);

    if (c == ',') {
        d->p++;
        return 1;
    }
    if (c != closing)
        return dx_decode_unexpected(d);
    d->p++;
    d->depth--;
    return 0;
}

static uint16_t *size_of(struct dx_decoder *d, const struct dx_shape *shape)
{
    return shape == NULL ? NULL : &d->sizes[shape - dx_shapes];
}

/* Sets the metatable of the table on top: that of the shape, or the one of `type` where there is none. */
static void set_type(struct dx_decoder *d, const struct dx_shape *shape, int type)
{
    dx_set_shape(d->L, d->shapes, shape == NULL ? type : (int)(shape - dx_shapes) + 1);
}

/* At the closing bracket of an empty list or object: pushes its table. */
static int push_empty(struct dx_decoder *d, const struct dx_shape *shape, int type)
{
    d->p++;
    d->depth--;
    lua_newtable(d->L);
    set_type(d, shape, type);
    return DX_PUSHED;
}

static int read_list(struct dx_decoder *d, const struct dx_shape *shape)
{
    const struct dx_shape *item = shape == NULL ? NULL : shape->item;
    uint16_t *size = size_of(d, shape);
    int n = 0, is_more, guess_max;

    if (enter(d) != 0)
        return DX_FAILED;
    guess_max = d->depth <= 2 ? OUTER_GUESS_MAX : LIST_GUESS_MAX;
    if (dx_decode_peek(d) == ']')
        return push_empty(d, shape, DX_SHAPE_LIST);
    lua_createtable(d->L, size == NULL ? ANY_GUESS : *size < guess_max ? *size : guess_max, 0);
    set_type(d, shape, DX_SHAPE_LIST);
    do {
        int what = dx_decode_value(d, item);

        if (what == DX_FAILED)
            return DX_FAILED;
        if (what == DX_PUSHED)
            lua_rawseti(d->L, -2, ++n); /* a null leaves no hole */
        is_more = more(d, ']');
    } while (is_more == 1);
    if (size != NULL)
        *size = (uint16_t)(n < guess_max ? n : guess_max);
    return is_more == 0 ? DX_PUSHED : DX_FAILED;
}

/* Sets the member whose key and, where `what` is DX_PUSHED, value are on the stack. The last of equal names wins. */
static void set_any(lua_State *L, int what)
{
    if (what == DX_NOTHING)
        lua_pushnil(L);
    lua_rawset(L, -3);
}

static inline int read_colon(struct dx_decoder *d)
{
    if (d->p < d->end && *d->p == ':') {
        d->p++;
        return 0;
    }
    if (dx_decode_peek(d) != ':')
        return dx_decode_unexpected(d);
    d->p++;
    return 0;
}

/* A member that the model does not know, or of a map; its name is on the stack. */
static int read_unknown(struct dx_decoder *d, const struct dx_shape *shape)
{
    int what;

    if (read_colon(d) != 0)
        return DX_FAILED;
    what = dx_decode_value(d, shape);
    if (what == DX_FAILED)
        return DX_FAILED;
    if (what == DX_NOTHING) { /* do not make room for what is absent */
        lua_pushvalue(d->L, -1);
        lua_rawget(d->L, -3);
        if (lua_isnil(d->L, -1)) {
            lua_pop(d->L, 2);
            return 0;
        }
        lua_pop(d->L, 1);
    }
    set_any(d->L, what);
    return 0;
}

/* An object of a map's shape, or without one. */
static int read_object(struct dx_decoder *d, const struct dx_shape *shape)
{
    const char *text;
    size_t len;
    int is_more;

    if (enter(d) != 0)
        return DX_FAILED;
    if (dx_decode_peek(d) == '}')
        return push_empty(d, shape, DX_SHAPE_MAP);
    lua_newtable(d->L);
    set_type(d, shape, DX_SHAPE_MAP);
    do {
        if (dx_decode_peek(d) != '"')
            return dx_decode_unexpected(d);
        if (dx_decode_scan(d, &text, &len) != 0)
            return DX_FAILED;
        lua_pushlstring(d->L, text, len);
        if (read_unknown(d, shape == NULL ? NULL : shape->item) != 0)
            return DX_FAILED;
        is_more = more(d, '}');
    } while (is_more == 1);
    return is_more == 0 ? DX_PUSHED : DX_FAILED;
}

/* The member whose name is at d->p, tried from `next` on. Reads the name; NULL without reading it: unknown. */
static const struct dx_member *match(struct dx_decoder *d, const struct dx_shape *shape, int next)
{
    const char *name = d->p + 1;
    size_t left = (size_t)(d->end - name);
    int i, k = next;

    for (i = 0; i < shape->nmembers; i++, k++) {
        const struct dx_member *member;

        if (k >= shape->nmembers)
            k = 0;
        member = &shape->members[k];
        if (left > member->len && name[member->len] == '"' && *name == *member->name &&
            dx_same(name, member->name, member->len)) {
            d->p = name + member->len + 1;
            return member;
        }
    }
    return NULL;
}

static const struct dx_member *find(const struct dx_shape *shape, const char *name, size_t len)
{
    int i;

    for (i = 0; i < shape->nmembers; i++)
        if (shape->members[i].len == len && memcmp(shape->members[i].name, name, len) == 0)
            return &shape->members[i];
    return NULL;
}

/* Reads the name of a member that is unknown or written with escapes: sets *member to the known one, or pushes it. */
static int other_name(struct dx_decoder *d, const struct dx_shape *shape, const struct dx_member **member)
{
    const char *text;
    size_t len;

    if (dx_decode_scan(d, &text, &len) != 0)
        return DX_FAILED;
    *member = find(shape, text, len);
    if (*member == NULL)
        lua_pushlstring(d->L, text, len);
    return 0;
}

static int read_member_value(struct dx_decoder *d, const struct dx_member *member)
{
    if (d->strings == 0 || member->shape->type != DX_STRING || dx_decode_peek(d) != '"')
        return dx_decode_value(d, member->shape);
    d->values++; /* dx_decode_value checks the limit, at the next table if not before */
    return dx_decode_text(d, member);
}

static int read_member(struct dx_decoder *d, const struct dx_member *member, uint64_t *seen, uint64_t bit)
{
    int what;

    lua_rawgeti(d->L, d->names, member->key + 1);
    if (read_colon(d) != 0)
        return DX_FAILED;
    what = read_member_value(d, member);
    if (what == DX_FAILED) {
        if (d->is_type_mismatch && d->member == NULL)
            d->member = member->name;
        return DX_FAILED;
    }
    if (what == DX_NOTHING && !(*seen & bit)) {
        lua_pop(d->L, 1);
        return 0;
    }
    set_any(d->L, what);
    *seen |= bit;
    return 0;
}

static int read_structure(struct dx_decoder *d, const struct dx_shape *shape)
{
    uint16_t *size = size_of(d, shape);
    uint64_t seen = 0;
    int next = 0, n = 0, is_more;

    if (enter(d) != 0)
        return DX_FAILED;
    if (dx_decode_peek(d) == '}')
        return push_empty(d, shape, DX_SHAPE_MAP);
    lua_createtable(d->L, 0, *size);
    set_type(d, shape, DX_SHAPE_MAP);
    do {
        const struct dx_member *member;

        if (dx_decode_peek(d) != '"')
            return dx_decode_unexpected(d);
        member = match(d, shape, next);
        if (member == NULL && other_name(d, shape, &member) != 0)
            return DX_FAILED;
        if (member == NULL) {
            if (read_unknown(d, NULL) != 0)
                return DX_FAILED;
        } else {
            next = (int)(member - shape->members);
            if (read_member(d, member, &seen, UINT64_C(1) << next) != 0)
                return DX_FAILED;
            next++;
        }
        n++;
        is_more = more(d, '}');
    } while (is_more == 1);
    *size = (uint16_t)(n < shape->nmembers ? n : shape->nmembers);
    return is_more == 0 ? DX_PUSHED : DX_FAILED;
}

int dx_decode_value(struct dx_decoder *d, const struct dx_shape *shape)
{
    if (++d->values > DX_ANSWER_VALUES_MAX)
        return dx_decode_fail(d, "it has more than two million values");
    switch (dx_decode_peek(d)) {
    case '"':
        return dx_decode_string(d, shape);
    case '{':
        if (!dx_is_strict(shape))
            return read_object(d, NULL);
        if (shape->type == DX_STRUCTURE)
            return read_structure(d, shape);
        return shape->type == DX_MAP ? read_object(d, shape) : dx_decode_type_mismatch(d, shape);
    case '[':
        if (!dx_is_strict(shape))
            return read_list(d, NULL);
        return shape->type == DX_LIST ? read_list(d, shape) : dx_decode_type_mismatch(d, shape);
    case 't':
        return dx_decode_boolean(d, shape, 1);
    case 'f':
        return dx_decode_boolean(d, shape, 0);
    case 'n':
        return dx_decode_null(d);
    default:
        return dx_decode_number(d, shape);
    }
}
