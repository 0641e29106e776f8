/*
 * Parameters on their way to a request body: what the walk by shape
 * (marshal.c, marshal_scalar.c), its rules (marshal_rules.c), hints at what was
 * meant (marshal_hints.c) and the walk without a shape (marshal_any.c) share.
 */
#ifndef DX_MARSHAL_H
#define DX_MARSHAL_H

#include "lua/problems.h"
#include "model/model.h"

struct dx_marshal {
    lua_State *L;
    struct dx_exchange *x;
    struct dx_problems problems;
    const char *token; /* for a client token that the parameters lack; NULL: none */
    size_t token_len;
    const struct dx_shape *structure; /* whose members are being written; NULL: none */
    const struct dx_member *member;   /* the one that is; NULL where it is an item of a list, or unknown */
    int depth;         /* of structures, lists and maps */
    int is_unmodeled;  /* members that the model does not know are sent too */
};

enum { DX_PARAMS_DEPTH_MAX = 64 };

/*
 * A sequence's length, or -1 with a problem where the table at index t is none: other keys, holes. `item` is the shape
 * of its items, NULL without one.
 */
ptrdiff_t dx_marshal_length(struct dx_marshal *m, int t, const struct dx_shape *item, const struct dx_path *path);

/* Appends to "expected a table" in the problem's message what a small structure looks like. */
void dx_hint_structure(struct dx_marshal *m, const struct dx_shape *shape);

/* Appends to "expected a list" what its items look like. */
void dx_hint_items(struct dx_marshal *m, const struct dx_shape *item);

/* Appends the member of the same structure that takes an integer which is out of the range of m->member. */
void dx_hint_other_member(struct dx_marshal *m, int64_t value);

/*
 * Appends where a member that the structure at `path` does not have belongs: into one of its members, or beside it, in
 * `outer` (NULL: there is none). Returns 0 where it belongs nowhere.
 */
int dx_hint_place(struct dx_marshal *m, const struct dx_shape *shape, const struct dx_shape *outer, const char *name,
                  size_t len, const struct dx_path *path);

/* A problem where a member that takes an ARN was given the id of a resource. */
void dx_check_arn(struct dx_marshal *m, const char *text, size_t len, const struct dx_path *path);

/* The integer at index i: one of Lua's, or a float without a fraction that fits in 64 bits. 0 where it is none. */
int dx_to_integer(lua_State *L, int i, int64_t *value);

/* A problem where a length is not within the limit; `what` is counted, in the plural after a space: " items". */
void dx_check_length(struct dx_marshal *m, const struct dx_limit *limit, int64_t n, const char *what,
                     const struct dx_path *path);

/* Checks and writes the value at index i, of any type but structures, lists and maps. */
void dx_marshal_scalar(struct dx_marshal *m, enum dx_type type, const struct dx_limit *limit, int i, int is_secret,
                       const struct dx_path *path);

/* Writes the string or secret at index i, and notes where a secret stands. Whatever can't be sent is a problem. */
void dx_marshal_string(struct dx_marshal *m, int i, int is_secret, const struct dx_path *path);

/* Writes `"name":`, with a comma before it unless it is the first since `start`. */
void dx_marshal_name(struct dx_marshal *m, size_t start, const char *name, size_t len);

/* Whether members of that name are secret, in any structure. */
int dx_is_secret_name(const char *name, size_t len);

/*
 * Writes the value at index i without a shape. A table of strings' keys is an object, a sequence a list, an empty table
 * `[]` (as a whole: `{}`). Problems tell types only.
 */
void dx_marshal_any(struct dx_marshal *m, int i, int is_secret, struct dx_path *path);

/*
 * Holds a structure's either/or rules against the members present (a bit each). slots[k] is the stack index of member k.
 * `is_open`: it has members unknown to the model, which may be what a rule misses.
 */
void dx_check_rules(struct dx_marshal *m, const struct dx_shape *shape, uint64_t present, const int *slots, int is_open,
                    const struct dx_path *path);

#endif
