/*
 * The service's model as constant tables: operations, shapes, members, limits
 * and either/or rules. model.c is generated (`make model`); this header is not.
 */
#ifndef DX_MODEL_H
#define DX_MODEL_H

#include <stddef.h>
#include <stdint.h>

enum dx_type {
    DX_STRUCTURE, DX_LIST, DX_STRING, DX_INTEGER, DX_LONG, DX_BOOLEAN, DX_TIMESTAMP, DX_BLOB, DX_NUMBER, DX_MAP
};

struct dx_range {
    int64_t min, max;
};

/* What a value that is sent must keep to, beyond its type. */
struct dx_limit {
    const struct dx_range *ranges; /* an integer lies in one of them */
    int nranges;
    int64_t min, max;              /* a string's code points, a list's items; max -1: none */
    int hex;                       /* a string of exactly so many hexadecimal digits; 0: none */
};

enum { DX_REQUIRED = 1, DX_SECRET = 2, DX_DEPRECATED = 4, DX_TOKEN = 8 };

struct dx_member {
    const char *name;
    uint16_t len;                  /* of the name */
    uint16_t key;                  /* the name's place in dx_names */
    uint16_t flags;
    const struct dx_shape *shape;
    const struct dx_limit *limit;  /* NULL: none but the shape's */
};

enum dx_rule_kind { DX_ONE, DX_AT_MOST_ONE, DX_ANY, DX_ALL, DX_NONE };

/* An either/or rule; a group is a set of members, a bit each in their order. */
struct dx_rule {
    enum dx_rule_kind kind;
    int when;                      /* index of the member that switches it on; -1: always on */
    const char *value;             /* the value that does */
    const uint64_t *groups;
    int ngroups;
};

struct dx_shape {
    const char *name;
    enum dx_type type;
    uint16_t nmembers, nrules, nenum;
    const struct dx_member *members; /* structures */
    const struct dx_rule *rules;
    const struct dx_shape *item;     /* lists, and the values of maps */
    const struct dx_limit *limit;    /* NULL: none */
    const char *const *values;       /* strings: the known values, not enforced */
    const char *pattern;             /* strings: not enforced; NULL: none */
    int is_exception;
};

enum dx_retry { DX_RETRY_READ, DX_RETRY_REPEATABLE, DX_RETRY_TOKEN, DX_RETRY_ONCE };
enum { DX_INTERRUPTS = 1, DX_BILLS = 2, DX_SPENDS_QUOTA = 4 };

struct dx_operation {
    const char *name;              /* "AssociateMacSecKey" */
    const char *method;            /* "associate_mac_sec_key" */
    const char *target;            /* "OvertureService.AssociateMacSecKey" */
    const char *topic;
    const struct dx_shape *input;  /* NULL: takes no parameters */
    const struct dx_shape *output; /* NULL: answers nothing */
    const struct dx_shape *const *errors;
    int nerrors;
    enum dx_retry retry;
    int labels;
    const char *interrupts_with;   /* NULL: whenever it is called */
    const char *token;             /* the client token's member */
    const char *items;             /* the one list of the output */
    int is_paged;
    int is_deprecated;
    const char *use_instead;
    const char *look_with;         /* the method that shows what it made or changed */
};

/* What to use instead of a member: another of the same structure. */
struct dx_replacement {
    const char *shape, *member, *use_instead;
};

extern const char dx_target_prefix[]; /* "OvertureService." */
extern const char *const dx_names[];  /* every member's name, once */
extern const int dx_nnames;
extern const char *const dx_secret_names[]; /* members whose values are secret, wherever they stand */
extern const int dx_nsecret_names;
extern const struct dx_replacement dx_replacements[];
extern const int dx_nreplacements;
extern const struct dx_operation dx_operations[];
extern const int dx_noperations;
extern const struct dx_shape dx_shapes[];
extern const int dx_nshapes;

#endif
