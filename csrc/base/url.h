/*
 * URLs: parsed, and in the canonical forms that are signed.
 */
#ifndef DX_URL_H
#define DX_URL_H

#include "base/buf.h"

/* Parts of a text, which must outlive this struct; none is NUL-terminated. */
struct dx_url {
    int https;                       /* the scheme is https, else http */
    const char *userinfo;            /* NULL where there is none */
    size_t userinfo_len;
    const char *host;                /* with its brackets where it is an IPv6 address */
    size_t host_len;
    int port;                        /* 0 where none is given */
    const char *path;                /* may be empty */
    size_t path_len;
    const char *query;               /* NULL where there is no '?' */
    size_t query_len;
    size_t len;                      /* of the text without its fragment */
};

/* The value of a hexadecimal digit; -1: it is none. */
int dx_hex_value(char c);

/* Returns NULL, or what is wrong; the message repeats nothing of the text. */
const char *dx_url_parse(struct dx_url *u, const char *text, size_t len);

/* Appends the Host header's value: lower case, without the scheme's own port. */
int dx_url_host(struct dx_buf *out, const struct dx_url *u);

/* Appends the path as all services but S3 sign it: dot segments and repeated slashes resolved, every byte that is not
 * unreserved encoded, also in escapes. */
int dx_url_normal_path(struct dx_buf *out, const struct dx_url *u);

/* Appends the path as S3 signs it: nothing resolved, escapes kept. */
int dx_url_plain_path(struct dx_buf *out, const struct dx_url *u);

/* Appends the query as it is signed: decoded, encoded again, sorted by name, then value. Uses `scratch`. */
int dx_url_canonical_query(struct dx_buf *out, const struct dx_url *u, struct dx_buf *scratch);

#endif
