/* Reading strings, numbers and times: see decode.h. */
#include "decode.h"
#include "json.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- strings */

static int hex4(const char *p, const char *end, unsigned *value)
{
    int i;

    if (end - p < 4)
        return -1;
    *value = 0;
    for (i = 0; i < 4; i++) {
        char c = p[i];

        *value <<= 4;
        if (c >= '0' && c <= '9')
            *value |= (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            *value |= (unsigned)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            *value |= (unsigned)(c - 'A' + 10);
        else
            return -1;
    }
    return 0;
}

static int add_code_point(struct dx_buf *out, unsigned c)
{
    char text[4];
    size_t n;

    if (c < 0x80) {
        text[0] = (char)c;
        n = 1;
    } else if (c < 0x800) {
        text[0] = (char)(0xC0 | c >> 6);
        n = 2;
    } else if (c < 0x10000) {
        text[0] = (char)(0xE0 | c >> 12);
        text[1] = (char)(0x80 | (c >> 6 & 0x3F));
        n = 3;
    } else {
        text[0] = (char)(0xF0 | c >> 18);
        text[1] = (char)(0x80 | (c >> 12 & 0x3F));
        text[2] = (char)(0x80 | (c >> 6 & 0x3F));
        n = 4;
    }
    if (n > 1)
        text[n - 1] = (char)(0x80 | (c & 0x3F));
    return dx_buf_add(out, text, n);
}

/* What follows a \u: one code point, of one or two escapes. */
static int add_unicode(struct dx_buf *out, const char **p, const char *end, const char **message)
{
    unsigned c, low;

    if (hex4(*p, end, &c) != 0) {
        *message = "a \\u that no four hexadecimal digits follow";
        return -1;
    }
    *p += 4;
    if (c >= 0xD800 && c <= 0xDBFF && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u' &&
        hex4(*p + 2, end, &low) == 0 && low >= 0xDC00 && low <= 0xDFFF) {
        *p += 6;
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    } else if (c >= 0xD800 && c <= 0xDFFF) {
        c = 0xFFFD;
    }
    return add_code_point(out, c);
}

static int add_escape(struct dx_buf *out, const char **p, const char *end, const char **message)
{
    char c;

    if (*p == end) {
        *message = "it ends inside a string";
        return -1;
    }
    c = *(*p)++;
    switch (c) {
    case '"':
    case '\\':
    case '/': break;
    case 'b': c = '\b'; break;
    case 'f': c = '\f'; break;
    case 'n': c = '\n'; break;
    case 'r': c = '\r'; break;
    case 't': c = '\t'; break;
    case 'u': return add_unicode(out, p, end, message);
    default:
        *message = "an unknown escape";
        return -1;
    }
    return dx_buf_addc(out, c);
}

int dx_unescape(struct dx_buf *out, const char **p, const char *end, const char **message)
{
    *message = NULL;
    for (;;) {
        const char *plain = *p;
        size_t step;

        *p = dx_skip_plain(plain, end);
        if (dx_buf_add(out, plain, (size_t)(*p - plain)) != 0)
            return -1;
        if (*p == end) {
            *message = "it ends inside a string";
            return -1;
        }
        switch (**p) {
        case '"':
            ++*p;
            return 0;
        case '\\':
            ++*p;
            if (add_escape(out, p, end, message) != 0)
                return -1;
            break;
        default:
            step = (unsigned char)**p < 0x80 ? 0 : dx_utf8_step(*p, end);
            if (step == 0) {
                *message = (unsigned char)**p < 0x80 ? "a control character in a string" : "text that is not UTF-8";
                return -1;
            }
            if (dx_buf_add(out, *p, step) != 0)
                return -1;
            *p += step;
        }
    }
}

/* ---- numbers */

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

/* strtod of a number whose form was checked, in any locale. */
static enum dx_number to_double(const char *text, size_t len, double *number)
{
    char copy[64], *large = NULL, *digits = copy, *stop, *point;

    if (len >= sizeof copy) {
        large = malloc(len + 1);
        if (large == NULL)
            return DX_NUMBER_HUGE;
        digits = large;
    }
    memcpy(digits, text, len);
    digits[len] = '\0';
    point = strchr(digits, '.');
    if (point != NULL)
        *point = localeconv()->decimal_point[0];
    *number = strtod(digits, &stop);
    free(large);
    return *number - *number == 0 ? DX_NUMBER_FLOAT : DX_NUMBER_HUGE;
}

enum dx_number dx_read_number(const char **p, const char *end, int64_t *integer, double *number)
{
    const char *start = *p, *at = start, *digits;
    uint64_t value = 0;
    int is_negative = 0, is_integer = 1;

    if (at < end && *at == '-') {
        is_negative = 1;
        at++;
    }
    digits = at;
    at = skip_digits(at, end);
    *p = at;
    if (at == digits || (*digits == '0' && at - digits > 1))
        return DX_NUMBER_BAD;
    if (at < end && *at == '.') {
        const char *fraction = at + 1;

        is_integer = 0;
        *p = at = skip_digits(fraction, end);
        if (at == fraction)
            return DX_NUMBER_BAD;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        const char *exponent = at + 1;

        is_integer = 0;
        if (exponent < end && (*exponent == '+' || *exponent == '-'))
            exponent++;
        *p = at = skip_digits(exponent, end);
        if (at == exponent)
            return DX_NUMBER_BAD;
    }
    if (!is_integer || at - digits > 19)
        return to_double(start, (size_t)(at - start), number);
    for (; digits < at; digits++)
        value = value * 10 + (uint64_t)(*digits - '0'); /* 19 digits fit in 64 bits */
    if (value > (uint64_t)INT64_MAX + (uint64_t)is_negative)
        return to_double(start, (size_t)(at - start), number);
    *integer = is_negative ? (int64_t)(0 - value) : (int64_t)value;
    return DX_NUMBER_INTEGER;
}

/* ---- times */

/* Days since 1970-01-01 of a date in the Gregorian calendar. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/* "Z", "GMT", "UTC", "+hh:mm", "+hhmm" or nothing, up to the end of the text. */
static int read_zone(const char *text, int *seconds)
{
    int hours = 0, minutes = 0, n = 0;
    char sign;

    while (*text == ' ')
        text++;
    *seconds = 0;
    if (*text == '\0' || strcmp(text, "Z") == 0 || strcmp(text, "z") == 0 || strcmp(text, "GMT") == 0 ||
        strcmp(text, "UTC") == 0)
        return 1;
    sign = *text++;
    if (sign != '+' && sign != '-')
        return 0;
    if (sscanf(text, "%2d:%2d%n", &hours, &minutes, &n) < 2 && sscanf(text, "%2d%2d%n", &hours, &minutes, &n) < 2)
        return 0;
    if (text[n] != '\0' || hours > 23 || minutes > 59 || hours < 0 || minutes < 0)
        return 0;
    *seconds = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
    return 1;
}

static int month_of(const char *name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *at = strlen(name) == 3 ? strstr(names, name) : NULL;

    return at == NULL || (at - names) % 3 != 0 ? 0 : (int)(at - names) / 3 + 1;
}

int dx_read_time(const char *text, size_t len, double *seconds)
{
    char copy[48], name[4] = "", *at = copy;
    int year, month = 0, day, hour = 0, minute = 0, second = 0, offset, n = 0;
    double fraction = 0, scale = 1;
    const char *p = text;
    int64_t integer;

    if (len == 0 || len >= sizeof copy || memchr(text, '\0', len) != NULL)
        return 0;
    switch (dx_read_number(&p, text + len, &integer, seconds)) {
    case DX_NUMBER_INTEGER:
        *seconds = (double)integer;
        /* fall through */
    case DX_NUMBER_FLOAT:
        if (p == text + len)
            return 1;
        break;
    default:
        break;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (sscanf(copy, "%4d-%2d-%2d%n", &year, &month, &day, &n) == 3 && n > 0) {
        at += n;
        n = 0;
        if (*at == 'T' || *at == 't' || *at == ' ') {
            if (sscanf(at + 1, "%2d:%2d:%2d%n", &hour, &minute, &second, &n) < 3 || n == 0)
                return 0;
            at += n + 1;
        }
        if (*at == '.')
            for (at++; *at >= '0' && *at <= '9'; at++)
                fraction += (*at - '0') * (scale /= 10);
    } else {
        at = strchr(copy, ',');
        at = at == NULL ? copy : at + 1;
        if (sscanf(at, "%2d %3[A-Za-z] %4d %2d:%2d:%2d%n", &day, name, &year, &hour, &minute, &second, &n) < 6 || n == 0)
            return 0;
        month = month_of(name);
        at += n;
    }
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 60 || !read_zone(at, &offset))
        return 0;
    *seconds = (double)(days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset) + fraction;
    return 1;
}
