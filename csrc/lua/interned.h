/*
 * Interned texts: a small table that finds a text which occurs again without
 * hashing all of it. A later text replaces an earlier one in the same slot.
 */
#ifndef DX_INTERNED_H
#define DX_INTERNED_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { DX_INTERNED_BITS = 9, DX_INTERNED = 1 << DX_INTERNED_BITS };

/* An interned text. */
struct dx_interned {
    const char *text;        /* NULL: none yet */
    size_t len;
};

/* Whether n bytes are equal. Names and values are short: calling memcmp would take longer. */
static inline int dx_same(const char *a, const char *b, size_t n)
{
    uint64_t x, y;
    uint32_t u, v;

    if (n < 4) {
        while (n > 0 && a[n - 1] == b[n - 1])
            n--;
        return n == 0;
    }
    if (n < 8) { /* the first four and the last four */
        memcpy(&u, a, 4);
        memcpy(&v, b, 4);
        if (u != v)
            return 0;
        memcpy(&u, a + n - 4, 4);
        memcpy(&v, b + n - 4, 4);
        return u == v;
    }
    for (; n > 8; a += 8, b += 8, n -= 8) {
        memcpy(&x, a, 8);
        memcpy(&y, b, 8);
        if (x != y)
            return 0;
        if (n < 16) { /* then the last eight, some of them once more */
            a -= 16 - n;
            b -= 16 - n;
            n = 16;
        }
    }
    memcpy(&x, a, 8);
    memcpy(&y, b, 8);
    return x == y;
}

/* The slot, below DX_INTERNED, of a text of at least one byte. Bytes up to `end` can be read. */
static inline size_t dx_interned_slot(const char *text, size_t len, const char *end)
{
    uint64_t first = 0, last = 0;

    if (len >= 8) {
        memcpy(&first, text, 8);
        memcpy(&last, text + len - 8, 8);
    } else if (end - text >= 8) { /* the bytes behind the text are read, and shifted out */
        memcpy(&first, text, 8);
        first <<= 64 - 8 * len;
    }
    first = (first ^ last * UINT64_C(0x9E3779B97F4A7C15) ^ len) * UINT64_C(0xD6E8FEB86659FD93);
    return (size_t)(first >> (64 - DX_INTERNED_BITS));
}

#endif
