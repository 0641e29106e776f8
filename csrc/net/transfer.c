/* One request and its answer: see transfer.h. */
#include "net/transfer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#if defined __linux__
#include <linux/sockios.h>
#endif

enum {
    SMALL_BODY = 16 * 1024, /* bytes of a body that is sent together with the head */
    READS_MAX = 64          /* at once, before other connections get their turn */
};

static const char no_memory[] = "not enough memory";

static struct dx_transfer *transfer_at(struct dx_link *link)
{
    return DX_OWNER(link, struct dx_transfer, link);
}

static struct dx_net *net_of(const struct dx_transfer *t)
{
    return &t->session->loop->net;
}

/* ---- how a transfer ended */

static int is_tls_code(CURLcode code)
{
    switch (code) {
    case CURLE_SSL_CONNECT_ERROR: case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED: case CURLE_SSL_ENGINE_INITFAILED: case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER: case CURLE_SSL_CACERT_BADFILE: case CURLE_SSL_CRL_BADFILE: case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: case CURLE_SSL_CLIENTCERT: case CURLE_USE_SSL_FAILED:
        return 1;
    default:
        return 0;
    }
}

/* True if the handshake failed because the connection broke, not because of its content. */
static int is_broken_handshake(CURLcode code, const char *error)
{
    static const char *const signs[] = {
        "onnection reset", "roken pipe", "SSL_ERROR_SYSCALL", "unexpected eof", "getpeername"
    };
    size_t i;

    for (i = 0; code == CURLE_SSL_CONNECT_ERROR && i < sizeof signs / sizeof *signs; i++)
        if (strstr(error, signs[i]) != NULL)
            return 1;
    return 0;
}

/* The kind of a failed attempt to connect. */
static enum dx_kind kind_of(CURLcode code, const char *error)
{
    if (code == CURLE_OPERATION_TIMEDOUT)
        return DX_TIMEOUT;
    if (is_tls_code(code))
        return is_broken_handshake(code, error) ? DX_CONNECT : DX_TLS;
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_LOGIN_DENIED)
        return DX_CONFIG;
    return DX_CONNECT;
}

static const char *message_of(CURLcode code, const char *error)
{
    if (code == CURLE_OUT_OF_MEMORY)
        return no_memory;
    return error[0] != '\0' ? error : curl_easy_strerror(code);
}

/* Moves the transfer from the active list to its queue. Its connection is closed, or kept, already. */
static void finish(struct dx_transfer *t, enum dx_kind kind)
{
    assert(!t->finished && t->connection == NULL);
    dx_list_remove(&t->link);
    dx_list_remove(&t->waiting);
    if (dx_list_is_empty(&t->session->loop->active))
        t->session->loop->deadline = -1;
    if (t->x->secret || t->session->pool.settings.proxy_line.len > 0) { /* the answer may repeat a secret */
        dx_buf_wipe(&t->out);
        dx_buf_wipe(&t->answer.line);
    }
    t->kind = kind;
    t->finished = 1;
    if (t->queue != NULL)
        dx_list_append(t->queue, &t->link);
}

void dx_transfer_fail(struct dx_transfer *t, enum dx_kind kind, const char *message)
{
    snprintf(t->message, sizeof t->message, "%s", message);
    if (t->connection != NULL)
        dx_connection_close(t->connection);
    t->connection = NULL;
    dx_exchange_clear_answer(t->x);
    finish(t, kind);
}

static size_t unsent(const struct dx_transfer *t)
{
    return t->head_len + t->x->body.len - t->at;
}

/* The answer is complete. `has_extra`: bytes follow it. */
static void complete(struct dx_transfer *t, int has_extra)
{
    struct dx_connection *c = t->connection;

    t->x->status = t->answer.status;
    t->connection = NULL;
    if (t->answer.reusable && !has_extra && unsent(t) == 0)
        dx_connection_keep(c);
    else
        dx_connection_close(c);
    finish(t, DX_DONE);
}

/* ---- receiving */

/* How many sent bytes the other side has not acknowledged; 0 where the system does not tell. */
static int unacknowledged(int fd)
{
    int n = 0;

#if defined SIOCOUTQ
    if (ioctl(fd, SIOCOUTQ, &n) != 0)
        return 0;
#else
    (void)fd;
#endif
    return n;
}

/* Rejects a success received before the request was fully sent: it answers an earlier request. */
static int is_in_order(struct dx_transfer *t)
{
    if (t->is_order_checked || t->answer.status == 0)
        return 1;
    t->is_order_checked = 1;
    return t->answer.status >= 400 || (unsent(t) == 0 && unacknowledged(t->connection->fd) == 0);
}

/* Takes n bytes: from the buffer, or read into the body already where that is NULL. Returns true if more is expected. */
static int take(struct dx_transfer *t, const char *buffer, size_t n)
{
    struct dx_http1 *answer = &t->answer;
    const char *problem = NULL;
    size_t used = n;

    if (n == 0)
        dx_http1_end(answer);
    else if (buffer == NULL)
        dx_http1_filled(answer, n);
    else
        used = dx_http1_feed(answer, buffer, n);
    if (answer->state == DX_MALFORMED)
        problem = answer->problem;
    else if (!is_in_order(t))
        problem = "an answer came before the request had arrived";
    if (problem != NULL)
        dx_transfer_fail(t, DX_RESET, problem);
    else if (answer->state == DX_COMPLETE)
        complete(t, n == 0 || used < n);
    return !t->finished;
}

