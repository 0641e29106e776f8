/* The event loop: see loop.h. */
#include "net/loop.h"

#include "base/forks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#if defined __linux__
#include <linux/sockios.h>
#endif

enum {
    EVENTS = 16,        /* handled in one round; with more, the first waits longer for what it leads to */
    LONGEST_WAIT = 100, /* milliseconds: a signal may have reached another thread */
    LOOKUPS_MAX = 16    /* at once: each is a thread of libcurl's */
};

/* What the loop knows of a descriptor. */
struct entry {
    struct dx_source *source;
    struct dx_socket *socket; /* NULL until the connection is established */
    int is_ours;              /* opened by the source; others (the resolver's) are libcurl's */
    int watched;              /* what the poller looks for */
};

struct dx_loop {
    int holders;
    unsigned forks;          /* of the process that owns it: see forks.h */
    struct dx_poller *poller;
    struct entry *entries;   /* by descriptor */
    int nentries;
    int connections;         /* being made, in use and idle */
    int limit;
    int lookups;
    int transfers;
    long long deadline;      /* of the first transfer, or earlier; -1: none */
    struct dx_link sources;
    struct dx_link idle;     /* sockets, the longest idle first */
    struct dx_link pending[2]; /* without and with a name to look up */
    char input[DX_INPUT];
};

long long dx_loop_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- descriptors */

/* The entry of a descriptor, made where there is none. NULL: no memory. */
static struct entry *entry_of(struct dx_loop *l, int fd)
{
    assert(fd >= 0);
    if (fd >= l->nentries) {
        int n = l->nentries ? l->nentries : 64;
        struct entry *entries;

        while (n <= fd)
            n *= 2;
        entries = realloc(l->entries, (size_t)n * sizeof *entries);
        if (entries == NULL)
            return NULL;
        memset(entries + l->nentries, 0, (size_t)(n - l->nentries) * sizeof *entries);
        l->entries = entries;
        l->nentries = n;
    }
    return &l->entries[fd];
}

static int watch(struct dx_loop *l, int fd, int what)
{
    struct entry *e = &l->entries[fd];

    if (e->watched == what)
        return 0;
    if (dx_poller_watch(l->poller, fd, e->watched, what) != 0)
        return -1;
    e->watched = what;
    return 0;
}

int dx_source_open_fd(struct dx_source *s, int fd)
{
    struct entry *e = entry_of(s->loop, fd);
    int watched;

    if (e == NULL)
        return -1;
    /* Some releases of libcurl close a socket of a failed attempt without a callback, and do not repeat what they want
     * to know of the next socket with its number. */
    watched = e->source == s ? e->watched : 0;
    memset(e, 0, sizeof *e);
    e->source = s;
    e->is_ours = 1;
    return watch(s->loop, fd, watched);
}

int dx_source_close_fd(struct dx_source *s, int fd)
{
    struct dx_loop *l = s->loop;
    struct entry *e = fd < l->nentries ? &l->entries[fd] : NULL;
    int status;

    if (e == NULL || e->source == NULL)
        return -1;
    status = watch(l, fd, 0);
    if (e->socket != NULL) {
        dx_list_remove(&e->socket->link);
        e->socket->fd = -1;
    }
    memset(e, 0, sizeof *e);
    return status;
}

int dx_source_watch(struct dx_source *s, int fd, int what)
{
    struct entry *e = entry_of(s->loop, fd);

    if (e == NULL)
        return -1;
    if (e->socket != NULL)
        return 0;
    if (what == 0) {
        if (watch(s->loop, fd, 0) != 0 || !e->is_ours) /* libcurl has closed it without a callback, or will */
            memset(e, 0, sizeof *e);
        return 0;
    }
    e->source = s;
    return watch(s->loop, fd, what);
}

int dx_socket_open(struct dx_socket *s, struct dx_source *source, int fd, void (*ready)(struct dx_socket *, int))
{
    struct entry *e = entry_of(source->loop, fd);

    if (e == NULL)
        return -1;
    s->source = e->source = source;
    s->fd = fd;
    s->ready = ready;
    e->socket = s;
    return watch(source->loop, fd, DX_READ);
}

int dx_socket_watch(struct dx_socket *s, int what)
{
    return s->fd >= 0 ? watch(s->source->loop, s->fd, what) : -1;
}

void dx_socket_set_busy(struct dx_socket *s)
{
    dx_list_remove(&s->link);
}

