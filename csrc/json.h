/*
 * Writing JSON, and UTF-8 as both directions need it. Without Lua.
 */
#ifndef DX_JSON_H
#define DX_JSON_H

#include "buf.h"

#include <stdint.h>

/* Bytes of the UTF-8 sequence at `p`; 0 where it is not one (overlong, surrogate, cut short, beyond U+10FFFF). */
size_t dx_utf8_step(const char *p, const char *end);

/* Code points of a text, or -1 where it is not valid UTF-8. */
ptrdiff_t dx_utf8_length(const char *text, size_t len);

/* The appends return 0, or -1 as dx_buf_add does. */

/* A string in its quotes; the text must be valid UTF-8, which is written as it is. */
int dx_json_string(struct dx_buf *out, const char *text, size_t len);

int dx_json_integer(struct dx_buf *out, int64_t value);

/* A finite number, in the fewest digits that read back as the same. */
int dx_json_number(struct dx_buf *out, double value);

#endif
