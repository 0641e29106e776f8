/* What follows from a URL: see route.h. */
#include "base/route.h"

#include "base/exchange.h"
#include "base/url.h"

#include <string.h>

void dx_route_init(struct dx_route *r)
{
    dx_buf_init(&r->url, DX_HEAD_MAX);
    dx_buf_init(&r->origin, DX_HEAD_MAX);
    dx_buf_init(&r->request_target, DX_HEAD_MAX);
    dx_buf_init(&r->host, DX_HEAD_MAX);
}

void dx_route_free(struct dx_route *r)
{
    dx_buf_free(&r->url);
    dx_buf_free(&r->origin);
    dx_buf_free(&r->request_target);
    dx_buf_free(&r->host);
}

static int fill(struct dx_route *r, const struct dx_url *u)
{
    struct dx_buf *target = &r->request_target;
    int status = dx_url_host(&r->host, u);

    status |= dx_buf_adds(&r->origin, u->https ? "https://" : "http://");
    status |= dx_buf_add(&r->origin, r->host.data, r->host.len);
    if (r->is_proxied)
        status |= dx_buf_add(target, r->origin.data, r->origin.len);
    status |= dx_buf_addc(&r->origin, '\0');
    status |= u->path_len > 0 ? dx_buf_add(target, u->path, u->path_len) : dx_buf_addc(target, '/');
    if (u->query != NULL) {
        status |= dx_buf_addc(target, '?');
        status |= dx_buf_add(target, u->query, u->query_len);
    }
    return status;
}

const char *dx_route_set(struct dx_route *r, const struct dx_buf *url, int has_proxy)
{
    const char *problem;
    struct dx_url u;

    if (url->len > 0 && r->url.len == url->len && memcmp(r->url.data, url->data, url->len) == 0)
        return NULL;
    dx_buf_reset(&r->url);
    dx_buf_reset(&r->origin);
    dx_buf_reset(&r->host);
    dx_buf_reset(&r->request_target);
    problem = dx_url_parse(&u, url->len > 0 ? url->data : "", url->len > 0 ? url->len - 1 : 0);
    if (problem != NULL)
        return problem;
    if (u.userinfo != NULL)
        return "it may not hold a user name or password";
    r->is_proxied = has_proxy && !u.https;
    if (fill(r, &u) == 0 && dx_buf_add(&r->url, url->data, url->len) == 0)
        return NULL;
    dx_buf_reset(&r->url);
    r->url.failed = DX_BUF_NOMEM;
    return "not enough memory";
}
