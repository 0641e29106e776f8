/*
 * Answers as Lua tables, in one pass from the text, by shape: what the model
 * knows decides what is a time or bytes, and which member is probably next.
 * Names of members are kept as Lua strings; tables are made at the size that
 * the last of their shape had. What the model does not know is kept as it came;
 * so is a string, number or boolean where it says another of these. A list, a
 * structure, a time or bytes that are something else fail: a script walks the
 * former, and could not tell the latter from what was read.
 *
 * The readers return PUSHED with one value on the stack, NOTHING for null, or
 * FAILED with the reason in the decoder; they never leave memory behind when
 * Lua raises, since a userdata owns the buffers. Any call of Lua's may collect
 * garbage, and so run a finalizer that reads an answer itself: every answer has
 * a decoder of its own, and what decoders share is never counted upon.
 */
#include "ldecode.h"
#include "base64.h"
#include "decode.h"
#include "json.h"
#include "met.h"

#include <string.h>

enum {
    DEPTH_MAX = 64,
    OUTER_GUESS_MAX = 1024, /* items that the answer's own list is given room for, */
    LIST_GUESS_MAX = 16,    /* and those inside of it, of which there may be thousands */
    ANY_GUESS = 4
};
enum {
    LONG_ANSWER = 8192,         /* bytes from which on it pays to remember texts, */
    LARGE_ANSWER = 1024 * 1024, /* and to let the collector rest */
    MET_LEN_MAX = 40,           /* Lua does not hash longer ones */
    PATIENCE = 300              /* texts of a member that may all be new before it is left alone */
};
enum { FAILED = -1, PUSHED = 0, NOTHING = 1 };

static char shared_key; /* its address is the place in the registry of what decoders share */
static char names_key;
static char copies_key;

#define COPIES "dxconnect.copies" /* name of their metatable */

/* How often texts of a member were met before, in the same answer. */
struct luck {
    uint16_t hits, misses;
};

struct decoder;

/* What decoding copies, owned by a userdata that is made when the first is needed. */
struct copies {
    struct dx_buf text;  /* a string whose escapes are undone */
    struct dx_buf bytes; /* a blob */
};

/* What all decoders of a Lua state share. */
struct shared {
    uint16_t *sizes;             /* by shape: how many members or items the last one had */
    const struct decoder *owner; /* whose the rest is: the last that began a long answer */
    struct luck *luck;           /* by dx_member.key */
    struct dx_met met[DX_MET];
};

struct decoder {
    lua_State *L;
    struct shared *shared;
    const char *start, *p, *end;
    const char *message;     /* why it failed */
    int is_misfit;           /* it failed for the type of a value, */
    const char *member;      /* of this member */
    int names;               /* stack index of the names, by dx_member.key + 1 */
    int strings;             /* stack index of the strings of `met`; 0: the answer is too short for that */
    int depth;
    struct copies *copies;   /* NULL: none yet */
    int copies_slot;         /* stack index of their userdata */
    uint16_t *sizes;         /* the shared ones, near at hand */
    struct luck *luck;
    struct dx_met *met;
};

static int read_value(struct decoder *d, const struct dx_shape *shape);

static int fail(struct decoder *d, const char *message)
{
    d->message = message;
    return FAILED;
}

/* Whether a value of the shape must have the form that the model says. */
static inline int is_strict(const struct dx_shape *shape)
{
    if (shape == NULL)
        return 0;
    switch (shape->type) {
    case DX_STRUCTURE:
    case DX_LIST:
    case DX_MAP:
    case DX_TIMESTAMP:
    case DX_BLOB: return 1;
    default: return 0;
    }
}

static int misfit(struct decoder *d, const struct dx_shape *shape)
{
    d->is_misfit = 1;
    switch (shape->type) {
    case DX_LIST: return fail(d, "expected a list");
    case DX_TIMESTAMP: return fail(d, "expected a time");
    case DX_BLOB: return fail(d, "expected bytes in base64");
    default: return fail(d, "expected an object");
    }
}

static char skip_space(struct decoder *d)
{
    while (d->p < d->end && (*d->p == ' ' || *d->p == '\n' || *d->p == '\r' || *d->p == '\t'))
        d->p++;
    return d->p < d->end ? *d->p : '\0';
}

/* The byte at d->p after white space; NUL at the end (a NUL in the text fits nowhere either). */
static inline char peek(struct decoder *d)
{
    return d->p < d->end && *d->p > ' ' ? *d->p : skip_space(d);
}

