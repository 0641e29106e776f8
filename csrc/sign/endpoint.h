/*
 * Where calls go, and their signature: what is the same in every call to an
 * endpoint is put together once, what differs is filled in between.
 */
#ifndef DX_TARGET_H
#define DX_TARGET_H

#include "base/exchange.h"
#include "sign/sigv4.h"

/* An endpoint. A zeroed one is closed. */
struct dx_target {
    struct dx_buf url;       /* NUL-terminated, its host in lower case */
    struct dx_buf opening;   /* of the canonical request, up to the first header's value */
    struct dx_buf middle;    /* from behind the second header's value up to the date */
    struct dx_buf user_agent;
    struct dx_url parts;     /* of `url` */
};

/* Returns NULL, or what is wrong with the arguments; dx_target_free is due in any case. */
const char *dx_target_init(struct dx_target *t, const char *url, size_t len, const char *user_agent, size_t ua_len);
void dx_target_free(struct dx_target *t);

/* What differs from attempt to attempt. */
struct dx_attempt {
    double epoch;
    const char *invocation_id;
    size_t invocation_id_len;
    int number, max;         /* from 1 on */
};

/*
 * Writes url and head of the exchange, whose method, target and body are there already. The signer is NULL for an
 * unsigned request. `extra` are further headers, NULL where there are none: signed as well, and their lines must be in
 * `extra_lines` as in the head. Returns NULL or what is wrong.
 */
const char *dx_target_sign(struct dx_exchange *x, const struct dx_target *t, struct dx_signer *s,
                           const struct dx_attempt *a, struct dx_fields *extra, const struct dx_buf *extra_lines);

/* Whether a header, in any case, is set by dx_target_sign or by the transport, and may not be among the extra ones. */
int dx_target_owns(const char *name, size_t len);

#endif
