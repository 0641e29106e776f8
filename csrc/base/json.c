/* Writing JSON: see json.h. */
#include "base/json.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>

size_t dx_utf8_step(const char *text, const char *end)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t left = (size_t)(end - text), n, i;
    unsigned char low = 0x80, high = 0xBF; /* what the second byte may be */

    if (left == 0)
        return 0;
    if (p[0] < 0x80)
        return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        n = 2;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        n = 3;
        if (p[0] == 0xE0)
            low = 0xA0;
        else if (p[0] == 0xED)
            high = 0x9F;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        n = 4;
        if (p[0] == 0xF0)
            low = 0x90;
        else if (p[0] == 0xF4)
            high = 0x8F;
    } else {
        return 0;
    }
    if (left < n || p[1] < low || p[1] > high)
        return 0;
    for (i = 2; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

ptrdiff_t dx_utf8_length(const char *text, size_t len)
{
    const char *end = text + len;
    ptrdiff_t n = 0;

    for (;;) {
        const char *plain = dx_skip_plain(text, end);
        size_t step;

        n += plain - text;
        if (plain == end)
            return n;
        step = (unsigned char)*plain < 0x80 ? 1 : dx_utf8_step(plain, end);
        if (step == 0)
            return -1;
        text = plain + step;
        n++;
    }
}

static int add_escaped(struct dx_buf *out, char c)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = { '\\', 'u', '0', '0', 0, 0 };

    switch (c) {
    case '"': return dx_buf_add(out, "\\\"", 2);
    case '\\': return dx_buf_add(out, "\\\\", 2);
    case '\n': return dx_buf_add(out, "\\n", 2);
    case '\r': return dx_buf_add(out, "\\r", 2);
    case '\t': return dx_buf_add(out, "\\t", 2);
    default:
        text[4] = digits[(unsigned char)c >> 4];
        text[5] = digits[c & 15];
        return dx_buf_add(out, text, 6);
    }
}

int dx_json_string(struct dx_buf *out, const char *text, size_t len)
{
    const char *end = text + len, *plain = text;

    if (dx_buf_reserve(out, len + 2) != 0)
        return -1;
    out->data[out->len++] = '"';
    for (;; text++) {
        text = dx_skip_plain(text, end);
        if (text < end && (unsigned char)*text >= 0x80)
            continue;
        if (dx_buf_add(out, plain, (size_t)(text - plain)) != 0)
            return -1;
        if (text == end)
            return dx_buf_addc(out, '"');
        if (add_escaped(out, *text) != 0)
            return -1;
        plain = text + 1;
    }
}

int dx_json_integer(struct dx_buf *out, int64_t value)
{
    char text[20];
    size_t at = sizeof text;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        text[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        text[--at] = '-';
    return dx_buf_add(out, text + at, sizeof text - at);
}

int dx_json_number(struct dx_buf *out, double value)
{
    char text[32];
    int digits, i;

    /* 15 digits survive in every normal number; trailing zeros are not written */
    for (digits = value > -DBL_MIN && value < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    for (i = 0; text[i] != '\0'; i++)
        if (text[i] == ',') /* some locales' decimal point */
            text[i] = '.';
    return dx_buf_adds(out, text);
}