static int unexpected(struct decoder *d)
{
    return fail(d, d->p == d->end ? "it ends too early" : "an unexpected character");
}

/* ---- strings */

static struct copies *copies_of(struct decoder *d)
{
    if (d->copies == NULL) {
        d->copies = dx_new_object(d->L, &copies_key, sizeof *d->copies);
        dx_buf_init(&d->copies->text, DX_RESPONSE_MAX);
        dx_buf_init(&d->copies->bytes, DX_RESPONSE_MAX);
        lua_replace(d->L, d->copies_slot);
    }
    return d->copies;
}

/* Undoes the escapes of the string that began at `start` (after the quote) in the copies' text. */
static int unescape(struct decoder *d, const char *start)
{
    struct dx_buf *text = &copies_of(d)->text;
    const char *message;

    d->p = start;
    dx_buf_reset(text);
    if (dx_unescape(text, &d->p, d->end, &message) == 0)
        return 0;
    if (message == NULL)
        return dx_no_memory(d->L);
    return fail(d, message);
}

/* Finds the end of the string at d->p (its quote) and leaves it behind: *text and *len are its bytes, in the answer
 * itself where they stand there as they are, else in the copies' text. */
static inline int scan_string(struct decoder *d, const char **text, size_t *len)
{
    const char *start = d->p + 1, *p = start;
    size_t step;

    for (;;) {
        p = dx_skip_plain(p, d->end);
        if (p == d->end || (unsigned char)*p < 0x80)
            break;
        step = dx_utf8_step(p, d->end);
        if (step == 0)
            break;
        p += step;
    }
    if (p < d->end && *p == '"') {
        *text = start;
        *len = (size_t)(p - start);
        d->p = p + 1;
        return 0;
    }
    if (unescape(d, start) != 0)
        return FAILED;
    *text = d->copies->text.len > 0 ? d->copies->text.data : "";
    *len = d->copies->text.len;
    return 0;
}

/* Returns FAILED, without a message, where the text is not base64. */
static int push_blob(struct decoder *d, const char *text, size_t len)
{
    struct dx_buf *bytes = &copies_of(d)->bytes;

    dx_buf_reset(bytes);
    if (dx_unbase64(bytes, text, len) != 0)
        return bytes->failed ? dx_no_memory(d->L) : FAILED;
    lua_pushlstring(d->L, bytes->len > 0 ? bytes->data : "", bytes->len);
    return PUSHED;
}

static void push_seconds(lua_State *L, double seconds)
{
    if (seconds >= -9007199254740992.0 && seconds <= 9007199254740992.0 && seconds == (double)(int64_t)seconds)
        lua_pushinteger(L, (lua_Integer)seconds);
    else
        lua_pushnumber(L, seconds);
}

/*
 * Pushes the text of a member, at least a byte of it. Many members have the same few texts in item after item: to
 * compare one costs less than to have Lua hash and look it up. Members whose texts always differ are soon left alone.
 */
static void push_text(struct decoder *d, const struct dx_member *member, const char *text, size_t len)
{
    struct luck *luck = &d->luck[member->key];
    struct dx_met *met;
    size_t place;

    if (d->shared->owner != d || (luck->misses > PATIENCE && luck->misses > luck->hits)) {
        lua_pushlstring(d->L, text, len);
        return;
    }
    place = dx_met_place(text, len, d->end);
    met = &d->met[place];
    if (met->len == len && met->text != NULL && dx_same(met->text, text, len)) {
        luck->hits = (uint16_t)(luck->hits + (luck->hits < UINT16_MAX));
        lua_rawgeti(d->L, d->strings, (int)place + 1);
        return;
    }
    luck->misses = (uint16_t)(luck->misses + (luck->misses < UINT16_MAX));
    met->text = text;
    met->len = len;
    lua_pushlstring(d->L, text, len);
    lua_pushvalue(d->L, -1);
    lua_rawseti(d->L, d->strings, (int)place + 1);
}

static int read_string(struct decoder *d, const struct dx_shape *shape)
{
    const char *text;
    double seconds;
    size_t len;

    if (scan_string(d, &text, &len) != 0)
        return FAILED;
    if (!is_strict(shape)) {
        lua_pushlstring(d->L, text, len);
        return PUSHED;
    }
    if (shape->type == DX_BLOB && push_blob(d, text, len) == PUSHED)
        return PUSHED;
    if (shape->type != DX_TIMESTAMP || !dx_read_time(text, len, &seconds))
        return misfit(d, shape);
    push_seconds(d->L, seconds);
    return PUSHED;
}

/* ---- numbers and words */

