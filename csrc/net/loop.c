/* The loop: see loop.h. */
#include "net/loop.h"

#include "base/forks.h"

#include <errno.h>
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
    EVENTS = 16,          /* looked at in one round: with more, the first would wait longer for what they lead to */
    LONGEST_WAIT = 1000,  /* milliseconds: a lost timer costs no more */
    CONNECTIONS_MAX = 1000000 /* that libcurl keeps: it is not to close any by itself */
};

/* What the loop knows of a descriptor. */
struct entry {
    struct dx_cache *cache;
    struct dx_socket *socket; /* NULL while libcurl works on it */
    int ours;                 /* made by open_socket; others (the resolver's) are libcurl's */
    int watched;              /* what the poller looks for */
};

struct dx_loop {
    int holders;
    unsigned forks;         /* of the process that owns it: see forks.h */
    struct dx_poller *poller;
    struct entry *entries;  /* by descriptor */
    int nentries;
    int connections;        /* being made, in use and idle */
    int limit;
    int has_unread;
    int transfers;          /* under way */
    long long deadline;     /* of the first of them, or earlier; -1: none */
    struct dx_cache *caches; /* those with a multi handle */
    struct dx_socket *oldest, *newest; /* idle */
    struct dx_waiter *first_waiter, *last_waiter;
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

/* ---- sockets of connections that stand */

static void unlink_idle(struct dx_socket *s)
{
    struct dx_loop *l = s->cache->loop;

    if (!s->is_idle)
        return;
    *(s->older != NULL ? &s->older->newer : &l->oldest) = s->newer;
    *(s->newer != NULL ? &s->newer->older : &l->newest) = s->older;
    s->older = s->newer = NULL;
    s->is_idle = 0;
}

int dx_socket_take(struct dx_socket *s, struct dx_cache *c, int fd, void (*ready)(struct dx_socket *, int))
{
    struct entry *e = entry_of(c->loop, fd);

    if (e == NULL)
        return -1;
    s->cache = e->cache = c;
    s->fd = fd;
    s->ready = ready;
    s->is_idle = 0;
    e->socket = s;
    return watch(c->loop, fd, DX_READ);
}

int dx_socket_watch(struct dx_socket *s, int what)
{
    return s->fd >= 0 ? watch(s->cache->loop, s->fd, what) : -1;
}

void dx_socket_wake(struct dx_socket *s)
{
    unlink_idle(s);
}

int dx_socket_unarrived(const struct dx_socket *s)
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

/* ---- what libcurl calls */

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct dx_cache *c = data;
    struct dx_loop *l = c->loop;
    struct entry *e;
    int fd, watched;

    (void)purpose;
#ifdef SOCK_CLOEXEC
    fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    fd = socket(address->family, address->socktype, address->protocol);
#endif
    if (fd < 0)
        return CURL_SOCKET_BAD;
    e = entry_of(l, fd);
    if (e == NULL) {
        close(fd);
        return CURL_SOCKET_BAD;
    }
    /* some releases of libcurl close a socket that came to no connection without a word, and say no more about what
     * they want to know of the next one that has its number */
    watched = e->cache == c ? e->watched : 0;
    memset(e, 0, sizeof *e);
    e->cache = c;
    e->ours = 1;
    watch(l, fd, watched);
    return fd;
}

static int close_socket(void *data, curl_socket_t fd)
{
    struct dx_cache *c = data;
    struct dx_loop *l = c->loop;

    if (fd < l->nentries && l->entries[fd].cache != NULL) {
        struct entry *e = &l->entries[fd];

        watch(l, fd, 0);
        if (e->socket != NULL) {
            unlink_idle(e->socket);
            e->socket->fd = -1;
        }
        memset(e, 0, sizeof *e);
    }
    return close(fd);
}

void dx_cache_own_sockets(struct dx_cache *c, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, c);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, c);
}

/* libcurl says what it waits for on a socket, while it connects. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *unused)
{
    struct dx_cache *c = data;
    struct dx_loop *l = c->loop;
    struct entry *e = entry_of(l, fd);

    (void)easy;
    (void)unused;
    if (e == NULL)
        return -1;
    if (e->socket != NULL)
        return 0;
    if (what == CURL_POLL_REMOVE) {
        if (watch(l, fd, 0) != 0 || !e->ours) /* libcurl has closed it without a word, or will */
            memset(e, 0, sizeof *e);
        return 0;
    }
    e->cache = c;
    return watch(l, fd, (what & CURL_POLL_IN ? DX_READ : 0) | (what & CURL_POLL_OUT ? DX_WRITE : 0));
}

static int on_timer(CURLM *multi, long ms, void *data)
{
    struct dx_cache *c = data;

    (void)multi;
    c->due = ms < 0 ? -1 : dx_loop_now() + (long long)ms * 1000;
    return 0;
}

/* ---- caches */

void dx_cache_init(struct dx_cache *c, struct dx_loop *l, const struct dx_cache_owner *owner)
{
    memset(c, 0, sizeof *c);
    c->loop = l;
    l->holders++;
    c->owner = owner;
    c->due = -1;
}

