/*
 * The headers that a signature covers, in their canonical form.
 */
#ifndef DX_CANONICAL_HEADERS_H
#define DX_CANONICAL_HEADERS_H

#include "base/buf.h"

struct dx_headers {
    struct dx_buf text;  /* names in lower case, and trimmed values */
    struct dx_buf index; /* an array of struct dx_header */
};

struct dx_header {
    size_t name, name_len, value, value_len; /* offsets in `text` */
    const char *base;                        /* for sorting */
};

void dx_headers_init(struct dx_headers *f);
void dx_headers_free(struct dx_headers *f);

/* Adds a header: the name in lower case, the value trimmed, with single spaces inside. */
int dx_headers_add(struct dx_headers *f, const char *name, size_t name_len, const char *value, size_t value_len);

/* The first header of that name in lower case, NULL where there is none. */
const struct dx_header *dx_headers_find(const struct dx_headers *f, const char *name);

/* Sorts by name; headers of one name keep their order. */
void dx_headers_sort(struct dx_headers *f);

/* Of sorted headers: appends "name:value\n" for each name, values of one name joined by commas. */
int dx_headers_canonical(const struct dx_headers *f, struct dx_buf *out);

/* Of sorted headers: appends "name;name;name". */
int dx_headers_names(const struct dx_headers *f, struct dx_buf *out);

/* True for a header name by RFC 9110, a token. */
int dx_is_token(const char *text, size_t len);

/*
 * True if a value may be sent: it holds no NUL, and no line end that could
 * begin another header. `folded` allows a line end before a space or tab.
 */
int dx_is_value(const char *text, size_t len, int folded);

/* True for a header that is not signed, because clients or proxies change it. */
int dx_is_unsigned(const char *name, size_t len);

/* Compares a name with one in lower case. */
int dx_same_name(const char *name, size_t len, const char *lower_name);

#endif