/* Reads once. Returns true if there may be more to read. */
static int receive_once(struct dx_transfer *t)
{
    struct dx_connection *c = t->connection;
    char *input = t->session->loop->input;
    size_t room, n = 0;
    char *body = dx_http1_room(&t->answer, &room);
    CURLcode code = curl_easy_recv(c->easy, body != NULL ? body : input, body != NULL ? room : DX_INPUT, &n);

    if (code == CURLE_AGAIN)
        return 0;
    if (code != CURLE_OK) {
        dx_transfer_fail(t, DX_RESET, message_of(code, c->error));
        return 0;
    }
    return take(t, body != NULL ? NULL : input, n);
}

/* Watches the socket. What OpenSSL has read already does not make it readable, but writable it is. */
static void watch(struct dx_transfer *t, int is_writable_too)
{
    if (dx_connection_watch(t->connection, is_writable_too ? DX_READ | DX_WRITE : DX_READ) != 0)
        dx_transfer_fail(t, DX_RESET, no_memory);
}

/* Reads what there is. Returns true if there may be more. */
static int receive(struct dx_transfer *t)
{
    int is_secret = t->x->secret, i;

    t->connection->error[0] = '\0';
    for (i = 0; i < READS_MAX && receive_once(t); i++)
        ;
    if (is_secret)
        dx_wipe(t->session->loop->input, DX_INPUT);
    if (!t->finished)
        watch(t, i == READS_MAX || unsent(t) > 0);
    return !t->finished && i == READS_MAX;
}

/* ---- sending */

/* The bytes to send next. */
static const char *next_bytes(const struct dx_transfer *t, size_t *n)
{
    if (t->at < t->out.len) {
        *n = t->out.len - t->at;
        return t->out.data + t->at;
    }
    *n = unsent(t);
    return t->x->body.data + (t->at - t->head_len);
}

/* Sending failed. The other side may have answered before it stopped reading. */
static void receive_last(struct dx_transfer *t, CURLcode code)
{
    char why[CURL_ERROR_SIZE];

    snprintf(why, sizeof why, "%s", message_of(code, t->connection->error));
    if (!receive(t) && !t->finished)
        dx_transfer_fail(t, DX_RESET, why);
}

static void send_more(struct dx_transfer *t)
{
    struct dx_connection *c = t->connection;
    CURLcode code = CURLE_OK;

    t->sent = 1;
    t->connect_deadline = -1;
    c->error[0] = '\0';
    while (unsent(t) > 0 && code == CURLE_OK) {
        size_t n, done = 0;
        const char *bytes = next_bytes(t, &n);

        code = curl_easy_send(c->easy, bytes, n, &done);
        t->at += done;
    }
    if (code != CURLE_OK && code != CURLE_AGAIN)
        receive_last(t, code);
    else
        watch(t, unsent(t) > 0);
}

/* ---- connections */

void dx_transfer_connected(struct dx_transfer *t, CURLcode code)
{
    const char *error = t->connection->error;

    if (code != CURLE_OK)
        dx_transfer_fail(t, kind_of(code, error), message_of(code, error));
    else
        send_more(t);
}

void dx_transfer_ready(struct dx_transfer *t, int what)
{
    receive(t); /* first: a side that reads no further may have refused */
    if (!t->finished && (what & DX_WRITE) && unsent(t) > 0)
        send_more(t);
}

static void note_deadline(const struct dx_transfer *t, long long at)
{
    long long *first = &t->session->loop->deadline;

    if (at >= 0 && (*first < 0 || at < *first))
        *first = at;
}

static void start_connect_clock(struct dx_transfer *t)
{
    if (t->connect_ms == 0)
        return;
    t->connect_deadline = dx_now() + (long long)t->connect_ms * 1000;
    note_deadline(t, t->connect_deadline);
}

static int reuse(struct dx_transfer *t)
{
    t->connection = dx_pool_reuse(&t->session->pool, &t->session->route.origin, t);
    if (t->connection == NULL)
        return 0;
    send_more(t);
    return 1;
}

static void open_connection(struct dx_transfer *t)
{
    if (t->connect_deadline < 0)
        start_connect_clock(t);
    t->connection = dx_pool_connect(&t->session->pool, &t->session->route.origin, t->connect_ms, t);
    if (t->connection == NULL)
        dx_transfer_fail(t, DX_CONNECT, no_memory);
}

/* Sends over an idle connection, over a new one, or once there is room for one. */
static void dispatch(struct dx_transfer *t)
{
    int needs_lookup;

    if (reuse(t))
        return;
    needs_lookup = dx_pool_needs_lookup(&t->session->pool, &t->session->route.origin);
    if (dx_list_is_empty(&t->session->loop->waiting[needs_lookup]) && dx_net_has_room(net_of(t), needs_lookup)) {
        open_connection(t);
        return;
    }
    if (needs_lookup && !dx_net_has_lookup(net_of(t)))
        start_connect_clock(t);
    dx_list_append(&t->session->loop->waiting[needs_lookup], &t->waiting);
}

