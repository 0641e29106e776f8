/* The connections of a loop: see connection_pool.h. */
#include "net/connection_pool.h"

#include "base/exchange.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LOOKUPS_MAX = 16,               /* at once: each is a thread of libcurl's */
    IDLE_MAX = 64,                  /* kept by one pool while there is no limit */
    IDLE_US_MAX = 118 * 1000 * 1000, /* many middleboxes forget a connection after two minutes */
    CACHED_US = 30 * 1000 * 1000,   /* libcurl caches a name for 60 seconds */
    NEVER_SECONDS = 10 * 365 * 24 * 3600,
    NEVER_MS = 24 * 3600 * 1000,
    CONNECTIONS_MAX = 1000000,      /* libcurl may not close any by itself */
    RECEIVE_SIZE = 512 * 1024       /* the most that libcurl reads at once */
};

static struct dx_connection *connection_at(struct dx_link *link)
{
    return DX_OWNER(link, struct dx_connection, link);
}

/* ---- what libcurl calls */

static curl_socket_t open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct dx_connection *c = data;
    struct dx_poller *poller = &c->pool->net->poller;
    struct dx_watched *w;
    int fd, what;

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
    w = dx_poller_get(poller, fd);
    if (w != NULL) {
        /* Some releases of libcurl close a socket of a failed attempt without a callback, and do not repeat what they
         * want to know of the next socket with its number. */
        what = w->user == NULL ? w->what : 0;
        w->user = NULL;
        w->is_ours = 1;
        w->what = 0;
        if (dx_poller_watch(poller, fd, what) == 0)
            return fd;
    }
    close(fd);
    return CURL_SOCKET_BAD;
}

static int close_socket(void *data, curl_socket_t fd)
{
    struct dx_poller *poller = data;
    struct dx_watched *w = dx_poller_get(poller, fd);

    if (w != NULL) {
        dx_poller_watch(poller, fd, 0);
        if (w->user != NULL)
            ((struct dx_connection *)w->user)->fd = -1;
        memset(w, 0, sizeof *w);
    }
    return close(fd);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *unused)
{
    struct dx_poller *poller = data;
    struct dx_watched *w = dx_poller_get(poller, fd);
    int wanted = (what & CURL_POLL_IN ? DX_READ : 0) | (what & CURL_POLL_OUT ? DX_WRITE : 0);

    (void)easy;
    (void)unused;
    if (w == NULL)
        return -1;
    if (w->user != NULL)
        return 0;
    if (what != CURL_POLL_REMOVE && wanted != 0)
        return dx_poller_watch(poller, fd, wanted);
    if (dx_poller_watch(poller, fd, 0) != 0 || !w->is_ours) /* libcurl has closed it without a callback, or will */
        memset(w, 0, sizeof *w);
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *data)
{
    struct dx_net *n = data;

    (void)multi;
    n->due = ms < 0 ? -1 : dx_now() + (long long)ms * 1000;
    return 0;
}

/* ---- attempts */

void dx_net_act(struct dx_net *n, int fd, int what)
{
    int running, events = (what & DX_READ ? CURL_CSELECT_IN : 0) | (what & DX_WRITE ? CURL_CSELECT_OUT : 0)
        | (what & DX_BROKEN ? CURL_CSELECT_ERR : 0);

    n->has_news = 1;
    curl_multi_socket_action(n->multi, fd, events, &running);
}

static void act_in_time(struct dx_net *n)
{
    n->due = -1;
    dx_net_act(n, CURL_SOCKET_TIMEOUT, 0);
}

void dx_net_expire(struct dx_net *n)
{
    if (n->due >= 0 && n->due <= dx_now())
        act_in_time(n);
}

static int add(struct dx_connection *c)
{
    if (curl_multi_add_handle(c->pool->net->multi, c->easy) != CURLM_OK)
        return -1;
    c->is_added = 1;
    act_in_time(c->pool->net);
    return 0;
}

static void remove_handle(struct dx_connection *c)
{
    if (c->is_added)
        curl_multi_remove_handle(c->pool->net->multi, c->easy);
    c->is_added = 0;
}

/* How long the attempt may take from now on; 0: libcurl's default. */
static long left_ms(const struct dx_connection *c)
{
    long left = c->connect_ms - (long)((dx_now() - c->begun) / 1000);

    return c->connect_ms == 0 ? 0 : left > 0 ? left : 1;
}

