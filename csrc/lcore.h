/*
 * What the binding files share: the parts of the module `dxconnect.core`.
 *
 * Each dx_open_* finds the module's table on top of the stack and leaves it
 * there, with its functions added.
 */
#ifndef DX_LCORE_H
#define DX_LCORE_H

#include "lcompat.h"
#include "exchange.h"

/* The exchange at stack index i; raises an argument error where there is none. */
struct dx_exchange *dx_check_exchange(lua_State *L, int i);

/* Raises as Lua does when it is out of memory. Does not return. */
int dx_no_memory(lua_State *L);

void dx_open_exchange(lua_State *L);  /* first: makes the exchange's metatable */
void dx_open_model(lua_State *L);
void dx_open_marshal(lua_State *L);   /* adds methods to the exchange */
void dx_open_unmarshal(lua_State *L); /* adds methods to the exchange */
void dx_open_sigv4(lua_State *L);     /* adds methods to the exchange */
void dx_open_secret(lua_State *L);
void dx_open_system(lua_State *L);
void dx_open_redact(lua_State *L);    /* adds methods to the exchange */
void dx_open_curl(lua_State *L);

#endif
