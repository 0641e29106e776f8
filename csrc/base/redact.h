/*
 * Removes secrets from texts.
 *
 * A service or a proxy may repeat what it was sent. The secrets of the request
 * are replaced before such a text becomes a message.
 */
#ifndef DX_REDACT_H
#define DX_REDACT_H

#include "base/buf.h"

struct dx_needle {
    const char *text;
    size_t len;
};

/*
 * Appends `text` to `out` with every occurrence of a needle, in any case of its
 * letters, replaced by "<hidden>". Ignores needles shorter than four bytes,
 * which occur everywhere. Returns 0, or -1 as dx_buf_add.
 */
int dx_redact(struct dx_buf *out, const char *text, size_t len,
              const struct dx_needle *needles, size_t n);

#endif
