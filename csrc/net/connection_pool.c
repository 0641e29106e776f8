/* The connections of one client: see connection_pool.h. */
#include "net/connection_pool.h"

#include "base/exchange.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    IDLE_MAX = 64,                  /* kept by one pool while the loop has no limit */
    IDLE_US_MAX = 118 * 1000 * 1000, /* many middleboxes forget a connection after two minutes */
    CACHED_US = 30 * 1000 * 1000,   /* libcurl caches a name for 60 seconds */
    NEVER_SECONDS = 10 * 365 * 24 * 3600,
    NEVER_MS = 24 * 3600 * 1000,
    CONNECTIONS_MAX = 1000000,      /* libcurl may not close any by itself */
    RECEIVE_SIZE = 512 * 1024       /* the most that libcurl reads at once */
};

static struct dx_pool *pool_of(struct dx_source *s)
{
    return DX_OWNER(s, struct dx_pool, source);
}

int dx_pool_init_library(void)
{
    static int is_done;

    if (!is_done && curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
        return -1;
    is_done = 1;
    return 0;
}

/* ---- what libcurl calls */

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct dx_connection *c = data;
    int fd;

    (void)purpose;
    c->is_resolved = 1;
    if (c->state == DX_RESOLVING || c->state == DX_ORPHANED)
        return CURL_SOCKET_BAD; /* the name was all that is wanted */
#ifdef SOCK_CLOEXEC
    fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    fd = socket(address->family, address->socktype, address->protocol);
#endif
    if (fd < 0)
        return CURL_SOCKET_BAD;
    if (dx_source_open_fd(&c->pool->source, fd) != 0) {
        close(fd);
        return CURL_SOCKET_BAD;
    }
    return fd;
}

static int close_socket(void *data, curl_socket_t fd)
{
    struct dx_pool *p = data;

    dx_source_close_fd(&p->source, fd);
    return close(fd);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *unused)
{
    struct dx_pool *p = data;

    (void)easy;
    (void)unused;
    if (what == CURL_POLL_REMOVE)
        what = 0;
    return dx_source_watch(&p->source, fd, (what & CURL_POLL_IN ? DX_READ : 0) | (what & CURL_POLL_OUT ? DX_WRITE : 0));
}

static int on_timer(CURLM *multi, long ms, void *data)
{
    struct dx_pool *p = data;

    (void)multi;
    p->source.due = ms < 0 ? -1 : dx_loop_now() + (long long)ms * 1000;
    return 0;
}

/* ---- attempts */

static void act(struct dx_pool *p, curl_socket_t fd, int what)
{
    int running;

    p->source.has_news = 1;
    curl_multi_socket_action(p->multi, fd, what, &running);
}

static void on_due(struct dx_source *s)
{
    s->due = -1;
    act(pool_of(s), CURL_SOCKET_TIMEOUT, 0);
}

static int add(struct dx_connection *c)
{
    if (curl_multi_add_handle(c->pool->multi, c->easy) != CURLM_OK)
        return -1;
    c->is_added = 1;
    on_due(&c->pool->source);
    return 0;
}

static void remove_handle(struct dx_connection *c)
{
    if (c->is_added)
        curl_multi_remove_handle(c->pool->multi, c->easy);
    c->is_added = 0;
}

/* How long the attempt may take from now on; 0: libcurl's default. */
static long left_ms(const struct dx_connection *c)
{
    long left = c->connect_ms - (long)((dx_loop_now() - c->begun) / 1000);

    return c->connect_ms == 0 ? 0 : left > 0 ? left : 1;
}

/* True if no data and no EOF arrived while idle. What arrived would belong to no request. */
static int is_quiet(struct dx_connection *c)
{
    char byte;
    size_t n;

    return c->socket.fd >= 0 && dx_connection_receive(c, &byte, 1, &n) == CURLE_AGAIN;
}

static void on_ready(struct dx_socket *socket, int what)
{
    struct dx_connection *c = DX_OWNER(socket, struct dx_connection, socket);

    if (c->state == DX_BUSY)
        c->pool->owner->ready(c, what);
    else if ((what & DX_BROKEN) || !is_quiet(c))
        dx_connection_close(c);
}