static const char *set_route(struct dx_transfer *t)
{
    return dx_route_set(&t->session->route, &t->x->url, t->session->pool.settings.proxy.len > 0);
}

static int can_resume(const struct dx_loop *l, int needs_lookup)
{
    return !dx_list_is_empty(&l->waiting[needs_lookup]) && dx_net_has_room(&l->net, needs_lookup);
}

int dx_transfers_can_resume(const struct dx_loop *l)
{
    return can_resume(l, 0) || can_resume(l, 1);
}

int dx_transfers_resume(struct dx_loop *l)
{
    int needs_lookup, n = 0;

    for (needs_lookup = 0; needs_lookup <= 1; needs_lookup++) {
        for (; can_resume(l, needs_lookup); n++) {
            struct dx_transfer *t = DX_OWNER(l->waiting[needs_lookup].next, struct dx_transfer, waiting);

            dx_list_remove(&t->waiting);
            if (set_route(t) != NULL) /* the session's route may be another request's by now */
                dx_transfer_fail(t, DX_CONNECT, no_memory);
            else if (!reuse(t))
                open_connection(t);
        }
    }
    return n;
}

/* ---- the beginning and the end */

void dx_transfer_release(struct dx_transfer *t)
{
    if (!t->finished)
        dx_transfer_fail(t, DX_CANCELLED, "");
    dx_list_remove(&t->link);
    dx_buf_free(&t->out);
    dx_http1_free(&t->answer);
    free(t);
}

struct dx_transfer *dx_transfers_find(struct dx_link *list, long long id)
{
    struct dx_link *at;

    for (at = list->next; at != list && transfer_at(at)->id != id; at = at->next)
        ;
    return at != list ? transfer_at(at) : NULL;
}

/* Writes the head, and a small body behind it. Returns 0, or -1: no memory. */
static int write_request(struct dx_transfer *t)
{
    const struct dx_buf *proxy_line = &t->session->pool.settings.proxy_line, *body = &t->x->body;
    const struct dx_route *route = &t->session->route;
    int status = dx_http1_write_head(&t->out, t->x, route, route->is_proxied ? proxy_line->data : NULL);

    t->head_len = t->out.len;
    if (status == 0 && body->len <= SMALL_BODY)
        status = dx_buf_add(&t->out, body->data, body->len);
    return status;
}

struct dx_transfer *dx_transfer_start(struct dx_session *s, struct dx_exchange *x, long connect_ms, long total_ms,
    long long id, struct dx_link *queue)
{
    struct dx_transfer *t = calloc(1, sizeof *t);
    const char *problem;

    if (t == NULL)
        return NULL;
    t->session = s;
    t->x = x;
    t->id = id;
    t->queue = queue;
    t->connect_ms = connect_ms;
    t->connect_deadline = -1;
    t->deadline = total_ms > 0 ? dx_now() + (long long)total_ms * 1000 : -1;
    dx_list_append(&s->loop->active, &t->link);
    dx_list_init(&t->waiting);
    dx_buf_init(&t->out, 4 * DX_HEAD_MAX);
    dx_http1_begin(&t->answer, x, x->method);
    note_deadline(t, t->deadline);
    problem = set_route(t);
    if (problem != NULL)
        dx_transfer_fail(t, s->route.url.failed ? DX_CONNECT : DX_CONFIG, problem);
    else if (write_request(t) != 0)
        dx_transfer_fail(t, DX_CONNECT, no_memory);
    else
        dispatch(t);
    return t;
}

/* ---- all transfers */

void dx_transfers_fail(struct dx_loop *l, const struct dx_session *s, const char *message)
{
    struct dx_link *at, *next;

    for (at = l->active.next; at != &l->active; at = next) {
        struct dx_transfer *t = transfer_at(at);

        next = at->next;
        if (s == NULL)
            dx_transfer_fail(t, t->sent ? DX_RESET : DX_CONNECT, message);
        else if (t->session == s)
            dx_transfer_fail(t, DX_CANCELLED, message);
    }
}

static int has_passed(long long deadline, long long now)
{
    return deadline >= 0 && deadline <= now;
}

void dx_transfers_expire(struct dx_loop *l)
{
    long long now = dx_now();
    struct dx_link *at, *next;

    if (!has_passed(l->deadline, now))
        return;
    l->deadline = -1;
    for (at = l->active.next; at != &l->active; at = next) {
        struct dx_transfer *t = transfer_at(at);

        next = at->next;
        if (has_passed(t->deadline, now) || has_passed(t->connect_deadline, now)) {
            dx_transfer_fail(t, DX_TIMEOUT, t->sent ? "the answer did not come in time"
                                                    : "no connection was established in time");
        } else {
            note_deadline(t, t->deadline);
            note_deadline(t, t->connect_deadline);
        }
    }
}