static int make_multi(struct dx_cache *c)
{
    c->multi = curl_multi_init();
    if (c->multi == NULL)
        return -1;
    curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
    curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
    curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MAX);
    c->prev = NULL;
    c->next = c->loop->caches;
    if (c->next != NULL)
        c->next->prev = c;
    c->loop->caches = c;
    return 0;
}

static void drop_multi(struct dx_cache *c)
{
    if (c->multi == NULL)
        return;
    curl_multi_cleanup(c->multi);
    c->multi = NULL;
    c->due = -1;
    if (c->prev != NULL)
        c->prev->next = c->next;
    else
        c->loop->caches = c->next;
    if (c->next != NULL)
        c->next->prev = c->prev;
}

void dx_cache_free(struct dx_cache *c)
{
    if (c->loop == NULL)
        return;
    drop_multi(c);
    dx_loop_release(c->loop);
    c->loop = NULL;
}

/* Has libcurl see to a socket, or to its timers. Where it had no memory for that it is not asked again: some of its
 * releases divide by zero then. */
static void act(struct dx_cache *c, curl_socket_t fd, int what)
{
    int running;

    c->touched = 1;
    if (c->broken == NULL && curl_multi_socket_action(c->multi, fd, what, &running) != CURLM_OK)
        c->broken = "not enough memory";
}

/* Runs what is due now in a cache. */
static void kick(struct dx_cache *c)
{
    c->due = -1;
    act(c, CURL_SOCKET_TIMEOUT, 0);
}

