/*
 * Parts of reading JSON that need no Lua: undoing escapes, numbers and times.
 */
#ifndef DX_DECODE_H
#define DX_DECODE_H

#include "base/buf.h"

#include <stdint.h>

/*
 * Appends the text of a JSON string that starts at *p (after its quote), escapes undone; a lone surrogate becomes
 * U+FFFD. Returns 0 with *p behind the closing quote, or -1 with *p where it went wrong and *message saying why
 * (NULL: the buffer failed).
 */
int dx_unescape(struct dx_buf *out, const char **p, const char *end, const char **message);

enum dx_number { DX_NUMBER_BAD, DX_NUMBER_INTEGER, DX_NUMBER_FLOAT, DX_NUMBER_HUGE, DX_NUMBER_NOMEM };

/* Reads the JSON number at *p, which ends up behind it. An integer that does not fit in 64 bits is a float. */
enum dx_number dx_read_number(const char **p, const char *end, int64_t *integer, double *number);

/* A time written as text, in Unix seconds: ISO 8601, RFC 822 or digits. 0 where it is none of them. */
int dx_read_time(const char *text, size_t len, double *seconds);

#endif
