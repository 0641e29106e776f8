/*
 * The problems of one call's parameters: a list of {path, message}, and text
 * that describes what was given without giving it away. A problem of members
 * with one another has `rule`, too: "one", "at_most_one", "any", "all", "none";
 * that of an id where an ARN belongs is "arn".
 */
#ifndef DX_PROBLEMS_H
#define DX_PROBLEMS_H

#include "lua/core.h"

/* Where in the parameters a value stands: a chain on the C stack, from the value up to the whole. */
struct dx_path {
    const struct dx_path *up; /* NULL: the parameters as a whole */
    const char *name;         /* a member's name; NULL: a list's item */
    size_t len;               /* of the name */
    size_t index;             /* of the item, from 1 */
    const void *table;        /* identity of the value while a walk without a shape is in it */
};

struct dx_problems {
    lua_State *L;
    int list;                     /* stack index of the list; nil there until the first problem */
    int count;                    /* all of them, also those that the list has no room for */
    const char *rule;             /* the rule that is broken; NULL: none, it is a member's own problem */
    const struct dx_path *hidden; /* a secret table: problems below it are told at its own path; or NULL */
    struct dx_buf *text;          /* the message being put together */
};

enum { DX_PROBLEMS_MAX = 200 };

/* Starts without problems; `list` is a stack slot of the caller's that holds nil. */
void dx_problems_init(struct dx_problems *p, lua_State *L, int list, struct dx_buf *text);

/* The problem whose message stands in p->text, at that path. Empties p->text. */
void dx_problem_text(struct dx_problems *p, const struct dx_path *path);

/* The problem with a fixed message. */
void dx_problem(struct dx_problems *p, const struct dx_path *path, const char *message);

/* The problem "expected WHAT, got VALUE", likewise. */
void dx_problem_expected(struct dx_problems *p, const struct dx_path *path, const char *what, int i, int is_hidden);

/* Completes "expected WHAT" in p->text with the value at stack index i; `is_hidden`: only its type is told. */
void dx_problem_got(struct dx_problems *p, const struct dx_path *path, int i, int is_hidden);

/* Appends the type of the value at stack index i to p->text: "a string", "a number", "a secret". */
void dx_problem_add_type(struct dx_problems *p, int i);

/* Brings the problems after the first `from` into the order of their paths. */
void dx_problems_sort(struct dx_problems *p, int from);

/* Closes the list: tells how many problems it does not show. */
void dx_problems_finish(struct dx_problems *p);

#endif