int dx_socket_unacknowledged(const struct dx_socket *s)
{
    int n = 0;

#if defined SIOCOUTQ
    if (ioctl(s->fd, SIOCOUTQ, &n) != 0)
        return 0;
#else
    (void)s;
#endif
    return n;
}

/* ---- how many connections and look-ups there may be */

static int has_room(const struct dx_loop *l, int needs_lookup)
{
    return (l->limit == 0 || l->connections < l->limit || !dx_list_is_empty(&l->idle))
        && (!needs_lookup || dx_loop_has_lookup(l));
}

/* Closes idle connections, the oldest first, until there are at most n, or none is idle. */
static void close_idle(struct dx_loop *l, int n)
{
    while (l->connections > n && !dx_list_is_empty(&l->idle)) {
        struct dx_socket *oldest = DX_OWNER(l->idle.next, struct dx_socket, link);

        oldest->ready(oldest, DX_BROKEN);
        assert(l->idle.next != &oldest->link);
    }
}

void dx_socket_set_idle(struct dx_socket *s)
{
    struct dx_loop *l = s->source->loop;

    s->idle_since = dx_loop_now();
    dx_list_append(&l->idle, &s->link);
    if (l->limit > 0)
        close_idle(l, l->limit);
}

void dx_loop_count_connection(struct dx_loop *l, int by)
{
    l->connections += by;
    assert(l->connections >= 0);
}

void dx_loop_count_lookup(struct dx_loop *l, int by)
{
    l->lookups += by;
    assert(l->lookups >= 0);
}

int dx_loop_has_lookup(const struct dx_loop *l)
{
    return l->lookups < LOOKUPS_MAX;
}

int dx_loop_has_room(const struct dx_loop *l, int needs_lookup)
{
    return dx_list_is_empty(&l->pending[needs_lookup]) && has_room(l, needs_lookup);
}

void dx_loop_make_room(struct dx_loop *l)
{
    if (l->limit > 0)
        close_idle(l, l->limit - 1);
}

void dx_loop_await_room(struct dx_loop *l, struct dx_pending *p, int needs_lookup)
{
    dx_list_append(&l->pending[needs_lookup], &p->link);
}

static int can_resume(const struct dx_loop *l, int needs_lookup)
{
    return !dx_list_is_empty(&l->pending[needs_lookup]) && has_room(l, needs_lookup);
}

/* Resumes transfers that waited for room. Returns how many. */
static int resume_pending(struct dx_loop *l)
{
    int needs_lookup, n = 0;

    for (needs_lookup = 0; needs_lookup <= 1; needs_lookup++) {
        for (; can_resume(l, needs_lookup); n++) {
            struct dx_pending *p = DX_OWNER(l->pending[needs_lookup].next, struct dx_pending, link);

            dx_list_remove(&p->link);
            p->resume(p);
        }
    }
    return n;
}

void dx_loop_set_limit(struct dx_loop *l, int n)
{
    dx_loop_check_fork(l);
    l->limit = n;
    if (n > 0)
        close_idle(l, n);
}

int dx_loop_get_limit(const struct dx_loop *l)
{
    return l->limit;
}

/* ---- sources */

void dx_source_add(struct dx_source *s, struct dx_loop *l, const struct dx_source_ops *ops)
{
    memset(s, 0, sizeof *s);
    s->loop = l;
    s->ops = ops;
    s->due = -1;
    dx_list_append(&l->sources, &s->link);
    dx_loop_hold(l);
}

void dx_source_remove(struct dx_source *s)
{
    dx_list_remove(&s->link);
    dx_loop_release(s->loop);
}

/* Calls every source; on_fork and the like may not remove any. */
#define EACH_SOURCE(l, at, s) \
    for (at = (l)->sources.next; s = DX_OWNER(at, struct dx_source, link), at != &(l)->sources; at = at->next)

static int collect_all(struct dx_loop *l)
{
    struct dx_link *at;
    struct dx_source *s;
    int n = 0;

    EACH_SOURCE(l, at, s) {
        if (s->has_news) {
            s->has_news = 0;
            n += s->ops->collect(s);
        }
    }
    return n;
}

/* ---- forked processes */

/*
 * After fork() the connections are still the parent's. Closing them properly would send a TLS farewell on its behalf.
 * So each descriptor is made to lead nowhere first.
 */
static void leave_to_parent(struct dx_loop *l)
{
    int fd, nowhere = socket(AF_UNIX, SOCK_STREAM, 0);
    struct dx_link *at;
    struct dx_source *s;

    dx_poller_renew(l->poller);
    for (fd = 0; fd < l->nentries; fd++) {
        struct entry *e = &l->entries[fd];

        if (nowhere >= 0 && e->is_ours && (e->socket != NULL || e->watched != 0)) /* else the number may be in use */
            dup2(nowhere, fd);
        e->watched = 0;
    }
    if (nowhere >= 0)
        close(nowhere);
    EACH_SOURCE(l, at, s)
        s->ops->on_fork(s);
}

