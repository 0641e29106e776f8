/*
 * The headers that a signature covers, in their canonical form.
 */
#ifndef DX_FIELDS_H
#define DX_FIELDS_H

#include "base/buf.h"

struct dx_fields {
    struct dx_buf text;  /* names in lower case and values trimmed, one after the other */
    struct dx_buf index; /* where each of them stands, an array of struct dx_field */
};

struct dx_field {
    size_t name, name_len, value, value_len; /* offsets in `text` */
    const char *base;                        /* for sorting */
};

void dx_fields_init(struct dx_fields *f);
void dx_fields_free(struct dx_fields *f);

/* Adds a header: its name in lower case, its value without white space around it and single spaces inside. */
int dx_fields_add(struct dx_fields *f, const char *name, size_t name_len, const char *value, size_t value_len);

/* The first header of that name in lower case, NULL where there is none. */
const struct dx_field *dx_fields_find(const struct dx_fields *f, const char *name);

/* By name; those of one name stay in the order in which they came. */
void dx_fields_sort(struct dx_fields *f);

/* Of sorted fields: appends "name:value\n" for each name, values of one name joined by commas. */
int dx_fields_canonical(const struct dx_fields *f, struct dx_buf *out);

/* Of sorted fields: appends "name;name;name". */
int dx_fields_names(const struct dx_fields *f, struct dx_buf *out);

/* Whether every byte may stand in a header's name, and there is one. */
int dx_is_token(const char *text, size_t len);

/*
 * Whether a value may be sent: no NUL, and no line end that could begin another header. `folded` allows line ends
 * that a space or tab follows, the old way of continuing a value.
 */
int dx_is_value(const char *text, size_t len, int folded);

/* Whether a header of that name, in any case, stays out of signatures: it changes on the way, or by the client. */
int dx_is_unsigned(const char *name, size_t len);

/* Whether a name, in any case, is this one, given in lower case. */
int dx_same_name(const char *name, size_t len, const char *lower_name);

#endif
