/* The loop: see loop.h. */
#include "loop.h"

#include "buf.h"
#include "poller.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
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
    EVENTS = 64,          /* looked at in one round */
    LONGEST_WAIT = 1000,  /* milliseconds: a lost timer costs no more */
    IDLE_MAX = 64,        /* connections kept by one client while no limit is set */
    DRAIN_MAX = 16        /* reads from a connection that is given up */
};

enum socket_state { UNKNOWN, NEW, BUSY, IDLE, GIVEN_UP };

struct socket {
    struct dx_cache *cache;
    enum socket_state state;
    int ours;             /* made by open_socket; others (the resolver's) are libcurl's */
    int watched;          /* what the poller looks for */
    int port;             /* that it sends from; 0: not asked yet */
    long long idle_since;
};

struct dx_loop {
    int holders;
    struct dx_poller *poller;
    struct socket *sockets; /* by descriptor */
    int nsockets;
    int open;               /* connections open, those given up not counted */
    int limit;
    struct dx_cache *caches; /* those with a multi handle */
};

long long dx_loop_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- sockets */

/* The entry of a descriptor, made where there is none. NULL: no memory. */
static struct socket *socket_of(struct dx_loop *l, int fd)
{
    if (fd >= l->nsockets) {
        int n = l->nsockets ? l->nsockets : 64;
        struct socket *sockets;

        while (n <= fd)
            n *= 2;
        sockets = realloc(l->sockets, (size_t)n * sizeof *sockets);
        if (sockets == NULL)
            return NULL;
        memset(sockets + l->nsockets, 0, (size_t)(n - l->nsockets) * sizeof *sockets);
        l->sockets = sockets;
        l->nsockets = n;
    }
    return &l->sockets[fd];
}

static int watch(struct dx_loop *l, int fd, int what)
{
    struct socket *s = &l->sockets[fd];

    if (s->watched == what)
        return 0;
    if (dx_poller_watch(l->poller, fd, s->watched, what) != 0)
        return -1;
    s->watched = what;
    return 0;
}

static void leave_state(struct dx_loop *l, struct socket *s)
{
    if (s->state == IDLE)
        s->cache->idle--;
    if (s->ours && s->state != UNKNOWN && s->state != GIVEN_UP)
        l->open--;
}

static void enter_state(struct dx_loop *l, struct socket *s, enum socket_state state)
{
    leave_state(l, s);
    s->state = state;
    if (state == IDLE)
        s->cache->idle++;
    if (s->ours && state != UNKNOWN && state != GIVEN_UP)
        l->open++;
}

/* Ends an idle connection in such a way that libcurl sees it closed, with nothing left to read, when it looks. */
static void give_up(struct dx_loop *l, int fd)
{
    char bytes[4096];
    int i;

    watch(l, fd, 0);
    enter_state(l, &l->sockets[fd], GIVEN_UP);
    for (i = 0; i < DRAIN_MAX && recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0; i++)
        ;
    shutdown(fd, SHUT_RDWR);
}

/* Ends idle connections, the oldest first, until at most n connections are open. */
static void make_room(struct dx_loop *l, int n)
{
    while (l->open > n) {
        int fd, oldest = -1;

        for (fd = 0; fd < l->nsockets; fd++)
            if (l->sockets[fd].state == IDLE
                && (oldest < 0 || l->sockets[fd].idle_since < l->sockets[oldest].idle_since))
                oldest = fd;
        if (oldest < 0)
            return;
        give_up(l, oldest);
    }
}

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct dx_cache *c = data;
    struct dx_loop *l = c->loop;
    struct socket *s;
    int fd;

    (void)purpose;
    if (l->limit > 0)
        make_room(l, l->limit - 1);
#ifdef SOCK_CLOEXEC
    fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    fd = socket(address->family, address->socktype, address->protocol);
#endif
    if (fd < 0)
        return CURL_SOCKET_BAD;
    s = socket_of(l, fd);
    if (s == NULL) {
        close(fd);
        return CURL_SOCKET_BAD;
    }
    memset(s, 0, sizeof *s);
    s->cache = c;
    s->ours = 1;
    enter_state(l, s, NEW);
    return fd;
}

static int close_socket(void *data, curl_socket_t fd)
{
    struct dx_cache *c = data;
    struct dx_loop *l = c->loop;

    if (fd < l->nsockets && l->sockets[fd].state != UNKNOWN) {
        watch(l, fd, 0);
        leave_state(l, &l->sockets[fd]);
        memset(&l->sockets[fd], 0, sizeof l->sockets[fd]);
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

/* libcurl says what it waits for on a socket. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *unused)
{
    struct dx_cache *c = data;
    struct dx_loop *l = c->loop;
    struct socket *s = socket_of(l, fd);

    (void)easy;
    (void)unused;
    if (s == NULL)
        return -1;
    if (s->state == GIVEN_UP)
        return 0;
    s->cache = c;
    if (what != CURL_POLL_REMOVE) {
        enter_state(l, s, BUSY);
        return watch(l, fd, (what & CURL_POLL_IN ? DX_READ : 0) | (what & CURL_POLL_OUT ? DX_WRITE : 0));
    }
    if (!s->ours) { /* libcurl closes it without a word */
        watch(l, fd, 0);
        memset(s, 0, sizeof *s);
        return 0;
    }
    enter_state(l, s, IDLE);
    s->idle_since = dx_loop_now();
    return watch(l, fd, DX_READ); /* most often it is being watched so already, and stays so */
}

static int on_timer(CURLM *multi, long ms, void *data)
{
    struct dx_cache *c = data;

    (void)multi;
    c->due = ms < 0 ? -1 : dx_loop_now() + (long long)ms * 1000;
    return 0;
}

