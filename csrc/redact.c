/* Taking secrets out of texts: see redact.h. */
#include "redact.h"

enum { MIN_NEEDLE = 4 };

static unsigned char lower(char c)
{
    unsigned char u = (unsigned char)c;

    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + ('a' - 'A')) : u;
}

static int starts_with(const char *text, size_t len, const struct dx_needle *needle)
{
    size_t i;

    if (needle->len < MIN_NEEDLE || needle->len > len)
        return 0;
    for (i = 0; i < needle->len; i++)
        if (lower(text[i]) != lower(needle->text[i]))
            return 0;
    return 1;
}

int dx_redact(struct dx_buf *out, const char *text, size_t len,
              const struct dx_needle *needles, size_t n)
{
    size_t i, k, copied = 0;

    for (i = 0; i < len; i++) {
        for (k = 0; k < n && !starts_with(text + i, len - i, &needles[k]); k++)
            ;
        if (k == n)
            continue;
        if (dx_buf_add(out, text + copied, i - copied) != 0 || dx_buf_adds(out, "<hidden>") != 0)
            return -1;
        copied = i + needles[k].len;
        i = copied - 1;
    }
    return dx_buf_add(out, text + copied, len - copied);
}
