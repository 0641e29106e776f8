/* Sessions: see session.h. */
#include "net/session.h"

#include <stdlib.h>

struct dx_session {
    struct dx_transfers transfers;
    int is_closed;
};

static struct dx_transfer *transfer_at(struct dx_link *link)
{
    return DX_OWNER(link, struct dx_transfer, link);
}

/* ---- what the pool reports */

static void on_connected(struct dx_connection *c, CURLcode code)
{
    dx_transfer_connected(c->user, code);
}

static void on_ready(struct dx_connection *c, int what)
{
    dx_transfer_ready(c->user, what);
}

static void on_timeout(struct dx_pool *p, long long now)
{
    struct dx_link *active = &DX_OWNER(p, struct dx_transfers, pool)->active, *at, *next;

    for (at = active->next; at != active; at = next) {
        next = at->next;
        dx_transfer_on_timeout(transfer_at(at), now);
    }
}

static void on_fork(struct dx_pool *p)
{
    struct dx_link *active = &DX_OWNER(p, struct dx_transfers, pool)->active;

    while (!dx_list_is_empty(active)) {
        struct dx_transfer *t = transfer_at(active->next);

        dx_transfer_fail(t, t->sent ? DX_RESET : DX_CONNECT, "the process was forked meanwhile");
    }
}

static const struct dx_pool_owner owner = { on_connected, on_ready, on_timeout, on_fork };

/* ---- sessions */

struct dx_session *dx_session_new(struct dx_loop *l, const char *ca_bundle, const char *ca_text, const char *proxy,
                                  const char **message)
{
    struct dx_session *s = NULL;

    *message = "not enough memory";
    if (dx_pool_init_library() != 0 || (s = calloc(1, sizeof *s)) == NULL)
        return NULL;
    dx_list_init(&s->transfers.active);
    dx_route_init(&s->transfers.route);
    dx_pool_init(&s->transfers.pool, l, &s->transfers.settings, &owner);
    *message = dx_settings_init(&s->transfers.settings, ca_bundle, ca_text, proxy);
    if (*message == NULL)
        return s;
    dx_session_free(s);
    return NULL;
}

void dx_session_close(struct dx_session *s)
{
    struct dx_transfers *transfers = &s->transfers;

    if (s->is_closed)
        return;
    dx_loop_check_fork(dx_session_loop(s));
    s->is_closed = 1;
    while (!dx_list_is_empty(&transfers->active))
        dx_transfer_fail(transfer_at(transfers->active.next), DX_CANCELLED, "the client was closed meanwhile");
    dx_pool_free(&transfers->pool);
    dx_settings_free(&transfers->settings);
    dx_route_free(&transfers->route);
}

int dx_session_is_closed(const struct dx_session *s)
{
    return s->is_closed;
}

struct dx_loop *dx_session_loop(struct dx_session *s)
{
    return s->transfers.pool.source.loop;
}

void dx_session_free(struct dx_session *s)
{
    dx_session_close(s);
    free(s);
}

/* ---- transfers */

struct dx_transfer *dx_session_start(struct dx_session *s, struct dx_exchange *x, long connect_ms, long total_ms,
    long long id, struct dx_link *queue)
{
    struct dx_transfer *t;

    if (s->is_closed)
        return NULL;
    dx_loop_check_fork(dx_session_loop(s));
    if (dx_pool_open(&s->transfers.pool) != 0)
        return NULL;
    t = dx_transfer_new(&s->transfers, id, queue);
    if (t != NULL)
        dx_transfer_start(t, x, connect_ms, total_ms);
    return t;
}

void dx_session_cancel(struct dx_session *s, long long id)
{
    struct dx_link *active = &s->transfers.active, *at, *next;

    if (!s->is_closed)
        dx_loop_check_fork(dx_session_loop(s));
    for (at = active->next; at != active; at = next) {
        next = at->next;
        if (transfer_at(at)->id == id)
            dx_transfer_release(transfer_at(at));
    }
}
