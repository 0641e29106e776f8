/*
 * Connections: libcurl resolves, connects, tunnels and shakes hands; bytes then
 * go through it as they are. What a connection carries is transfer.c's.
 */
#include "net/session.h"

#include "net/allocator.h"

#include <stdlib.h>
#include <string.h>

enum {
    IDLE_MAX = 64,                     /* kept by one session while no limit is set */
    REST_MAX = 118 * 1000 * 1000,      /* microseconds that one may rest: many middleboxes forget it after two minutes */
    NEVER = 10 * 365 * 24 * 3600       /* seconds; libcurl would close by age what is in use here */
};

static void on_ready(struct dx_socket *socket, int what)
{
    struct dx_connection *c = (struct dx_connection *)(void *)socket; /* its first member */

    dx_transfer_ready(c, what);
}

static int set_up(struct dx_connection *c, long connect_ms)
{
    CURL *easy = c->easy;
    CURLcode code;

    if (dx_session_set_up(c->session, easy) != 0)
        return -1;
    code = curl_easy_setopt(easy, CURLOPT_URL, c->session->place.url.data);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, c);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)DX_RECEIVE);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)NEVER);
    curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, 0L);
    return code == CURLE_OK ? 0 : -1;
}

struct dx_connection *dx_connection_open(struct dx_session *s, struct dx_transfer *t, long connect_ms)
{
    struct dx_connection *c = calloc(1, sizeof *c);
    const struct dx_buf *origin = &s->place.origin;

    if (c == NULL)
        return NULL;
    c->session = s;
    c->transfer = t;
    c->socket.cache = &s->cache;
    c->socket.fd = -1;
    dx_buf_init(&c->origin, DX_HEAD_MAX);
    c->easy = curl_easy_init();
    if (c->easy == NULL || dx_buf_add(&c->origin, origin->data, origin->len) != 0 || set_up(c, connect_ms) != 0
        || dx_cache_add(&s->cache, c->easy) != 0) {
        dx_connection_close(c);
        return NULL;
    }
    c->is_added = 1;
    return c;
}

static void unlink_idle(struct dx_connection *c)
{
    struct dx_session *s = c->session;

    *(c->prev != NULL ? &c->prev->next : &s->idle) = c->next;
    *(c->next != NULL ? &c->next->prev : &s->longest_idle) = c->prev;
    c->next = c->prev = NULL;
    s->nidle--;
    if (c->socket.is_idle)
        dx_socket_wake(&c->socket);
}

static int is_kept(const struct dx_connection *c)
{
    return c->prev != NULL || c->session->idle == c;
}

void dx_connection_close(struct dx_connection *c)
{
    if (is_kept(c))
        unlink_idle(c);
    if (c->is_added)
        dx_cache_remove(&c->session->cache, c->easy);
    if (c->easy != NULL)
        curl_easy_cleanup(c->easy);
    dx_buf_free(&c->origin);
    free(c);
}

int dx_connection_stands(struct dx_connection *c)
{
    curl_socket_t fd = CURL_SOCKET_BAD;

    if (curl_easy_getinfo(c->easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK || fd == CURL_SOCKET_BAD)
        return -1;
    return dx_socket_take(&c->socket, &c->session->cache, fd, on_ready);
}

int dx_connection_is_quiet(struct dx_connection *c)
{
    char byte;
    size_t n;

    return c->socket.fd >= 0 && dx_connection_receive(c, &byte, 1, &n) == CURLE_AGAIN;
}

struct dx_connection *dx_connection_reuse(struct dx_session *s)
{
    const struct dx_buf *origin = &s->place.origin;
    struct dx_connection *c, *next;

    for (c = s->idle; c != NULL; c = next) {
        next = c->next;
        if (c->origin.len != origin->len || memcmp(c->origin.data, origin->data, origin->len) != 0)
            continue;
        if (dx_loop_now() - c->socket.idle_since > REST_MAX || !dx_connection_is_quiet(c)) {
            dx_connection_close(c);
            continue;
        }
        unlink_idle(c);
        return c;
    }
    return NULL;
}

void dx_connection_keep(struct dx_connection *c)
{
    struct dx_session *s = c->session;

    c->transfer = NULL;
    c->prev = NULL;
    c->next = s->idle;
    *(c->next != NULL ? &c->next->prev : &s->longest_idle) = c;
    s->idle = c;
    s->nidle++;
    dx_socket_rest(&c->socket); /* which may close it */
    if (s->nidle > IDLE_MAX && dx_loop_get_limit(s->cache.loop) == 0)
        dx_connection_close(s->longest_idle);
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
