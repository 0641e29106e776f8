/* Base64 and hex: see base64.h. */
#include "base/base64.h"

static const char STANDARD[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char FOR_URLS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static int encode(struct dx_buf *out, const char *bytes, size_t len, const char *alphabet, int padded)
{
    const unsigned char *at = (const unsigned char *)bytes;
    char *to;

    if (dx_buf_reserve(out, len / 3 * 4 + 4) != 0)
        return -1;
    to = out->data + out->len;
    for (; len >= 3; len -= 3, at += 3) {
        *to++ = alphabet[at[0] >> 2];
        *to++ = alphabet[(at[0] & 3) << 4 | at[1] >> 4];
        *to++ = alphabet[(at[1] & 15) << 2 | at[2] >> 6];
        *to++ = alphabet[at[2] & 63];
    }
    if (len > 0) {
        *to++ = alphabet[at[0] >> 2];
        *to++ = alphabet[(at[0] & 3) << 4 | (len > 1 ? at[1] >> 4 : 0)];
        if (len > 1)
            *to++ = alphabet[(at[1] & 15) << 2];
        else if (padded)
            *to++ = '=';
        if (padded)
            *to++ = '=';
    }
    out->len = (size_t)(to - out->data);
    return 0;
}

int dx_base64(struct dx_buf *out, const char *bytes, size_t len)
{
    return encode(out, bytes, len, STANDARD, 1);
}

int dx_base64url(struct dx_buf *out, const char *bytes, size_t len)
{
    return encode(out, bytes, len, FOR_URLS, 0);
}

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static int is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

int dx_unbase64(struct dx_buf *out, const char *text, size_t len)
{
    const char *end = text + len;
    size_t digits = 0, padding = 0;
    unsigned group = 0;
    char *to;

    if (dx_buf_reserve(out, len / 4 * 3 + 1) != 0)
        return -1;
    for (to = out->data + out->len; text < end; text++) {
        int value = *text == '=' ? 0 : digit(*text);

        if (is_space(*text))
            continue;
        padding += *text == '=';
        if (value < 0 || (padding > 0 && *text != '='))
            return -1;
        group = group << 6 | (unsigned)value;
        if (++digits % 4 != 0)
            continue;
        *to++ = (char)(group >> 16 & 255);
        *to++ = (char)(group >> 8 & 255);
        *to++ = (char)(group & 255);
    }
    if (digits % 4 != 0 || padding > 2)
        return -1;
    out->len = (size_t)(to - out->data) - padding;
    return 0;
}

void dx_hex(const unsigned char *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    for (i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
}
