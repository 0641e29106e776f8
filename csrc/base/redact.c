/* Removes secrets from texts: see redact.h. */
#include "base/redact.h"

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

/* The length of the longest needle that the text begins with; 0: none. */
static size_t longest(const char *text, size_t len, const struct dx_needle *needles, size_t n)
{
    size_t k, found = 0;

    for (k = 0; k < n; k++)
        if (needles[k].len > found && starts_with(text, len, &needles[k]))
            found = needles[k].len;
    return found;
}

/* Needles may overlap. Whatever any of them covers is hidden. */
int dx_redact(struct dx_buf *out, const char *text, size_t len,
              const struct dx_needle *needles, size_t n)
{
    size_t i = 0, copied = 0;

    while (i < len) {
        size_t start = i, end = i + longest(text + i, len - i, needles, n);

        i++;
        if (end == start)
            continue;
        for (; i < end; i++) {
            size_t other = i + longest(text + i, len - i, needles, n);

            if (other > end)
                end = other;
        }
        if (dx_buf_add(out, text + copied, start - copied) != 0 || dx_buf_adds(out, "<hidden>") != 0)
            return -1;
        copied = end;
    }
    return dx_buf_add(out, text + copied, len - copied);
}
