/* URLs: see url.h. */
#include "base/url.h"

#include <stdlib.h>
#include <string.h>

static int is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_unreserved(char c)
{
    return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

int dx_hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* ---- parsing */

static size_t scheme_length(const char *text, size_t len, const char *scheme)
{
    size_t i, n = strlen(scheme);

    if (len < n)
        return 0;
    for (i = 0; i < n; i++)
        if (lower(text[i]) != scheme[i])
            return 0;
    return n;
}

static const char *parse_port(struct dx_url *u, const char *at, const char *end)
{
    int port = 0;

    if (at == end)
        return NULL; /* "host:": the default port */
    for (; at < end; at++) {
        if (!is_digit(*at))
            return "the port is not a number";
        port = port * 10 + (*at - '0');
        if (port > 65535)
            return "the port is above 65535";
    }
    if (port == 0)
        return "the port is 0";
    u->port = port;
    return NULL;
}

static const char *parse_host(struct dx_url *u, const char *at, const char *end)
{
    const char *p;

    if (at < end && *at == '[') {
        for (p = at + 1; p < end && (dx_hex_value(*p) >= 0 || *p == ':' || *p == '.'); p++)
            ;
        if (p == end || *p != ']' || p == at + 1)
            return "the address in brackets is malformed";
        p++;
    } else {
        for (p = at; p < end && (is_unreserved(*p) || *p == '%'); p++)
            ;
    }
    u->host = at;
    u->host_len = (size_t)(p - at);
    if (u->host_len == 0)
        return "there is no host";
    if (p == end)
        return NULL;
    if (*p != ':')
        return "the host holds a character that none may have";
    return parse_port(u, p + 1, end);
}

const char *dx_url_parse(struct dx_url *u, const char *text, size_t len)
{
    const char *end = text + len, *at, *authority_end, *p;
    size_t n;

    memset(u, 0, sizeof *u);
    for (p = text; p < end; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return "it holds a control character";
    n = scheme_length(text, len, "https://");
    u->https = n > 0;
    if (n == 0)
        n = scheme_length(text, len, "http://");
    if (n == 0)
        return "it must begin with http:// or https://";
    p = memchr(text, '#', len);
    if (p != NULL)
        end = p;
    u->len = (size_t)(end - text);
    at = text + n;
    for (authority_end = at; authority_end < end && strchr("/?", *authority_end) == NULL; authority_end++)
        ;
    for (p = authority_end; p > at && p[-1] != '@'; p--)
        ;
    if (p > at) {
        u->userinfo = at;
        u->userinfo_len = (size_t)(p - 1 - at);
        at = p;
    }
    u->path = authority_end;
    p = memchr(u->path, '?', (size_t)(end - u->path));
    u->path_len = (size_t)((p != NULL ? p : end) - u->path);
    if (p != NULL) {
        u->query = p + 1;
        u->query_len = (size_t)(end - u->query);
    }
    return parse_host(u, at, authority_end);
}

int dx_url_host(struct dx_buf *out, const struct dx_url *u)
{
    char digits[5];
    size_t i;
    int port = u->port, n = 0;

    if (dx_buf_reserve(out, u->host_len) != 0)
        return -1;
    for (i = 0; i < u->host_len; i++)
        out->data[out->len++] = lower(u->host[i]);
    if (port == 0 || port == (u->https ? 443 : 80))
        return 0;
    if (dx_buf_addc(out, ':') != 0)
        return -1;
    for (; port > 0; port /= 10)
        digits[n++] = (char)('0' + port % 10);
    while (n > 0)
        if (dx_buf_addc(out, digits[--n]) != 0)
            return -1;
    return 0;
}

/* ---- canonical forms */

static int add_encoded(struct dx_buf *out, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char u = (unsigned char)c;
    char escape[3];

    escape[0] = '%';
    escape[1] = digits[u >> 4];
    escape[2] = digits[u & 15];
    return dx_buf_add(out, escape, 3);
}

static int add_segment(struct dx_buf *out, const char *at, const char *end)
{
    for (; at < end; at++)
        if ((is_unreserved(*at) ? dx_buf_addc(out, *at) : add_encoded(out, *at)) != 0)
            return -1;
    return 0;
}

int dx_url_normal_path(struct dx_buf *out, const struct dx_url *u)
{
    const char *at = u->path, *end = u->path + u->path_len, *slash;
    size_t start = out->len, n;

    for (; at < end; at = slash + 1) {
        slash = memchr(at, '/', (size_t)(end - at));
        if (slash == NULL)
            slash = end;
        n = (size_t)(slash - at);
        if (n == 0 || (n == 1 && at[0] == '.'))
            continue;
        if (n == 2 && at[0] == '.' && at[1] == '.') {
            while (out->len > start && out->data[--out->len] != '/')
                ;
            continue;
        }
        if (dx_buf_addc(out, '/') != 0 || add_segment(out, at, slash) != 0)
            return -1;
    }
    if (out->len == start || end[-1] == '/')
        return dx_buf_addc(out, '/');
    return 0;
}

int dx_url_plain_path(struct dx_buf *out, const struct dx_url *u)
{
    size_t i;
    char c;

    if (u->path_len == 0)
        return dx_buf_addc(out, '/');
    for (i = 0; i < u->path_len; i++) {
        c = u->path[i];
        if ((is_unreserved(c) || c == '/' || c == '%' ? dx_buf_addc(out, c) : add_encoded(out, c)) != 0)
            return -1;
    }
    return 0;
}

/* A parameter, encoded, in the scratch buffer. */
struct param {
    const char *name, *value;
    size_t name_len, value_len;
};

static int compare_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

    return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

static int compare_params(const void *left, const void *right)
{
    const struct param *a = left, *b = right;
    int order = compare_text(a->name, a->name_len, b->name, b->name_len);

    return order != 0 ? order : compare_text(a->value, a->value_len, b->value, b->value_len);
}

/* Writes the bytes at..end as they are signed: escapes decoded first; a plus sign stays. There must be room. */
static char *encode_anew(char *to, const char *at, const char *end)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char byte;

    while (at < end) {
        if (*at == '%' && end - at > 2 && dx_hex_value(at[1]) >= 0 && dx_hex_value(at[2]) >= 0) {
            byte = (unsigned char)(dx_hex_value(at[1]) * 16 + dx_hex_value(at[2]));
            at += 3;
        } else {
            byte = (unsigned char)*at++;
        }
        if (is_unreserved((char)byte)) {
            *to++ = (char)byte;
        } else {
            *to++ = '%';
            *to++ = digits[byte >> 4];
            *to++ = digits[byte & 15];
        }
    }
    return to;
}

int dx_url_canonical_query(struct dx_buf *out, const struct dx_url *u, struct dx_buf *scratch)
{
    const char *at, *next, *equals, *end;
    struct param *params;
    size_t n = 1, i;
    char *to;

    if (u->query_len == 0)
        return 0;
    end = u->query + u->query_len;
    for (at = u->query; at < end; at++)
        n += *at == '&';
    /* the list of parameters, then their text */
    dx_buf_reset(scratch);
    if (dx_buf_reserve(scratch, n * sizeof *params + 3 * u->query_len) != 0)
        return -1;
    params = (struct param *)(void *)scratch->data;
    to = scratch->data + n * sizeof *params;
    for (at = u->query, i = 0; i < n; i++, at = next + 1) {
        next = memchr(at, '&', (size_t)(end - at));
        if (next == NULL)
            next = end;
        equals = memchr(at, '=', (size_t)(next - at));
        params[i].name = to;
        to = encode_anew(to, at, equals != NULL ? equals : next);
        params[i].name_len = (size_t)(to - params[i].name);
        params[i].value = to;
        if (equals != NULL)
            to = encode_anew(to, equals + 1, next);
        params[i].value_len = (size_t)(to - params[i].value);
    }
    qsort(params, n, sizeof *params, compare_params);
    for (i = 0; i < n; i++) {
        if ((i > 0 && dx_buf_addc(out, '&') != 0) || dx_buf_add(out, params[i].name, params[i].name_len) != 0 ||
            dx_buf_addc(out, '=') != 0 || dx_buf_add(out, params[i].value, params[i].value_len) != 0)
            return -1;
    }
    return 0;
}
