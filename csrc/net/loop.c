/* The event loop and its sessions: see loop.h. */
#include "net/loop.h"

#include "base/forks.h"

#include <assert.h>
#include <stdlib.h>

enum {
    EVENTS = 16,       /* handled in one round; with more, the first waits longer for what it leads to */
    LONGEST_WAIT = 100 /* milliseconds: a signal may have reached another thread */
};

struct dx_loop *dx_loop_new(void)
{
    struct dx_loop *l;

    if (dx_forks_watch() != 0 || (l = calloc(1, sizeof *l)) == NULL)
        return NULL;
    l->holders = 1;
    l->forks = dx_forks();
    l->deadline = -1;
    dx_list_init(&l->active);
    dx_list_init(&l->waiting[0]);
    dx_list_init(&l->waiting[1]);
    if (dx_net_init(&l->net) == 0)
        return l;
    dx_loop_release(l);
    return NULL;
}

void dx_loop_release(struct dx_loop *l)
{
    if (--l->holders > 0)
        return;
    dx_net_free(&l->net);
    free(l);
}

/* After fork(): drops the parent's connections, before anything else is asked of the loop or its sessions. */
static void check_fork(struct dx_loop *l)
{
    if (l->forks == dx_forks())
        return;
    l->forks = dx_forks();
    dx_net_leave_to_parent(&l->net);
    dx_transfers_fail(l, NULL, "the process was forked meanwhile");
    dx_net_renew(&l->net);
}

/* The earlier of two times, of which -1 is none. */
static long long earlier(long long a, long long b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

long long dx_loop_due(const struct dx_loop *l)
{
    long long left, due = earlier(l->net.due, l->deadline);

    if (l->net.has_news || dx_transfers_can_resume(l))
        return 0;
    if (due < 0)
        return -1;
    left = due - dx_now();
    return left > 0 ? left : 0;
}

static void handle_event(struct dx_loop *l, const struct dx_event *event)
{
    struct dx_watched *w = dx_poller_get(&l->net.poller, event->fd);
    struct dx_connection *c;

    if (w == NULL || w->what == 0)
        return; /* closed while an earlier event was handled */
    c = w->user;
    if (c == NULL)
        dx_net_act(&l->net, event->fd, event->what);
    else if (c->state == DX_BUSY)
        dx_transfer_ready(c->user, event->what);
    else
        dx_connection_check_idle(c, event->what);
}

/* Tells transfers of the attempts to connect that are over, and that there is room. Returns how many. */
static int tell_transfers(struct dx_loop *l)
{
    struct dx_connection *c;
    CURLcode code;
    int n = 0;

    for (; (c = dx_net_next_attempt(&l->net, &code)) != NULL; n++)
        dx_transfer_connected(c->user, code);
    return n + dx_transfers_resume(l);
}

static int wait_ms(long long us)
{
    if (us < 0 || us > (long long)LONGEST_WAIT * 1000)
        return LONGEST_WAIT;
    return (int)((us + 999) / 1000);
}

void dx_loop_wait(struct dx_loop *l, long long us)
{
    struct dx_event events[EVENTS];
    int i, n;

    check_fork(l);
    if (tell_transfers(l) > 0) /* some attempts fail as soon as they begin */
        us = 0;
    else if (us != 0)
        us = earlier(us, dx_loop_due(l));
    n = dx_poller_wait(&l->net.poller, events, EVENTS, wait_ms(us));
    for (i = 0; i < n; i++)
        handle_event(l, &events[i]);
    dx_transfers_expire(l);
    dx_net_expire(&l->net);
    tell_transfers(l);
}

int dx_loop_fd(struct dx_loop *l)
{
    check_fork(l);
    return dx_poller_fd(&l->net.poller);
}

void dx_loop_wakeup(struct dx_loop *l)
{
    check_fork(l);
    dx_poller_wakeup(&l->net.poller);
}

void dx_loop_set_limit(struct dx_loop *l, int n)
{
    check_fork(l);
    l->net.limit = n;
    if (n > 0)
        dx_net_close_idle(&l->net, n);
}

/* ---- sessions */

struct dx_session *dx_session_new(struct dx_loop *l, const char *ca_bundle, const char *ca_text, const char *proxy,
                                  const char **message)
{
    struct dx_session *s = calloc(1, sizeof *s);

    *message = "not enough memory";
    if (s == NULL)
        return NULL;
    s->loop = l;
    l->holders++;
    dx_route_init(&s->route);
    dx_pool_init(&s->pool, &l->net);
    *message = dx_settings_init(&s->pool.settings, ca_bundle, ca_text, proxy);
    if (*message == NULL)
        return s;
    dx_session_free(s);
    return NULL;
}

void dx_session_close(struct dx_session *s)
{
    if (s->is_closed)
        return;
    check_fork(s->loop);
    s->is_closed = 1;
    dx_transfers_fail(s->loop, s, "the client was closed meanwhile");
    dx_pool_free(&s->pool);
    dx_route_free(&s->route);
}

void dx_session_free(struct dx_session *s)
{
    dx_session_close(s);
    dx_loop_release(s->loop);
    free(s);
}

struct dx_transfer *dx_session_start(struct dx_session *s, struct dx_exchange *x, long connect_ms, long total_ms,
    long long id, struct dx_link *queue)
{
    if (s->is_closed)
        return NULL;
    check_fork(s->loop);
    return dx_transfer_start(s, x, connect_ms, total_ms, id, queue);
}

void dx_loop_cancel(struct dx_loop *l, long long id)
{
    struct dx_transfer *t;

    check_fork(l);
    t = dx_transfers_find(&l->active, id);
    if (t != NULL)
        dx_transfer_release(t);
}
