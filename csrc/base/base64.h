/* Base64 in both alphabets of RFC 4648, and hex. */
#ifndef DX_BASE64_H
#define DX_BASE64_H

#include "base/buf.h"

/* Appends the text of the bytes, with padding. */
int dx_base64(struct dx_buf *out, const char *bytes, size_t len);

/* Appends it in the alphabet for URLs, without padding. */
int dx_base64url(struct dx_buf *out, const char *bytes, size_t len);

/* Appends the bytes of a padded text; skips white space. Returns 0, or -1: not base64, or no memory. */
int dx_unbase64(struct dx_buf *out, const char *text, size_t len);

/* Writes lower-case hex: 2 * len characters, no NUL. */
void dx_hex(const unsigned char *bytes, size_t len, char *out);

#endif