/* ---- caches */

void dx_cache_init(struct dx_cache *c, struct dx_loop *l, void (*done)(CURL *, CURLcode),
    void (*broken)(struct dx_cache *))
{
    memset(c, 0, sizeof *c);
    c->loop = l;
    l->holders++;
    c->done = done;
    c->broken = broken;
    c->due = -1;
}

static void set_limits(struct dx_cache *c)
{
    int limit = c->loop->limit;

    curl_multi_setopt(c->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)limit);
    curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)(limit > 0 ? limit : IDLE_MAX));
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
    set_limits(c);
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
    if (!c->is_broken && curl_multi_socket_action(c->multi, fd, what, &running) != CURLM_OK)
        c->is_broken = 1;
    if (c->secrets > 0)
        dx_wipe_stack();
}

/* Runs what is due now in a cache. */
static void kick(struct dx_cache *c)
{
    c->due = -1;
    act(c, CURL_SOCKET_TIMEOUT, 0);
}

/* Returns how many transfers had finished. */
static int collect(struct dx_cache *c)
{
    CURLMsg *message;
    int left, n = 0;

    c->touched = 0;
    while ((message = curl_multi_info_read(c->multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_multi_remove_handle(c->multi, easy);
        c->running--;
        c->done(easy, code);
        n++;
    }
    if (c->is_broken) {
        n += c->running;
        c->broken(c);
        drop_multi(c);
        c->is_broken = 0;
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

void dx_cache_look(struct dx_cache *c)
{
    if (c->idle > 0 || c->is_broken)
        dx_loop_wait(c->loop, 0);
}

int dx_cache_add(struct dx_cache *c, CURL *easy)
{
    if (c->multi == NULL && make_multi(c) != 0)
        return -1;
    if (curl_multi_add_handle(c->multi, easy) != CURLM_OK)
        return -1;
    c->running++;
    kick(c);
    return 0;
}

void dx_cache_remove(struct dx_cache *c, CURL *easy)
{
    curl_multi_remove_handle(c->multi, easy);
    c->running--;
}

#if defined SIOCOUTQ

/* The port that a socket sends from; 0: none. */
static int port_of(struct socket *s, int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    socklen_t size = sizeof address;

    if (s->port == 0 && getsockname(fd, &address.any, &size) == 0)
        s->port = ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
    return s->port;
}

int dx_cache_unarrived(const struct dx_cache *c, int port)
{
    struct dx_loop *l = c->loop;
    int fd, n = 0;

    for (fd = 0; fd < l->nsockets; fd++) {
        struct socket *s = &l->sockets[fd];

        if (s->ours && s->cache == c && s->state != GIVEN_UP && port_of(s, fd) == port)
            return ioctl(fd, SIOCOUTQ, &n) == 0 ? n : 0;
    }
    return 0;
}

#else

int dx_cache_unarrived(const struct dx_cache *c, int port)
{
    (void)c;
    (void)port;
    return 0;
}

#endif

/* ---- the loop itself */

struct dx_loop *dx_loop_new(void)
{
    struct dx_loop *l = calloc(1, sizeof *l);

    if (l == NULL)
        return NULL;
    l->holders = 1;
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
    free(l->sockets);
    free(l);
}

/* When the first cache wants to be called; -1: none does. */
static long long first_due(const struct dx_loop *l)
{
    const struct dx_cache *c;
    long long due = -1;

    for (c = l->caches; c != NULL; c = c->next)
        if (c->due >= 0 && (due < 0 || c->due < due))
            due = c->due;
    return due;
}

long long dx_loop_due(const struct dx_loop *l)
{
    long long left, due = first_due(l);
    const struct dx_cache *c;

    for (c = l->caches; c != NULL; c = c->next)
        if (c->touched)
            return 0;
    if (due < 0)
        return -1;
    left = due - dx_loop_now();
    return left > 0 ? left : 0;
}

static void kick_due(struct dx_loop *l)
{
    struct dx_cache *c;
    long long now;

    if (first_due(l) < 0)
        return;
    now = dx_loop_now();
    for (c = l->caches; c != NULL; c = c->next)
        if (c->due >= 0 && c->due <= now)
            kick(c);
}

static void handle(struct dx_loop *l, const struct dx_event *event)
{
    struct socket *s = event->fd < l->nsockets ? &l->sockets[event->fd] : NULL;
    int what;

    if (s == NULL || s->watched == 0)
        return; /* closed by what an event before it caused */
    if (s->state == IDLE) {
        give_up(l, event->fd);
        return;
    }
    what = (event->what & DX_READ ? CURL_CSELECT_IN : 0) | (event->what & DX_WRITE ? CURL_CSELECT_OUT : 0)
        | (event->what & DX_BROKEN ? CURL_CSELECT_ERR : 0);
    act(s->cache, event->fd, what);
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

    if (collect_all(l) > 0) /* some finish as soon as they begin */
        us = 0;
    if (us != 0) {
        due = dx_loop_due(l);
        if (due >= 0 && (us < 0 || due < us))
            us = due;
    }
    n = dx_poller_wait(l->poller, events, EVENTS, wait_ms(us));
    for (i = 0; i < n; i++)
        handle(l, &events[i]);
    kick_due(l);
    collect_all(l);
}

int dx_loop_fd(struct dx_loop *l)
{
    return dx_poller_fd(l->poller);
}

void dx_loop_stir(struct dx_loop *l)
{
    dx_poller_stir(l->poller);
}

void dx_loop_limit(struct dx_loop *l, int n)
{
    struct dx_cache *c;

    l->limit = n;
    for (c = l->caches; c != NULL; c = c->next)
        set_limits(c);
    if (n > 0)
        make_room(l, n);
}