static int read_number(struct decoder *d, const struct dx_shape *shape)
{
    int64_t integer;
    double number;

    if (is_strict(shape) && shape->type != DX_TIMESTAMP)
        return d->p < d->end && (*d->p == '-' || (*d->p >= '0' && *d->p <= '9')) ? misfit(d, shape) : unexpected(d);
    switch (dx_read_number(&d->p, d->end, &integer, &number)) {
    case DX_NUMBER_INTEGER:
        lua_pushinteger(d->L, (lua_Integer)integer);
        return PUSHED;
    case DX_NUMBER_FLOAT:
        if (shape != NULL && (shape->type == DX_INTEGER || shape->type == DX_LONG || shape->type == DX_TIMESTAMP))
            push_seconds(d->L, number);
        else
            lua_pushnumber(d->L, number);
        return PUSHED;
    case DX_NUMBER_NOMEM:
        return dx_no_memory(d->L);
    case DX_NUMBER_HUGE:
        return fail(d, "a number beyond all bounds");
    default:
        return unexpected(d);
    }
}

static int read_word(struct decoder *d, const char *word, size_t len)
{
    size_t left = (size_t)(d->end - d->p);

    if (left < len || memcmp(d->p, word, len) != 0) {
        if (left < len && memcmp(d->p, word, left) == 0)
            d->p = d->end;
        return unexpected(d);
    }
    d->p += len;
    return 0;
}

/* ---- tables */

static int enter(struct decoder *d)
{
    d->p++;
    if (++d->depth > DEPTH_MAX)
        return fail(d, "it is nested too deep");
    return 0;
}

/* After a member or an item: 1 where another follows, 0 at the closing bracket. */
static inline int more(struct decoder *d, char closing)
{
    char c = peek(d);

    if (c == ',') {
        d->p++;
        return 1;
    }
    if (c != closing)
        return unexpected(d);
    d->p++;
    d->depth--;
    return 0;
}

static uint16_t *size_of(struct decoder *d, const struct dx_shape *shape)
{
    return shape == NULL ? NULL : &d->sizes[shape - dx_shapes];
}

static int read_list(struct decoder *d, const struct dx_shape *shape)
{
    const struct dx_shape *item = shape == NULL ? NULL : shape->item;
    uint16_t *size = size_of(d, shape);
    int n = 0, is_more, guess_max;

    if (enter(d) != 0)
        return FAILED;
    guess_max = d->depth <= 2 ? OUTER_GUESS_MAX : LIST_GUESS_MAX;
    if (peek(d) == ']') {
        d->p++;
        d->depth--;
        lua_newtable(d->L);
        return PUSHED;
    }
    lua_createtable(d->L, size == NULL ? ANY_GUESS : *size < guess_max ? *size : guess_max, 0);
    do {
        int what = read_value(d, item);

        if (what == FAILED)
            return FAILED;
        if (what == PUSHED)
            lua_rawseti(d->L, -2, ++n); /* a null leaves no hole */
        is_more = more(d, ']');
    } while (is_more == 1);
    if (size != NULL)
        *size = (uint16_t)(n < guess_max ? n : guess_max);
    return is_more == 0 ? PUSHED : FAILED;
}

/* Sets the member whose key and, where `what` is PUSHED, value are on the stack. The last of equal names wins. */
static void set_any(lua_State *L, int what)
{
    if (what == NOTHING)
        lua_pushnil(L);
    lua_rawset(L, -3);
}

static inline int read_colon(struct decoder *d)
{
    if (d->p < d->end && *d->p == ':') {
        d->p++;
        return 0;
    }
    if (peek(d) != ':')
        return unexpected(d);
    d->p++;
    return 0;
}

