/* JSON text as Lua values, by shape. */
#ifndef DX_LDECODE_H
#define DX_LDECODE_H

#include "lua/core.h"
#include "model/model.h"

/* Makes what dx_decode needs, once for a Lua state. */
void dx_open_decoder(lua_State *L);

/* Pushes the names of all members as Lua strings, by dx_member.key + 1. */
void dx_push_names(lua_State *L);

/* Why a text could not be decoded; it tells nothing of the content. */
struct dx_unreadable {
    const char *message;
    const char *member; /* the member whose value is of another type than the model's; NULL: it is not JSON */
    size_t at;          /* the byte, from 1 */
};

/*
 * Decodes a whole text; `shape` NULL: without one. Returns 0 with the value on the stack, nil for null; or -1 with
 * nothing there and the reason in *why. Raises only where Lua has no memory. The text must stay where it is.
 */
int dx_decode(lua_State *L, const struct dx_shape *shape, const char *text, size_t len, struct dx_unreadable *why);

#endif
