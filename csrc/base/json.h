/*
 * Writing JSON, and what both directions need: finding the end of plain text,
 * UTF-8. Without Lua.
 */
#ifndef DX_JSON_H
#define DX_JSON_H

#include "base/buf.h"

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
