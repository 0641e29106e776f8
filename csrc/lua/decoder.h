/*
 * The decoder of an answer: what decode.c (a whole answer), decode_scalar.c
 * (strings and numbers) and decode_table.c (tables) share.
 *
 * The readers return DX_PUSHED with one value on the stack, DX_NOTHING for
 * null, or DX_FAILED with the reason in the decoder. Nothing leaks when Lua
 * raises: a userdata owns the buffers. Any call of Lua may collect garbage and
 * so run a finalizer that decodes an answer itself. Therefore each answer has
 * its own decoder, and what decoders share may change between any two calls.
 */
#ifndef DX_LDECODER_H
#define DX_LDECODER_H

#include "lua/core.h"
#include "lua/interned.h"
#include "lua/shapes.h"

enum { DX_ANSWER_DEPTH_MAX = 64, DX_ANSWER_VALUES_MAX = 2000000 };
enum { DX_FAILED = -1, DX_PUSHED = 0, DX_NOTHING = 1 };

/* How often a member's texts were found interned, and how often not, in the same answer. */
struct dx_text_stats {
    uint16_t hits, misses;
};

struct dx_decoder;

/* Copies that decoding needs, owned by a userdata that is made with the first one. */
struct dx_copies {
    struct dx_buf text;  /* a string whose escapes are undone */
    struct dx_buf bytes; /* a blob */
};

/* What all decoders of a Lua state share. */
struct dx_decoding {
    uint16_t *sizes;                /* by shape: how many members or items the last one had */
    const struct dx_decoder *owner; /* the decoder that the rest belongs to: the last that began a long answer */
    struct dx_text_stats *stats;           /* by dx_member.key */
    struct dx_interned interned[DX_INTERNED];
};

struct dx_decoder {
    lua_State *L;
    struct dx_decoding *shared;
    const char *start, *p, *end;
    const char *message;      /* why it failed */
    int is_type_mismatch;            /* it failed for the type of a value, */
    const char *member;       /* of this member */
    int names;                /* stack index of the names, by dx_member.key + 1 */
    int strings;              /* stack index of the strings of `interned`; 0: the answer is too short for that */
    int shapes;               /* stack index of the metatables, by shape */
    int depth;
    int values;               /* how many were read, tables included */
    struct dx_copies *copies; /* NULL: none yet */
    int copies_slot;          /* stack index of their userdata */
    uint16_t *sizes;          /* as in `shared` */
    struct dx_text_stats *stats;
    struct dx_interned *interned;
};

static inline int dx_decode_fail(struct dx_decoder *d, const char *message)
{
    d->message = message;
    return DX_FAILED;
}

static inline int dx_decode_unexpected(struct dx_decoder *d)
{
    return dx_decode_fail(d, d->p == d->end ? "it ends too early" : "an unexpected character");
}

/* Whether a value of the shape must have the form that the model says. */
static inline int dx_is_strict(const struct dx_shape *shape)
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

/* Passes over white space: dx_decode_peek's slow half. */
char dx_decode_skip_space(struct dx_decoder *d);

/* The byte at d->p after white space; NUL at the end (a NUL in the text fits nowhere either). */
static inline char dx_decode_peek(struct dx_decoder *d)
{
    return d->p < d->end && *d->p > ' ' ? *d->p : dx_decode_skip_space(d);
}

/* The decoder's copies; the first call makes them. */
struct dx_copies *dx_decode_copies(struct dx_decoder *d);

/* Reads any value; `shape` NULL: without one. */
int dx_decode_value(struct dx_decoder *d, const struct dx_shape *shape);

/* Fails for a value of another form than that of a strict shape. */
int dx_decode_type_mismatch(struct dx_decoder *d, const struct dx_shape *shape);

/*
 * Reads the string at d->p up to its closing quote. *text and *len are its bytes: in the answer itself, or in the
 * copies' text if it has escapes. Pushes nothing. Returns 0 or DX_FAILED.
 */
int dx_decode_scan(struct dx_decoder *d, const char **text, size_t *len);

/* Reads the string at d->p: a value of the shape; or the text of a member, which may be interned. */
int dx_decode_string(struct dx_decoder *d, const struct dx_shape *shape);
int dx_decode_text(struct dx_decoder *d, const struct dx_member *member);

/* Reads a number; anything that begins no value is an error. */
int dx_decode_number(struct dx_decoder *d, const struct dx_shape *shape);

/* Reads `true` or `false`, as `value` says; and `null`, for which nothing is pushed. */
int dx_decode_boolean(struct dx_decoder *d, const struct dx_shape *shape, int value);
int dx_decode_null(struct dx_decoder *d);

#endif
