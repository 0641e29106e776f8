/*
 * Parts of reading JSON that need no Lua: finding the end of plain text,
 * undoing escapes, numbers and times.
 */
#ifndef DX_DECODE_H
#define DX_DECODE_H

#include "buf.h"

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/*
 * The first byte from `p` on that is not plain ASCII text of a JSON string: a quote, a backslash, a control
 * character, a byte above 127, or the end.
 */
static inline const char *dx_skip_plain(const char *p, const char *end)
{
#if defined __SSE2__ && defined __GNUC__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');

    for (; end - p >= 16; p += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, backslash)),
                                       _mm_cmplt_epi8(x, space)); /* signed: bytes above 127 are less than a space */
        int mask = _mm_movemask_epi8(special);

        if (mask != 0)
            return p + __builtin_ctz((unsigned)mask);
    }
#endif
    while (p < end && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80 && *p != '"' && *p != '\\')
        p++;
    return p;
}

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
