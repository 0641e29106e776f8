/*
 * Decodes an answer into Lua tables in one pass, by its shape. The shape tells
 * which values are times or bytes, and which member probably comes next. Names
 * of members are kept as Lua strings. A table is made at the size that the last
 * one of its shape had, and gets the metatable of its shape.
 *
 * Members that the model does not know are kept as they are. So is a string,
 * number or boolean where the model says another of these. Anything else where
 * the model says list, structure, time or bytes is an error: a program indexes
 * lists and structures, and could not tell an unread time from a read one.
 *
 * This file begins and ends an answer and keeps what outlives it; decoder.h
 * describes the parts.
 */
#include "lua/decode.h"
#include "lua/decoder.h"

#include <string.h>

enum {
    LONG_ANSWER = 8192,        /* from this many bytes on, texts are interned, */
    LARGE_ANSWER = 1024 * 1024 /* and the collector is stopped meanwhile */
};

static char shared_key; /* its address is the registry key of what decoders share */
static char names_key;
static char copies_key;

void dx_push_names(lua_State *L)
{
    dx_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
}

#define COPIES "dxconnect.copies" /* name of their metatable */

struct dx_copies *dx_decode_copies(struct dx_decoder *d)
{
    if (d->copies == NULL) {
        d->copies = dx_new_object(d->L, &copies_key, sizeof *d->copies);
        dx_buf_init(&d->copies->text, DX_RESPONSE_MAX);
        dx_buf_init(&d->copies->bytes, DX_RESPONSE_MAX);
        lua_replace(d->L, d->copies_slot);
    }
    return d->copies;
}

static int copies_gc(lua_State *L)
{
    struct dx_copies *copies = dx_check_object(L, 1, &copies_key, COPIES);

    dx_buf_free(&copies->text);
    dx_buf_free(&copies->bytes);
    return 0;
}

static const luaL_Reg copies_methods[] = {
    { "__gc", copies_gc },
    { NULL, NULL }
};

/* Begins to intern the texts of a long answer. The table for their strings is on top of the stack. */
static void begin_interning(struct dx_decoder *d)
{
    struct dx_decoding *shared = d->shared;

    d->strings = lua_gettop(d->L);
    shared->owner = d;
    memset(shared->stats, 0, (size_t)dx_nnames * sizeof *shared->stats);
    memset(shared->interned, 0, sizeof shared->interned);
}

/* Pushes what the decoder needs, and sets it to the start of the text. */
static void begin(struct dx_decoder *d, lua_State *L, const char *text, size_t len)
{
    int top = lua_gettop(L);

    dx_need_stack(L, 4 * DX_ANSWER_DEPTH_MAX + 16);
    memset(d, 0, sizeof *d);
    d->L = L;
    dx_rawgetp(L, LUA_REGISTRYINDEX, &shared_key);
    d->shared = lua_touserdata(L, -1);
    d->sizes = d->shared->sizes;
    d->stats = d->shared->stats;
    d->interned = d->shared->interned;
    dx_push_names(L);
    d->names = top + 2;
    lua_pushnil(L);
    d->copies_slot = top + 3;
    dx_push_shapes(L);
    d->shapes = top + 4;
    if (len >= LONG_ANSWER) {
        lua_createtable(L, DX_INTERNED, 0);
        begin_interning(d);
    }
    d->start = d->p = text;
    d->end = text + len;
}

/* As dx_decode. */
static int decode(lua_State *L, const struct dx_shape *shape, const char *text, size_t len, struct dx_unreadable *why)
{
    struct dx_decoder decoder, *d = &decoder;
    int top = lua_gettop(L), what;

    begin(d, L, text, len);
    what = dx_decode_value(d, shape);
    if (what != DX_FAILED && dx_decode_peek(d) != '\0')
        what = dx_decode_fail(d, "more text behind its end");
    else if (what != DX_FAILED && d->p < d->end)
        what = dx_decode_unexpected(d);
    if (d->copies != NULL) {
        dx_buf_free(&d->copies->text);
        dx_buf_free(&d->copies->bytes);
    }
    why->message = d->message;
    why->member = d->member;
    why->at = (size_t)(d->p - d->start) + 1;
    if (what == DX_NOTHING)
        lua_pushnil(L);
    if (what == DX_FAILED) {
        lua_settop(L, top);
        return -1;
    }
    lua_replace(L, top + 1);
    lua_settop(L, top + 1);
    return 0;
}

/* ---- large answers */

/* The arguments and the result of decode, for lua_pcall. */
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
 * Whether to stop the collector meanwhile: the tables of a large answer are no garbage, and the collector would
 * traverse them again and again as they grow. Not if the heap holds much else, which may be garbage.
 */
static int may_stop_collector(lua_State *L, size_t len)
{
    return len >= LARGE_ANSWER && (size_t)lua_gc(L, LUA_GCCOUNT, 0) < 2 * len / 1024 && dx_is_collecting(L);
}

int dx_decode(lua_State *L, const struct dx_shape *shape, const char *text, size_t len, struct dx_unreadable *why)
{
    struct held h = { shape, text, len, why, -1 };
    int failed;

    if (!may_stop_collector(L, len))
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
    size_t stats = (size_t)dx_nnames * sizeof(struct dx_text_stats), sizes = (size_t)dx_nshapes * sizeof(uint16_t);
    struct dx_decoding *shared = dx_newuserdata(L, sizeof *shared + stats + sizes);
    int i;

    memset(shared, 0, sizeof *shared + stats + sizes);
    shared->stats = (struct dx_text_stats *)(void *)(shared + 1);
    shared->sizes = (uint16_t *)(void *)(shared->stats + dx_nnames);
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
