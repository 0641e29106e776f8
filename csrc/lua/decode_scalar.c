/* Strings, numbers and literals of an answer: see decoder.h. */
#include "lua/decoder.h"
#include "base/base64.h"
#include "base/json_scalar.h"
#include "base/json.h"

#include <string.h>

enum {
    INTERNED_LEN_MAX = 40, /* Lua does not hash longer ones */
    MISSES_MAX = 300       /* after so many new texts of a member, its texts are no longer interned */
};

int dx_decode_type_mismatch(struct dx_decoder *d, const struct dx_shape *shape)
{
    d->is_type_mismatch = 1;
    switch (shape->type) {
    case DX_LIST: return dx_decode_fail(d, "expected a list");
    case DX_TIMESTAMP: return dx_decode_fail(d, "expected a time");
    case DX_BLOB: return dx_decode_fail(d, "expected bytes in base64");
    default: return dx_decode_fail(d, "expected an object");
    }
}

char dx_decode_skip_space(struct dx_decoder *d)
{
    while (d->p < d->end && (*d->p == ' ' || *d->p == '\n' || *d->p == '\r' || *d->p == '\t'))
        d->p++;
    return d->p < d->end ? *d->p : '\0';
}

/* ---- strings */

/* Writes the string that begins at `start`, behind its quote, to the copies' text with its escapes undone. */
static int unescape(struct dx_decoder *d, const char *start)
{
    struct dx_buf *text = &dx_decode_copies(d)->text;
    const char *message;

    d->p = start;
    dx_buf_reset(text);
    if (dx_unescape(text, &d->p, d->end, &message) == 0)
        return 0;
    if (message == NULL)
        return dx_no_memory(d->L);
    return dx_decode_fail(d, message);
}

int dx_decode_scan(struct dx_decoder *d, const char **text, size_t *len)
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
        return DX_FAILED;
    *text = d->copies->text.len > 0 ? d->copies->text.data : "";
    *len = d->copies->text.len;
    return 0;
}

/* Returns DX_FAILED, without a message, if the text is not base64. */
static int push_blob(struct dx_decoder *d, const char *text, size_t len)
{
    struct dx_buf *bytes = &dx_decode_copies(d)->bytes;

    dx_buf_reset(bytes);
    if (dx_unbase64(bytes, text, len) != 0)
        return bytes->failed ? dx_no_memory(d->L) : DX_FAILED;
    lua_pushlstring(d->L, bytes->len > 0 ? bytes->data : "", bytes->len);
    return DX_PUSHED;
}

static void push_seconds(lua_State *L, double seconds)
{
    if (seconds >= -9007199254740992.0 && seconds <= 9007199254740992.0 && seconds == (double)(int64_t)seconds)
        lua_pushinteger(L, (lua_Integer)seconds);
    else
        lua_pushnumber(L, seconds);
}

/*
 * Pushes the text of a member, of at least one byte. Many members have the same few texts in item after item, and
 * comparing a text costs less than having Lua hash it and look it up. Texts of members that always differ are no
 * longer interned after a while.
 */
static void push_text(struct dx_decoder *d, const struct dx_member *member, const char *text, size_t len)
{
    struct dx_text_stats *stats = &d->stats[member->key];
    struct dx_interned *known;
    size_t place;

    if (d->shared->owner != d || (stats->misses > MISSES_MAX && stats->misses > stats->hits)) {
        lua_pushlstring(d->L, text, len);
        return;
    }
    place = dx_interned_slot(text, len, d->end);
    known = &d->interned[place];
    if (known->len == len && known->text != NULL && dx_same(known->text, text, len)) {
        stats->hits = (uint16_t)(stats->hits + (stats->hits < UINT16_MAX));
        lua_rawgeti(d->L, d->strings, (int)place + 1);
        return;
    }
    stats->misses = (uint16_t)(stats->misses + (stats->misses < UINT16_MAX));
    known->text = text;
    known->len = len;
    lua_pushlstring(d->L, text, len);
    lua_pushvalue(d->L, -1);
    lua_rawseti(d->L, d->strings, (int)place + 1);
}

int dx_decode_string(struct dx_decoder *d, const struct dx_shape *shape)
{
    const char *text;
    double seconds;
    size_t len;

    if (dx_decode_scan(d, &text, &len) != 0)
        return DX_FAILED;
    if (!dx_is_strict(shape)) {
        lua_pushlstring(d->L, text, len);
        return DX_PUSHED;
    }
    if (shape->type == DX_BLOB && push_blob(d, text, len) == DX_PUSHED)
        return DX_PUSHED;
    if (shape->type != DX_TIMESTAMP || !dx_read_time(text, len, &seconds))
        return dx_decode_type_mismatch(d, shape);
    push_seconds(d->L, seconds);
    return DX_PUSHED;
}

int dx_decode_text(struct dx_decoder *d, const struct dx_member *member)
{
    const char *text;
    size_t len;

    if (dx_decode_scan(d, &text, &len) != 0)
        return DX_FAILED;
    if (len == 0 || len > INTERNED_LEN_MAX || (d->copies != NULL && text == d->copies->text.data))
        lua_pushlstring(d->L, text, len);
    else
        push_text(d, member, text, len);
    return DX_PUSHED;
}

/* ---- numbers and words */

static int begins_number(const struct dx_decoder *d)
{
    return d->p < d->end && (*d->p == '-' || (*d->p >= '0' && *d->p <= '9'));
}

int dx_decode_number(struct dx_decoder *d, const struct dx_shape *shape)
{
    int64_t integer;
    double number;

    if (dx_is_strict(shape) && shape->type != DX_TIMESTAMP)
        return begins_number(d) ? dx_decode_type_mismatch(d, shape) : dx_decode_unexpected(d);
    switch (dx_read_number(&d->p, d->end, &integer, &number)) {
    case DX_NUMBER_INTEGER:
        lua_pushinteger(d->L, (lua_Integer)integer);
        return DX_PUSHED;
    case DX_NUMBER_FLOAT:
        if (shape != NULL && (shape->type == DX_INTEGER || shape->type == DX_LONG || shape->type == DX_TIMESTAMP))
            push_seconds(d->L, number);
        else
            lua_pushnumber(d->L, number);
        return DX_PUSHED;
    case DX_NUMBER_NOMEM:
        return dx_no_memory(d->L);
    case DX_NUMBER_HUGE:
        return dx_decode_fail(d, "a number beyond all bounds");
    default:
        return dx_decode_unexpected(d);
    }
}

static int read_word(struct dx_decoder *d, const char *word, size_t len)
{
    size_t left = (size_t)(d->end - d->p);

    if (left < len || memcmp(d->p, word, len) != 0) {
        if (left < len && memcmp(d->p, word, left) == 0)
            d->p = d->end;
        return dx_decode_unexpected(d);
    }
    d->p += len;
    return 0;
}

int dx_decode_boolean(struct dx_decoder *d, const struct dx_shape *shape, int value)
{
    if (dx_is_strict(shape))
        return dx_decode_type_mismatch(d, shape);
    lua_pushboolean(d->L, value);
    return value ? read_word(d, "true", 4) : read_word(d, "false", 5);
}

int dx_decode_null(struct dx_decoder *d)
{
    return read_word(d, "null", 4) == 0 ? DX_NOTHING : DX_FAILED;
}
