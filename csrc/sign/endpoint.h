/*
 * An endpoint, and the signature of calls to it. What is the same in every call
 * is prepared once.
 */
#ifndef DX_ENDPOINT_H
#define DX_ENDPOINT_H

#include "base/exchange.h"
#include "sign/sigv4.h"

/* An endpoint. A zeroed one is closed. */
struct dx_endpoint {
    struct dx_buf url;       /* NUL-terminated, its host in lower case */
    struct dx_buf opening;   /* the canonical request up to the first header's value */
    struct dx_buf middle;    /* its part between the second header's value and the date */
    struct dx_buf user_agent;
    struct dx_url parts;     /* of `url` */
};

/* Returns NULL, or what is wrong with the arguments; dx_endpoint_free is due in any case. */
const char *dx_endpoint_init(struct dx_endpoint *e, const char *url, size_t len, const char *user_agent, size_t ua_len);
void dx_endpoint_free(struct dx_endpoint *e);

/* What differs from attempt to attempt. */
struct dx_attempt {
    double epoch;
    const char *invocation_id;
    size_t invocation_id_len;
    int number, max;         /* from 1 on */
};

/*
 * Writes url and head of an exchange that has method, target and body. The
 * signer is NULL for an unsigned request. `extra` are further headers to sign,
 * or NULL; `extra_lines` are the same as lines of the head. Returns NULL or what
 * is wrong.
 */
const char *dx_endpoint_sign(struct dx_exchange *x, const struct dx_endpoint *e, struct dx_signer *s,
                           const struct dx_attempt *a, struct dx_headers *extra, const struct dx_buf *extra_lines);

/* True for a header that dx_endpoint_sign or the transport sets: it may not be an extra one. */
int dx_endpoint_owns(const char *name, size_t len);

#endif