/* The connection is established: libcurl's part is over. */
static CURLcode take_over(struct dx_connection *c)
{
    curl_socket_t fd = CURL_SOCKET_BAD;

    c->state = DX_BUSY;
    if (curl_easy_getinfo(c->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK || fd == CURL_SOCKET_BAD)
        return CURLE_COULDNT_CONNECT;
    return dx_socket_open(&c->socket, &c->pool->source, fd, on_ready) == 0 ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

/* Goes on to connect, now that libcurl has the name in its cache. Returns 0 or -1. */
static int connect_now(struct dx_connection *c)
{
    c->state = DX_CONNECTING;
    c->error[0] = '\0';
    curl_easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT_MS, left_ms(c));
    return add(c);
}

static void end_lookup(struct dx_connection *c)
{
    struct dx_pool *p = c->pool;

    remove_handle(c);
    dx_loop_count_lookup(p->source.loop, -1);
    if (!c->is_resolved)
        return;
    dx_buf_reset(&p->cached);
    p->cached_until = dx_buf_add(&p->cached, c->origin.data, c->origin.len) == 0 ? dx_loop_now() + CACHED_US : 0;
}

static void destroy(struct dx_connection *c)
{
    remove_handle(c);
    if (c->easy != NULL)
        curl_easy_cleanup(c->easy);
    dx_buf_free(&c->origin);
    free(c);
}

/* An attempt is over: the look-up, or the whole of it. */
static void end_attempt(struct dx_connection *c, CURLcode code)
{
    switch (c->state) {
    case DX_ORPHANED:
        end_lookup(c);
        dx_list_remove(&c->link);
        destroy(c);
        return;
    case DX_RESOLVING:
        end_lookup(c);
        if (!c->is_resolved)
            c->state = DX_CONNECTING;
        else if (connect_now(c) == 0)
            return;
        else
            code = CURLE_OUT_OF_MEMORY;
        break;
    default:
        assert(c->state == DX_CONNECTING);
        if (code == CURLE_OK)
            code = take_over(c);
    }
    c->pool->owner->connected(c, code);
}

/* Handles the attempts that are over. Returns how many. */
static int collect(struct dx_source *s)
{
    struct dx_pool *p = pool_of(s);
    CURLMsg *message;
    int left, n = 0;

    while (p->multi != NULL && (message = curl_multi_info_read(p->multi, &left)) != NULL) {
        struct dx_connection *c = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &c);
        end_attempt(c, message->data.result);
        n++;
    }
    return n;
}

/* ---- pools */

static void on_timeout(struct dx_source *s, long long now)
{
    struct dx_pool *p = pool_of(s);

    p->owner->on_timeout(p, now);
}

static void on_event(struct dx_source *s, int fd, int what)
{
    act(pool_of(s), fd, (what & DX_READ ? CURL_CSELECT_IN : 0) | (what & DX_WRITE ? CURL_CSELECT_OUT : 0) |
        (what & DX_BROKEN ? CURL_CSELECT_ERR : 0));
}

static void close_multi(struct dx_pool *p)
{
    while (!dx_list_is_empty(&p->idle))
        dx_connection_close(DX_OWNER(p->idle.next, struct dx_connection, link));
    while (!dx_list_is_empty(&p->orphans)) {
        struct dx_connection *c = DX_OWNER(p->orphans.next, struct dx_connection, link);

        end_lookup(c);
        dx_list_remove(&c->link);
        destroy(c);
    }
    curl_multi_cleanup(p->multi);
    curl_share_cleanup(p->share);
    p->multi = NULL;
    p->share = NULL;
    p->source.due = -1;
}

static void on_fork(struct dx_source *s)
{
    struct dx_pool *p = pool_of(s);

    p->owner->on_fork(p);
    if (p->multi != NULL)
        close_multi(p);
}

static const struct dx_source_ops source_ops = { on_due, on_timeout, on_event, collect, on_fork };

void dx_pool_init(struct dx_pool *p, struct dx_loop *l, struct dx_settings *settings, const struct dx_pool_owner *owner)
{
    memset(p, 0, sizeof *p);
    p->owner = owner;
    p->settings = settings;
    dx_list_init(&p->idle);
    dx_list_init(&p->orphans);
    dx_buf_init(&p->cached, DX_HEAD_MAX);
    dx_source_add(&p->source, l, &source_ops);
}

void dx_pool_free(struct dx_pool *p)
{
    if (p->multi != NULL)
        close_multi(p);
    dx_buf_free(&p->cached);
    dx_source_remove(&p->source);
}

