/* JSON text as Lua values, by shape. */
#ifndef DX_LDECODE_H
#define DX_LDECODE_H

#include "lcore.h"
#include "model/model.h"

/* Makes what dx_decode needs, once for a Lua state. */
void dx_open_decoder(lua_State *L);

/*
 * Decodes a whole text; `shape` NULL: without one. Returns 0 with the value on the stack, nil for null; or -1 with
 * nothing there, *message the reason (it tells nothing of the content) and *at the byte, from 1. Raises only where
 * Lua has no memory. The text must stay where it is.
 */
int dx_decode(lua_State *L, const struct dx_shape *shape, const char *text, size_t len, const char **message,
              size_t *at);

#endif