void dx_loop_check_fork(struct dx_loop *l)
{
    if (l->forks == dx_forks())
        return;
    l->forks = dx_forks();
    leave_to_parent(l);
}

/* ---- the loop itself */

struct dx_loop *dx_loop_new(void)
{
    struct dx_loop *l;

    if (dx_forks_watch() != 0)
        return NULL;
    l = calloc(1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->poller = dx_poller_new();
    if (l->poller == NULL) {
        free(l);
        return NULL;
    }
    l->holders = 1;
    l->forks = dx_forks();
    l->deadline = -1;
    dx_list_init(&l->sources);
    dx_list_init(&l->idle);
    dx_list_init(&l->pending[0]);
    dx_list_init(&l->pending[1]);
    return l;
}

void dx_loop_hold(struct dx_loop *l)
{
    l->holders++;
}

void dx_loop_release(struct dx_loop *l)
{
    if (--l->holders > 0)
        return;
    assert(dx_list_is_empty(&l->sources));
    dx_poller_free(l->poller);
    free(l->entries);
    free(l);
}

void dx_loop_begin_transfer(struct dx_loop *l)
{
    l->transfers++;
}

void dx_loop_end_transfer(struct dx_loop *l)
{
    assert(l->transfers > 0);
    if (--l->transfers == 0)
        l->deadline = -1;
}

void dx_loop_note_deadline(struct dx_loop *l, long long at)
{
    if (l->deadline < 0 || at < l->deadline)
        l->deadline = at;
}

char *dx_loop_input(struct dx_loop *l)
{
    return l->input;
}

/* The first time at which a deadline passes or a source's timer is due; -1: never. */
static long long first_due(const struct dx_loop *l)
{
    struct dx_link *at;
    struct dx_source *s;
    long long due = l->deadline;

    EACH_SOURCE(l, at, s)
        if (s->due >= 0 && (due < 0 || s->due < due))
            due = s->due;
    return due;
}

long long dx_loop_due(const struct dx_loop *l)
{
    long long left, due = first_due(l);
    struct dx_link *at;
    struct dx_source *s;

    if (can_resume(l, 0) || can_resume(l, 1))
        return 0;
    EACH_SOURCE(l, at, s)
        if (s->has_news)
            return 0;
    if (due < 0)
        return -1;
    left = due - dx_loop_now();
    return left > 0 ? left : 0;
}

static void handle_timers(struct dx_loop *l)
{
    struct dx_link *at;
    struct dx_source *s;
    long long now;
    int is_timeout;

    if (first_due(l) < 0)
        return;
    now = dx_loop_now();
    is_timeout = l->deadline >= 0 && l->deadline <= now;
    if (is_timeout)
        l->deadline = -1;
    EACH_SOURCE(l, at, s) {
        if (is_timeout)
            s->ops->on_timeout(s, now);
        if (s->due >= 0 && s->due <= now)
            s->ops->on_timer(s);
    }
}

static void handle_event(struct dx_loop *l, const struct dx_event *event)
{
    struct entry *e = event->fd < l->nentries ? &l->entries[event->fd] : NULL;

    if (e == NULL || e->watched == 0)
        return; /* closed while an earlier event was handled */
    if (e->socket != NULL)
        e->socket->ready(e->socket, event->what);
    else
        e->source->ops->on_event(e->source, event->fd, event->what);
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
    long long due;
    int i, n;

    dx_loop_check_fork(l);
    if (collect_all(l) + resume_pending(l) > 0) /* some attempts fail as soon as they begin */
        us = 0;
    if (us != 0) {
        due = dx_loop_due(l);
        if (due >= 0 && (us < 0 || due < us))
            us = due;
    }
    n = dx_poller_wait(l->poller, events, EVENTS, wait_ms(us));
    for (i = 0; i < n; i++)
        handle_event(l, &events[i]);
    handle_timers(l);
    collect_all(l);
    resume_pending(l);
}

int dx_loop_fd(struct dx_loop *l)
{
    dx_loop_check_fork(l);
    return dx_poller_fd(l->poller);
}

void dx_loop_wakeup(struct dx_loop *l)
{
    dx_loop_check_fork(l);
    dx_poller_wakeup(l->poller);
}
