/*
 * What the binding files share: the parts of the module `dxconnect.core`.
 *
 * Each dx_open_* finds the module's table on top of the stack and leaves it
 * there, with its functions added.
 */
#ifndef DX_LCORE_H
#define DX_LCORE_H

#include "lua/compat.h"
#include "base/exchange.h"
#include "base/secret.h"

/*
 * A class is a metatable that the registry keeps twice: under its name, and under the address of a variable of its own,
 * which is the quick way to it.
 */

/* Makes the class, or finds it, and pushes its metatable, which is its __index. */
void dx_new_class(lua_State *L, void *key, const char *name, const luaL_Reg *methods);

/* Pushes a new zeroed object of a class. */
void *dx_new_object(lua_State *L, void *key, size_t size);

/* The object at stack index i. If it is of another class: NULL, or an argument error. */
void *dx_test_object(lua_State *L, int i, void *key);
void *dx_check_object(lua_State *L, int i, void *key, const char *name);

/* The exchange at stack index i; raises an argument error where there is none. */
struct dx_exchange *dx_check_exchange(lua_State *L, int i);

/* Raises as Lua does when it is out of memory. Does not return. */
int dx_no_memory(lua_State *L);

/*
 * A signal handler can't raise, so Lua's own sets a hook that does. What waits
 * in C asks whether that has happened, and returns to Lua if so.
 */
struct dx_hook {
    lua_State *L;
    lua_Hook function; /* when the wait began */
};

struct dx_hook dx_get_hook(lua_State *L);
int dx_is_interrupted(void *hook);

/* The patience of a reader: seconds at stack index i, ten where there are none. The hook must outlive it. */
struct dx_patience dx_opt_patience(lua_State *L, int i, struct dx_hook *hook);

/* Room for n more values on the stack; raises where there is no memory for it. */
void dx_need_stack(lua_State *L, int n);

/* The secret at stack index i, NULL where there is none. Its memory lives as long as the value on the stack. */
struct dx_secret *dx_test_secret(lua_State *L, int i);

/*
 * Walks a table of headers, name to value or name to a list of values, and hands each pair to `take`, which returns
 * NULL or what is wrong. `take` may not raise. Returns 0; or -1 with a message pushed, which never holds a value.
 */
typedef const char *(*dx_take_header)(void *context, const char *name, size_t name_len, const char *value, size_t len);
int dx_walk_headers(lua_State *L, int i, int folded, dx_take_header take, void *context);

/* Sets the metatable of a request, which hides secrets when printed, for the table on top of the stack. */
void dx_set_request_metatable(lua_State *L);

void dx_open_exchange(lua_State *L);  /* first: makes the exchange's metatable */
void dx_open_model(lua_State *L);
void dx_open_marshal(lua_State *L);   /* adds methods to the exchange */
void dx_open_shapes(lua_State *L);    /* the metatables of results */
void dx_open_encode(lua_State *L);
void dx_open_text(lua_State *L);
void dx_open_unmarshal(lua_State *L); /* adds methods to the exchange */
void dx_open_sigv4(lua_State *L);     /* adds methods to the exchange */
void dx_open_secret(lua_State *L);
void dx_open_system(lua_State *L);
void dx_open_process(lua_State *L);
void dx_open_url(lua_State *L);
void dx_open_redact(lua_State *L);    /* adds methods to the exchange */
void dx_open_http1(lua_State *L);
void dx_open_curl(lua_State *L);
void dx_open_request(lua_State *L);   /* the metatable of requests */

#endif
