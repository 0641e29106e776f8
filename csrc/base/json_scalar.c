/* Reading strings, numbers and times: see decode.h. */
#include "base/json_scalar.h"
#include "base/json.h"

#include <float.h>
#include <locale.h>
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
            return DX_NUMBER_NOMEM;
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

/*
 * A decimal number of few digits, exactly: both the digits as an integer and the power of ten are exact doubles, so that
 * one division rounds once, as strtod does. 0 where it has more digits, or where doubles are not reckoned as such.
 */
static int few_digits(const char *digits, const char *end, int is_negative, double *number)
{
    static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
    const char *point = NULL;
    uint64_t value = 0;

    if (FLT_EVAL_METHOD != 0 || end - digits > 16)
        return 0;
    for (; digits < end; digits++) {
        if (*digits == '.')
            point = digits;
        else
            value = value * 10 + (uint64_t)(*digits - '0'); /* below 2^53 */
    }
    *number = (double)value / powers[end - point - 1];
    if (is_negative)
        *number = -*number;
    return 1;
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
        if ((at == end || (*at != 'e' && *at != 'E')) && few_digits(digits, at, is_negative, number))
            return DX_NUMBER_FLOAT;
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

/* The number in the next n digits, or -1 where there are fewer. */
static int take_digits(const char **p, int n)
{
    int value = 0;

    for (; n > 0; n--, ++*p) {
        if (**p < '0' || **p > '9')
            return -1;
        value = value * 10 + (**p - '0');
    }
    return value;
}

static int take_char(const char **p, char c)
{
    if (**p != c)
        return 0;
    ++*p;
    return 1;
}

/* "Z", "GMT", "UTC", "+hh:mm", "+hhmm", "+hh" or nothing, up to the end of the text. */
static int read_zone(const char *p, int *seconds)
{
    int hours, minutes = 0, is_west;

    while (take_char(&p, ' '))
        ;
    *seconds = 0;
    if (*p == '\0' || strcmp(p, "Z") == 0 || strcmp(p, "z") == 0 || strcmp(p, "GMT") == 0 || strcmp(p, "UTC") == 0)
        return 1;
    is_west = *p == '-';
    if (!take_char(&p, '+') && !take_char(&p, '-'))
        return 0;
    hours = take_digits(&p, 2);
    if (take_char(&p, ':') || *p != '\0')
        minutes = take_digits(&p, 2);
    if (*p != '\0' || hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return 0;
    *seconds = (hours * 60 + minutes) * (is_west ? -60 : 60);
    return 1;
}

struct date_time {
    int year, month, day, hour, minute, second;
    double fraction;
};

static int is_date_time(const struct date_time *t)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int is_leap = (t->year % 4 == 0 && t->year % 100 != 0) || t->year % 400 == 0;

    return t->year >= 0 && t->month >= 1 && t->month <= 12 && t->day >= 1 &&
           t->day <= days[t->month - 1] + (t->month == 2 && is_leap) && t->hour >= 0 && t->hour <= 23 &&
           t->minute >= 0 && t->minute <= 59 && t->second >= 0 && t->second <= 60;
}

/* "hh:mm:ss" or "hhmmss", with or without seconds and a fraction of them. */
static void take_time(const char **p, struct date_time *t)
{
    double scale = 1;
    int has_colons;

    t->hour = take_digits(p, 2);
    has_colons = take_char(p, ':');
    t->minute = take_digits(p, 2);
    if (has_colons ? take_char(p, ':') : **p >= '0' && **p <= '9')
        t->second = take_digits(p, 2);
    if (take_char(p, '.'))
        for (; **p >= '0' && **p <= '9'; ++*p)
            t->fraction += (**p - '0') * (scale /= 10);
}

/* ISO 8601: "2026-01-31", "2026-01-31T10:00:00.5", "20260131T100000". */
static void take_iso(const char **p, struct date_time *t)
{
    t->year = take_digits(p, 4);
    take_char(p, '-');
    t->month = take_digits(p, 2);
    take_char(p, '-');
    t->day = take_digits(p, 2);
    if (take_char(p, 'T') || take_char(p, 't') || (**p == ' ' && (*p)[1] >= '0' && (*p)[1] <= '9' && ++*p))
        take_time(p, t);
}

static int take_month(const char **p)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int i;

    for (i = 0; i < 12; i++) {
        if (strncmp(*p, names + 3 * i, 3) == 0) {
            *p += 3;
            return i + 1;
        }
    }
    return 0;
}

/* RFC 822 and its heirs: "Sat, 31 Jan 2026 10:00:00", the day's name optional. */
static void take_rfc822(const char **p, struct date_time *t)
{
    const char *comma = strchr(*p, ',');

    if (comma != NULL)
        *p = comma + 1;
    take_char(p, ' ');
    t->day = (*p)[0] != '\0' && (*p)[1] == ' ' ? take_digits(p, 1) : take_digits(p, 2);
    take_char(p, ' ');
    t->month = take_month(p);
    take_char(p, ' ');
    t->year = take_digits(p, 4);
    take_char(p, ' ');
    take_time(p, t);
}

int dx_read_time(const char *text, size_t len, double *seconds)
{
    char copy[48];
    const char *p = text;
    struct date_time t = { 0, 0, 0, 0, 0, 0, 0 };
    int64_t integer;
    int offset;

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
    p = copy;
    if (len > 4 && copy[0] >= '0' && copy[0] <= '9' && (copy[4] == '-' || strchr(copy, ' ') == NULL))
        take_iso(&p, &t);
    else
        take_rfc822(&p, &t);
    if (!is_date_time(&t) || !read_zone(p, &offset))
        return 0;
    *seconds = (double)(days_of(t.year, t.month, t.day) * 86400 + t.hour * 3600 + t.minute * 60 + t.second - offset) +
               t.fraction;
    return 1;
}