/* Returns how many attempts to connect were over. */
static int collect(struct dx_cache *c)
{
    CURLMsg *message;
    int left, n = 0;

    c->touched = 0;
    while ((message = curl_multi_info_read(c->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        c->owner->connected(message->easy_handle, message->data.result);
        n++;
    }
    if (c->broken != NULL) {
        c->owner->broken(c, c->broken);
        drop_multi(c);
        c->broken = NULL;
        n++;
    }
    return n;
}

static int collect_all(struct dx_loop *l)
{
    struct dx_cache *c, *next;
    int n = 0;

    for (c = l->caches; c != NULL; c = next) {
        next = c->next;
        if (c->touched)
            n += collect(c);
    }
    return n;
}

int dx_cache_open(struct dx_cache *c)
{
    if (c->broken != NULL)
        collect(c);
    return c->multi == NULL ? make_multi(c) : 0;
}

int dx_cache_add(struct dx_cache *c, CURL *easy)
{
    if (curl_multi_add_handle(c->multi, easy) != CURLM_OK)
        return -1;
    c->loop->connections++;
    kick(c);
    return 0;
}

void dx_cache_remove(struct dx_cache *c, CURL *easy)
{
    curl_multi_remove_handle(c->multi, easy);
    c->loop->connections--;
}

/* ---- room for connections */

static int has_room(const struct dx_loop *l)
{
    return l->limit == 0 || l->connections < l->limit || l->oldest != NULL;
}

/* Has idle connections closed, the oldest first, until there are at most n, or none is idle. */
static void close_idle(struct dx_loop *l, int n)
{
    while (l->connections > n && l->oldest != NULL)
        l->oldest->ready(l->oldest, DX_BROKEN);
}

void dx_socket_rest(struct dx_socket *s)
{
    struct dx_loop *l = s->cache->loop;

    s->is_idle = 1;
    s->idle_since = dx_loop_now();
    s->newer = NULL;
    s->older = l->newest;
    *(l->newest != NULL ? &l->newest->newer : &l->oldest) = s;
    l->newest = s;
    if (l->limit > 0)
        close_idle(l, l->limit);
}

int dx_loop_has_room(const struct dx_loop *l)
{
    return l->first_waiter == NULL && has_room(l);
}

void dx_loop_make_room(struct dx_loop *l)
{
    if (l->limit > 0)
        close_idle(l, l->limit - 1);
}

void dx_loop_await_room(struct dx_loop *l, struct dx_waiter *w)
{
    w->is_waiting = 1;
    w->next = NULL;
    w->prev = l->last_waiter;
    *(w->prev != NULL ? &w->prev->next : &l->first_waiter) = w;
    l->last_waiter = w;
}

void dx_loop_forget_waiter(struct dx_loop *l, struct dx_waiter *w)
{
    if (!w->is_waiting)
        return;
    *(w->prev != NULL ? &w->prev->next : &l->first_waiter) = w->next;
    *(w->next != NULL ? &w->next->prev : &l->last_waiter) = w->prev;
    w->next = w->prev = NULL;
    w->is_waiting = 0;
}

/* Lets those go on that waited for room. Returns how many. */
static int admit(struct dx_loop *l)
{
    int n = 0;

    while (l->first_waiter != NULL && has_room(l)) {
        struct dx_waiter *w = l->first_waiter;

        dx_loop_forget_waiter(l, w);
        w->go(w);
        n++;
    }
    return n;
}

void dx_loop_limit(struct dx_loop *l, int n)
{
    dx_loop_own(l);
    l->limit = n;
    if (n > 0)
        close_idle(l, n);
}

int dx_loop_get_limit(const struct dx_loop *l)
{
    return l->limit;
}

/* ---- forked processes */

/* What is open here is the parent's, who goes on with it. What is read or written here would be missing or too much there,
 * a TLS library's farewell included; so the descriptors are made to lead nowhere before their connections are closed. */
static void leave_to_parent(struct dx_loop *l)
{
    struct dx_cache *c, *next;
    int fd, nowhere = socket(AF_UNIX, SOCK_STREAM, 0);

    dx_poller_renew(l->poller);
    for (fd = 0; fd < l->nentries; fd++) {
        struct entry *e = &l->entries[fd];

        if (nowhere >= 0 && e->ours && (e->socket != NULL || e->watched != 0)) /* else it may be another's by now */
            dup2(nowhere, fd);
        e->watched = 0;
    }
    if (nowhere >= 0)
        close(nowhere);
    for (c = l->caches; c != NULL; c = next) {
        next = c->next;
        c->broken = "the process was forked meanwhile";
        collect(c);
    }
}

void dx_loop_own(struct dx_loop *l)
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
    l->holders = 1;
    l->forks = dx_forks();
    l->deadline = -1;
    l->poller = dx_poller_new();
    if (l->poller == NULL) {
        free(l);
        return NULL;
    }
    return l;
}

void dx_loop_release(struct dx_loop *l)
{
    if (--l->holders > 0)
        return;
    dx_poller_free(l->poller);
    free(l->entries);
    free(l);
}

void dx_loop_begin(struct dx_loop *l)
{
    l->transfers++;
}

void dx_loop_end(struct dx_loop *l)
{
    if (--l->transfers == 0)
        l->deadline = -1;
}

void dx_loop_note_deadline(struct dx_loop *l, long long at)
{
    if (l->deadline < 0 || at < l->deadline)
        l->deadline = at;
}

void dx_loop_note_unread(struct dx_loop *l)
{
    l->has_unread = 1;
}

char *dx_loop_input(struct dx_loop *l)
{
    return l->input;
}

/* When the first deadline is, or a cache wants to be called; -1: never. */
static long long first_due(const struct dx_loop *l)
{
    const struct dx_cache *c;
    long long due = l->deadline;

    for (c = l->caches; c != NULL; c = c->next)
        if (c->due >= 0 && (due < 0 || c->due < due))
            due = c->due;
    return due;
}

long long dx_loop_due(const struct dx_loop *l)
{
    long long left, due = first_due(l);
    const struct dx_cache *c;

    if (l->has_unread || (l->first_waiter != NULL && has_room(l)))
        return 0;
    for (c = l->caches; c != NULL; c = c->next)
        if (c->touched)
            return 0;
    if (due < 0)
        return -1;
    left = due - dx_loop_now();
    return left > 0 ? left : 0;
}

/* Whose time has come. */
static void see_to_due(struct dx_loop *l)
{
    struct dx_cache *c, *next;
    long long now;
    int tend;

    if (!l->has_unread && first_due(l) < 0)
        return;
    now = dx_loop_now();
    tend = l->has_unread || (l->deadline >= 0 && l->deadline <= now);
    if (tend) { /* what is still to come is said anew */
        l->deadline = -1;
        l->has_unread = 0;
    }
    for (c = l->caches; c != NULL; c = next) {
        next = c->next;
        if (tend)
            c->owner->tend(c, now);
        if (c->due >= 0 && c->due <= now)
            kick(c);
    }
}

static void handle(struct dx_loop *l, const struct dx_event *event)
{
    struct entry *e = event->fd < l->nentries ? &l->entries[event->fd] : NULL;

    if (e == NULL || e->watched == 0)
        return; /* closed by what an event before it caused */
    if (e->socket != NULL) {
        e->socket->ready(e->socket, event->what);
        return;
    }
    act(e->cache, event->fd, (event->what & DX_READ ? CURL_CSELECT_IN : 0) |
        (event->what & DX_WRITE ? CURL_CSELECT_OUT : 0) | (event->what & DX_BROKEN ? CURL_CSELECT_ERR : 0));
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

    dx_loop_own(l);
    if (collect_all(l) + admit(l) > 0) /* some are over as soon as they begin */
        us = 0;
    if (us != 0) {
        due = dx_loop_due(l);
        if (due >= 0 && (us < 0 || due < us))
            us = due;
    }
    n = dx_poller_wait(l->poller, events, EVENTS, wait_ms(us));
    for (i = 0; i < n; i++)
        handle(l, &events[i]);
    see_to_due(l);
    collect_all(l);
    admit(l);
}

int dx_loop_fd(struct dx_loop *l)
{
    dx_loop_own(l);
    return dx_poller_fd(l->poller);
}

void dx_loop_stir(struct dx_loop *l)
{
    dx_loop_own(l);
    dx_poller_stir(l->poller);
}
