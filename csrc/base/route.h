/*
 * What follows from a request's URL: the origin to connect to, and what the
 * request's head says. Worked out once for all requests with the same URL.
 */
#ifndef DX_ROUTE_H
#define DX_ROUTE_H

#include "base/buf.h"

struct dx_route {
    struct dx_buf url;            /* that the rest follows from, NUL-terminated */
    struct dx_buf origin;         /* scheme, host and port, NUL-terminated */
    struct dx_buf request_target; /* behind the method: path and query, or the whole URL for a proxy */
    struct dx_buf host;           /* of the Host header */
    int is_proxied;               /* a proxy reads the request */
};

void dx_route_init(struct dx_route *r);
void dx_route_free(struct dx_route *r);

/* Sets the route for a URL, NUL-terminated. `has_proxy`: it reads the requests for http URLs. Returns
 * NULL or what is wrong; url.failed is set if it was memory. */
const char *dx_route_set(struct dx_route *r, const struct dx_buf *url, int has_proxy);

#endif