/* A member that the model does not know, or of a map; its name is on the stack. */
static int read_unknown(struct decoder *d, const struct dx_shape *shape)
{
    int what;

    if (read_colon(d) != 0)
        return FAILED;
    what = read_value(d, shape);
    if (what == FAILED)
        return FAILED;
    if (what == NOTHING) { /* do not make room for what is absent */
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

/* An object whose values have the shape given. */
static int read_object(struct decoder *d, const struct dx_shape *shape)
{
    const char *text;
    size_t len;
    int is_more;

    if (enter(d) != 0)
        return FAILED;
    lua_newtable(d->L);
    if (peek(d) == '}') {
        d->p++;
        d->depth--;
        return PUSHED;
    }
    do {
        if (peek(d) != '"')
            return unexpected(d);
        if (scan_string(d, &text, &len) != 0)
            return FAILED;
        lua_pushlstring(d->L, text, len);
        if (read_unknown(d, shape) != 0)
            return FAILED;
        is_more = more(d, '}');
    } while (is_more == 1);
    return is_more == 0 ? PUSHED : FAILED;
}

/* The member whose name stands at d->p, tried from `next` on; the name is left behind. NULL: not a plain known name. */
static const struct dx_member *match(struct decoder *d, const struct dx_shape *shape, int next)
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

/* A member whose name is unknown, or was written with escapes. Returns the known one, or NULL with its name pushed. */
static int other_name(struct decoder *d, const struct dx_shape *shape, const struct dx_member **member)
{
    const char *text;
    size_t len;

    if (scan_string(d, &text, &len) != 0)
        return FAILED;
    *member = find(shape, text, len);
    if (*member == NULL)
        lua_pushlstring(d->L, text, len);
    return 0;
}

static int read_member_value(struct decoder *d, const struct dx_member *member)
{
    const char *text;
    size_t len;

    if (d->strings == 0 || member->shape->type != DX_STRING || peek(d) != '"')
        return read_value(d, member->shape);
    if (scan_string(d, &text, &len) != 0)
        return FAILED;
    if (len == 0 || len > MET_LEN_MAX || (d->copies != NULL && text == d->copies->text.data))
        lua_pushlstring(d->L, text, len);
    else
        push_text(d, member, text, len);
    return PUSHED;
}

static int read_member(struct decoder *d, const struct dx_member *member, uint64_t *seen, uint64_t bit)
{
    int what;

    lua_rawgeti(d->L, d->names, member->key + 1);
    if (read_colon(d) != 0)
        return FAILED;
    what = read_member_value(d, member);
    if (what == FAILED) {
        if (d->is_misfit && d->member == NULL)
            d->member = member->name;
        return FAILED;
    }
    if (what == NOTHING && !(*seen & bit)) {
        lua_pop(d->L, 1);
        return 0;
    }
    set_any(d->L, what);
    *seen |= bit;
    return 0;
}

static int read_structure(struct decoder *d, const struct dx_shape *shape)
{
    uint16_t *size = size_of(d, shape);
    uint64_t seen = 0;
    int next = 0, n = 0, is_more;

    if (enter(d) != 0)
        return FAILED;
    lua_createtable(d->L, 0, *size);
    if (peek(d) == '}') {
        d->p++;
        d->depth--;
        return PUSHED;
    }
    do {
        const struct dx_member *member;

        if (peek(d) != '"')
            return unexpected(d);
        member = match(d, shape, next);
        if (member == NULL && other_name(d, shape, &member) != 0)
            return FAILED;
        if (member == NULL) {
            if (read_unknown(d, NULL) != 0)
                return FAILED;
        } else {
            next = (int)(member - shape->members);
            if (read_member(d, member, &seen, UINT64_C(1) << next) != 0)
                return FAILED;
            next++;
        }
        n++;
        is_more = more(d, '}');
    } while (is_more == 1);
    *size = (uint16_t)(n < shape->nmembers ? n : shape->nmembers);
    return is_more == 0 ? PUSHED : FAILED;
}

/* ---- values */

static int read_boolean(struct decoder *d, const struct dx_shape *shape, int value)
{
    if (is_strict(shape))
        return misfit(d, shape);
    lua_pushboolean(d->L, value);
    return value ? read_word(d, "true", 4) : read_word(d, "false", 5);
}

static int read_value(struct decoder *d, const struct dx_shape *shape)
{
    switch (peek(d)) {
    case '"':
        return read_string(d, shape);
    case '{':
        if (!is_strict(shape))
            return read_object(d, NULL);
        if (shape->type == DX_STRUCTURE)
            return read_structure(d, shape);
        return shape->type == DX_MAP ? read_object(d, shape->item) : misfit(d, shape);
    case '[':
        if (!is_strict(shape))
            return read_list(d, NULL);
        return shape->type == DX_LIST ? read_list(d, shape) : misfit(d, shape);
    case 't':
        return read_boolean(d, shape, 1);
    case 'f':
        return read_boolean(d, shape, 0);
    case 'n':
        return read_word(d, "null", 4) == 0 ? NOTHING : FAILED;
    default:
        return read_number(d, shape);
    }
}

/* ---- the decoder */

static int copies_gc(lua_State *L)
{
    struct copies *copies = dx_check_object(L, 1, &copies_key, COPIES);

    dx_buf_free(&copies->text);
    dx_buf_free(&copies->bytes);
    return 0;
}

static const luaL_Reg copies_methods[] = {
    { "__gc", copies_gc },
    { NULL, NULL }
};

/* Makes the texts of a long answer be remembered: the decoder's strings are on top of the stack. */
static void own(struct decoder *d)
{
    struct shared *shared = d->shared;

    d->strings = lua_gettop(d->L);
    shared->owner = d;
    memset(shared->luck, 0, (size_t)dx_nnames * sizeof *shared->luck);
    memset(shared->met, 0, sizeof shared->met);
}

/* As dx_decode. */
static int decode(lua_State *L, const struct dx_shape *shape, const char *text, size_t len, struct dx_unreadable *why)
{
    struct decoder decoder, *d = &decoder;
    int top = lua_gettop(L), what;

    dx_need_stack(L, 4 * DEPTH_MAX + 16);
    memset(d, 0, sizeof *d);
    d->L = L;
    dx_rawgetp(L, LUA_REGISTRYINDEX, &shared_key);
    d->shared = lua_touserdata(L, -1);
    d->sizes = d->shared->sizes;
    d->luck = d->shared->luck;
    d->met = d->shared->met;
    dx_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
    d->names = top + 2;
    lua_pushnil(L);
    d->copies_slot = top + 3;
    if (len >= LONG_ANSWER) {
        lua_createtable(L, DX_MET, 0);
        own(d);
    }
    d->start = d->p = text;
    d->end = text + len;
    what = read_value(d, shape);
    if (what != FAILED && peek(d) != '\0')
        what = fail(d, "more text behind its end");
    else if (what != FAILED && d->p < d->end)
        what = unexpected(d);
    if (d->copies != NULL) {
        dx_buf_free(&d->copies->text);
        dx_buf_free(&d->copies->bytes);
    }
    why->message = d->message;
    why->member = d->member;
    why->at = (size_t)(d->p - d->start) + 1;
    if (what == NOTHING)
        lua_pushnil(L);
    if (what == FAILED) {
        lua_settop(L, top);
        return -1;
    }
    lua_replace(L, top + 1);
    lua_settop(L, top + 1);
    return 0;
}

/* ---- large answers */

/* What passes through lua_pcall. */
struct held {
    const struct dx_shape *shape;
    const char *text;
    size_t len;
    struct dx_unreadable *why;
    int status;
};

static int decode_held(lua_State *L)
{
    struct held *h = lua_touserdata(L, 1);

    h->status = decode(L, h->shape, h->text, h->len, h->why);
    return h->status == 0 ? 1 : 0;
}

/*
 * Whether the collector had better rest meanwhile: what is made of a large answer is no garbage, and would be gone over
 * again and again as it grows. Not where there is much else in the heap that may be garbage.
 */
static int may_rest(lua_State *L, size_t len)
{
    return len >= LARGE_ANSWER && (size_t)lua_gc(L, LUA_GCCOUNT, 0) < 2 * len / 1024 && dx_is_collecting(L);
}

int dx_decode(lua_State *L, const struct dx_shape *shape, const char *text, size_t len, struct dx_unreadable *why)
{
    struct held h = { shape, text, len, why, -1 };
    int failed;

    if (!may_rest(L, len))
        return decode(L, shape, text, len, why);
    dx_need_stack(L, 2);
    lua_pushcfunction(L, decode_held);
    lua_pushlightuserdata(L, &h);
    lua_gc(L, LUA_GCSTOP, 0);
    failed = lua_pcall(L, 1, LUA_MULTRET, 0);
    dx_restart_collector(L);
    return failed ? lua_error(L) : h.status;
}

void dx_open_decoder(lua_State *L)
{
    size_t luck = (size_t)dx_nnames * sizeof(struct luck), sizes = (size_t)dx_nshapes * sizeof(uint16_t);
    struct shared *shared = dx_newuserdata(L, sizeof *shared + luck + sizes);
    int i;

    memset(shared, 0, sizeof *shared + luck + sizes);
    shared->luck = (struct luck *)(void *)(shared + 1);
    shared->sizes = (uint16_t *)(void *)(shared->luck + dx_nnames);
    dx_rawsetp(L, LUA_REGISTRYINDEX, &shared_key);
    lua_createtable(L, dx_nnames, 0);
    for (i = 0; i < dx_nnames; i++) {
        lua_pushstring(L, dx_names[i]);
        lua_rawseti(L, -2, i + 1);
    }
    dx_rawsetp(L, LUA_REGISTRYINDEX, &names_key);
    dx_new_class(L, &copies_key, COPIES, copies_methods);
    lua_pop(L, 1);
}