/* The connection is established: libcurl's part is over. */
static CURLcode take_over(struct dx_connection *c)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    struct dx_watched *w;

    c->state = DX_BUSY;
    if (curl_easy_getinfo(c->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK || fd == CURL_SOCKET_BAD)
        return CURLE_COULDNT_CONNECT;
    w = dx_poller_get(&c->pool->net->poller, fd);
    if (w == NULL)
        return CURLE_OUT_OF_MEMORY;
    w->user = c;
    c->fd = fd;
    return dx_connection_watch(c, DX_READ) == 0 ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

static void end_lookup(struct dx_connection *c)
{
    struct dx_pool *p = c->pool;

    remove_handle(c);
    p->net->lookups--;
    if (!c->is_resolved)
        return;
    dx_buf_reset(&p->cached);
    p->cached_until = dx_buf_add(&p->cached, c->origin.data, c->origin.len) == 0 ? dx_now() + CACHED_US : 0;
}

/* An attempt is over: the look-up, or the whole of it. Returns true if its user must be told; *code says what. */
static int end_attempt(struct dx_connection *c, CURLcode *code)
{
    if (c->state == DX_ORPHANED) {
        dx_connection_close(c);
        return 0;
    }
    if (c->state == DX_RESOLVING) {
        end_lookup(c);
        c->state = DX_CONNECTING;
        if (!c->is_resolved)
            return 1;
        c->error[0] = '\0';
        curl_easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT_MS, left_ms(c));
        if (add(c) == 0) /* libcurl has the name in its cache */
            return 0;
        *code = CURLE_OUT_OF_MEMORY;
        return 1;
    }
    assert(c->state == DX_CONNECTING);
    if (*code == CURLE_OK)
        *code = take_over(c);
    return 1;
}

struct dx_connection *dx_net_next_attempt(struct dx_net *n, CURLcode *code)
{
    struct dx_connection *c;
    CURLMsg *message;
    int left;

    if (!n->has_news)
        return NULL;
    while ((message = curl_multi_info_read(n->multi, &left)) != NULL) {
        *code = message->data.result;
        if (message->msg == CURLMSG_DONE && curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &c) == CURLE_OK
            && end_attempt(c, code))
            return c;
    }
    n->has_news = 0;
    return NULL;
}

/* ---- all connections of a loop */

static int make_multi(struct dx_net *n)
{
    n->due = -1;
    n->has_news = 0;
    n->multi = curl_multi_init();
    if (n->multi == NULL)
        return -1;
    curl_multi_setopt(n->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(n->multi, CURLMOPT_SOCKETDATA, &n->poller);
    curl_multi_setopt(n->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(n->multi, CURLMOPT_TIMERDATA, n);
    curl_multi_setopt(n->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(n->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MAX);
    return 0;
}

int dx_net_init(struct dx_net *n)
{
    static int is_library_ready;

    dx_list_init(&n->idle);
    dx_list_init(&n->orphans);
    if (dx_poller_init(&n->poller) != 0 || (!is_library_ready && curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK))
        return -1;
    is_library_ready = 1;
    return make_multi(n);
}

/* Closes the connections in a list: a pool's, or all where that is NULL. */
static void close_all(struct dx_link *list, const struct dx_pool *p)
{
    struct dx_link *at, *next;

    for (at = list->next; at != list; at = next) {
        next = at->next;
        if (p == NULL || connection_at(at)->pool == p)
            dx_connection_close(connection_at(at));
    }
}

void dx_net_free(struct dx_net *n)
{
    assert(dx_list_is_empty(&n->idle) && dx_list_is_empty(&n->orphans));
    curl_multi_cleanup(n->multi);
    dx_poller_free(&n->poller);
}

/* Closing a connection of the parent's properly would send a TLS farewell on its behalf. */
void dx_net_leave_to_parent(struct dx_net *n)
{
    int fd, nowhere = socket(AF_UNIX, SOCK_STREAM, 0);

    for (fd = 0; fd < n->poller.n; fd++) {
        struct dx_watched *w = &n->poller.watched[fd];

        if (nowhere >= 0 && w->is_ours && (w->user != NULL || w->what != 0)) /* else the number may be in use */
            dup2(nowhere, fd);
        w->what = 0;
    }
    if (nowhere >= 0)
        close(nowhere);
    dx_poller_renew(&n->poller);
}

void dx_net_renew(struct dx_net *n)
{
    close_all(&n->idle, NULL);
    close_all(&n->orphans, NULL);
    curl_multi_cleanup(n->multi);
    make_multi(n);
}

int dx_net_has_lookup(const struct dx_net *n)
{
    return n->lookups < LOOKUPS_MAX;
}

int dx_net_has_room(const struct dx_net *n, int needs_lookup)
{
    return (n->limit == 0 || n->connections < n->limit || !dx_list_is_empty(&n->idle))
        && (!needs_lookup || dx_net_has_lookup(n));
}

void dx_net_close_idle(struct dx_net *n, int max)
{
    while (n->connections > max && !dx_list_is_empty(&n->idle))
        dx_connection_close(connection_at(n->idle.next));
}

/* ---- pools */

void dx_pool_init(struct dx_pool *p, struct dx_net *n)
{
    p->net = n;
    dx_buf_init(&p->cached, DX_HEAD_MAX);
    p->share = curl_share_init();
    if (p->share != NULL)
        curl_share_setopt(p->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

void dx_pool_free(struct dx_pool *p)
{
    close_all(&p->net->idle, p);
    close_all(&p->net->orphans, p);
    curl_share_cleanup(p->share);
    dx_buf_free(&p->cached);
    dx_settings_free(&p->settings);
}

static int is_for(const struct dx_buf *kept, const struct dx_buf *origin)
{
    return kept->len == origin->len && memcmp(kept->data, origin->data, origin->len) == 0;
}

/* True for "https://10.0.0.1:8080" and "http://[::1]": there is nothing to look up. */
static int is_address(const char *url)
{
    const char *host = strstr(url, "://");

    host = host != NULL ? host + 3 : url;
    return *host == '[' || strchr("/:", host[strspn(host, "0123456789.")]) != NULL;
}

int dx_pool_needs_lookup(const struct dx_pool *p, const struct dx_buf *origin)
{
    if (is_address(p->settings.proxy.len > 0 ? p->settings.proxy.data : origin->data))
        return 0;
    return p->cached_until < dx_now() || !is_for(&p->cached, origin);
}

static int set_up(struct dx_connection *c)
{
    CURL *easy = c->easy;

    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, c);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, &c->pool->net->poller);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, c);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, c->state == DX_RESOLVING ? (long)NEVER_MS : c->connect_ms);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_SIZE);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)NEVER_SECONDS);
    curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, 0L);
    curl_easy_setopt(easy, CURLOPT_SHARE, c->pool->share);
    return dx_settings_apply(&c->pool->settings, easy, c->origin.data);
}