int dx_pool_open(struct dx_pool *p)
{
    if (p->multi != NULL)
        return 0;
    p->multi = curl_multi_init();
    if (p->multi == NULL)
        return -1;
    curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
    curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
    curl_multi_setopt(p->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MAX);
    p->share = curl_share_init();
    if (p->share != NULL)
        curl_share_setopt(p->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return 0;
}

/* ---- connections */

/* True for "https://10.0.0.1:8080" and "http://[::1]": there is nothing to look up. */
static int is_address(const char *url)
{
    const char *host = strstr(url, "://");

    host = host != NULL ? host + 3 : url;
    return *host == '[' || strchr("/:", host[strspn(host, "0123456789.")]) != NULL;
}

int dx_pool_needs_lookup(const struct dx_pool *p, const struct dx_buf *origin)
{
    if (is_address(p->settings->proxy.len > 0 ? p->settings->proxy.data : origin->data))
        return 0;
    return p->cached_until < dx_loop_now() || p->cached.len != origin->len
        || memcmp(p->cached.data, origin->data, origin->len) != 0;
}

static int set_up(struct dx_connection *c)
{
    struct dx_pool *p = c->pool;
    CURL *easy = c->easy;

    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, c);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, p);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, c);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, c->state == DX_RESOLVING ? (long)NEVER_MS : c->connect_ms);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_SIZE);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)NEVER_SECONDS);
    curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, 0L);
    curl_easy_setopt(easy, CURLOPT_SHARE, p->share);
    return dx_settings_apply(p->settings, easy, c->origin.data);
}

struct dx_connection *dx_pool_connect(struct dx_pool *p, const struct dx_buf *origin, long connect_ms, void *user)
{
    struct dx_connection *c = calloc(1, sizeof *c);
    struct dx_loop *l = p->source.loop;

    if (c == NULL)
        return NULL;
    c->state = dx_pool_needs_lookup(p, origin) ? DX_RESOLVING : DX_CONNECTING;
    c->pool = p;
    c->user = user;
    c->connect_ms = connect_ms;
    c->begun = dx_loop_now();
    c->socket.fd = -1;
    dx_list_init(&c->socket.link);
    dx_list_init(&c->link);
    dx_buf_init(&c->origin, DX_HEAD_MAX);
    c->easy = curl_easy_init();
    if (c->easy == NULL || dx_buf_add(&c->origin, origin->data, origin->len) != 0 || set_up(c) != 0 || add(c) != 0) {
        destroy(c);
        return NULL;
    }
    dx_loop_count_connection(l, 1);
    if (c->state == DX_RESOLVING)
        dx_loop_count_lookup(l, 1);
    return c;
}

void dx_connection_close(struct dx_connection *c)
{
    dx_loop_count_connection(c->pool->source.loop, -1);
    if (c->state == DX_RESOLVING) {
        c->state = DX_ORPHANED;
        c->user = NULL;
        dx_list_append(&c->pool->orphans, &c->link);
        return;
    }
    if (c->state == DX_IDLE)
        c->pool->nidle--;
    dx_list_remove(&c->link);
    dx_socket_set_busy(&c->socket);
    destroy(c);
}

static int is_for(const struct dx_connection *c, const struct dx_buf *origin)
{
    return c->origin.len == origin->len && memcmp(c->origin.data, origin->data, origin->len) == 0;
}

struct dx_connection *dx_pool_reuse(struct dx_pool *p, const struct dx_buf *origin, void *user)
{
    struct dx_link *at, *before;

    for (at = p->idle.prev; at != &p->idle; at = before) { /* the last one used first */
        struct dx_connection *c = DX_OWNER(at, struct dx_connection, link);

        before = at->prev;
        if (!is_for(c, origin))
            continue;
        if (dx_loop_now() - c->socket.idle_since > IDLE_US_MAX || !is_quiet(c)) {
            dx_connection_close(c);
            continue;
        }
        p->nidle--;
        dx_list_remove(at);
        dx_socket_set_busy(&c->socket);
        c->state = DX_BUSY;
        c->user = user;
        return c;
    }
    return NULL;
}

void dx_connection_keep(struct dx_connection *c)
{
    struct dx_pool *p = c->pool;

    assert(c->state == DX_BUSY);
    c->state = DX_IDLE;
    c->user = NULL;
    dx_list_append(&p->idle, &c->link);
    p->nidle++;
    dx_socket_set_idle(&c->socket); /* may close it */
    if (p->nidle > IDLE_MAX && dx_loop_get_limit(p->source.loop) == 0)
        dx_connection_close(DX_OWNER(p->idle.next, struct dx_connection, link));
}

CURLcode dx_connection_send(struct dx_connection *c, const char *bytes, size_t n, size_t *sent)
{
    *sent = 0;
    return curl_easy_send(c->easy, bytes, n, sent);
}

CURLcode dx_connection_receive(struct dx_connection *c, char *to, size_t n, size_t *received)
{
    *received = 0;
    return curl_easy_recv(c->easy, to, n, received);
}
