/* A secret in locked memory: to be written; nothing is one yet. */
#ifndef DX_SECRET_H
#define DX_SECRET_H
#include "lcore.h"
struct dx_secret { char *data; size_t len; };
static inline struct dx_secret *dx_test_secret(lua_State *L, int i) { (void)L; (void)i; return NULL; }
static inline const char *dx_secret_data(const struct dx_secret *s) { return s->data; }
static inline size_t dx_secret_len(const struct dx_secret *s) { return s->len; }
#endif