static void destroy(struct dx_connection *c)
{
    remove_handle(c);
    if (c->fd >= 0) /* libcurl closes it later */
        c->pool->net->poller.watched[c->fd].user = NULL;
    if (c->easy != NULL)
        curl_easy_cleanup(c->easy);
    dx_buf_free(&c->origin);
    free(c);
}

struct dx_connection *dx_pool_connect(struct dx_pool *p, const struct dx_buf *origin, long connect_ms, void *user)
{
    struct dx_connection *c;
    struct dx_net *n = p->net;

    if (n->limit > 0)
        dx_net_close_idle(n, n->limit - 1);
    c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->state = dx_pool_needs_lookup(p, origin) ? DX_RESOLVING : DX_CONNECTING;
    c->pool = p;
    c->user = user;
    c->connect_ms = connect_ms;
    c->begun = dx_now();
    c->fd = -1;
    dx_list_init(&c->link);
    dx_buf_init(&c->origin, DX_HEAD_MAX);
    c->easy = curl_easy_init();
    if (c->easy == NULL || dx_buf_add(&c->origin, origin->data, origin->len) != 0 || set_up(c) != 0 || add(c) != 0) {
        destroy(c);
        return NULL;
    }
    n->connections++;
    n->lookups += c->state == DX_RESOLVING;
    return c;
}

void dx_connection_close(struct dx_connection *c)
{
    struct dx_net *n = c->pool->net;

    if (c->state == DX_ORPHANED)
        end_lookup(c);
    else
        n->connections--;
    if (c->state == DX_RESOLVING) {
        c->state = DX_ORPHANED;
        dx_list_append(&n->orphans, &c->link);
        return;
    }
    if (c->state == DX_IDLE)
        c->pool->nidle--;
    dx_list_remove(&c->link);
    destroy(c);
}

int dx_connection_watch(struct dx_connection *c, int what)
{
    return c->fd >= 0 ? dx_poller_watch(&c->pool->net->poller, c->fd, what) : -1;
}

void dx_connection_check_idle(struct dx_connection *c, int what)
{
    char byte;
    size_t n = 0;

    /* what arrived would belong to no request */
    if ((what & DX_BROKEN) || c->fd < 0 || dx_now() - c->idle_since > IDLE_US_MAX
        || curl_easy_recv(c->easy, &byte, 1, &n) != CURLE_AGAIN)
        dx_connection_close(c);
}

struct dx_connection *dx_pool_reuse(struct dx_pool *p, const struct dx_buf *origin, void *user)
{
    struct dx_link *idle = &p->net->idle, *at, *before;

    for (at = idle->prev; at != idle; at = before) { /* the last one used first */
        struct dx_connection *c = connection_at(at);
        int nidle = p->nidle;

        before = at->prev;
        if (c->pool != p || !is_for(&c->origin, origin))
            continue;
        dx_connection_check_idle(c, 0);
        if (p->nidle < nidle) /* it was closed */
            continue;
        p->nidle--;
        dx_list_remove(at);
        c->state = DX_BUSY;
        c->user = user;
        return c;
    }
    return NULL;
}

void dx_connection_keep(struct dx_connection *c)
{
    struct dx_pool *p = c->pool;
    struct dx_link *at = &c->link;

    assert(c->state == DX_BUSY);
    c->state = DX_IDLE;
    c->idle_since = dx_now();
    dx_list_append(&p->net->idle, at);
    p->nidle++;
    if (p->net->limit > 0) {
        dx_net_close_idle(p->net, p->net->limit);
    } else if (p->nidle > IDLE_MAX) {
        for (at = p->net->idle.next; connection_at(at)->pool != p; at = at->next)
            ;
        dx_connection_close(connection_at(at));
    }
}
