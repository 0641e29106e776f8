/* HTTP over libcurl's connections: see transfer.h. */
#include "net/session.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SMALL_BODY = 16 * 1024, /* bytes of a body that is sent together with the head */
    READS_MAX = 64,         /* from one connection, before others have their turn */
    SPARE_MAX = 64          /* transfers kept by a session */
};

/* ---- how a transfer ended */

static int is_tls_code(CURLcode code)
{
    switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_USE_SSL_FAILED:
        return 1;
    default:
        return 0;
    }
}

/* Whether a handshake failed because the connection broke, not because of what was said in it. */
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

/* What kept a connection from coming about. */
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

static const char *words_of(CURLcode code, const char *error)
{
    if (code == CURLE_OUT_OF_MEMORY)
        return "not enough memory";
    return error[0] != '\0' ? error : curl_easy_strerror(code);
}

static void link_active(struct dx_transfer *t)
{
    struct dx_session *s = t->session;

    t->prev = NULL;
    t->next = s->active;
    if (t->next != NULL)
        t->next->prev = t;
    s->active = t;
    dx_loop_begin(s->cache.loop);
    if (t->deadline >= 0)
        dx_loop_note_deadline(s->cache.loop, t->deadline);
}

static void unlink_active(struct dx_transfer *t)
{
    *(t->prev != NULL ? &t->prev->next : &t->session->active) = t->next;
    if (t->next != NULL)
        t->next->prev = t->prev;
    t->next = t->prev = NULL;
}

static void enqueue(struct dx_finished *q, struct dx_transfer *t)
{
    *(q->last != NULL ? &q->last->next : &q->first) = t;
    t->prev = q->last;
    q->last = t;
}

static void unqueue(struct dx_transfer *t)
{
    struct dx_finished *q = t->queue;

    *(t->prev != NULL ? &t->prev->next : &q->first) = t->next;
    *(t->next != NULL ? &t->next->prev : &q->last) = t->prev;
}

/* What was sent and what came is overwritten where it may hold a secret: the answer may repeat it. */
static void wipe(struct dx_transfer *t)
{
    dx_buf_wipe(&t->out);
    dx_buf_wipe(&t->answer.line);
}

/* Takes the transfer out of the session's active ones. Its connection is gone, or kept. */
static void finish(struct dx_transfer *t, enum dx_kind kind)
{
    struct dx_loop *l = t->session->cache.loop;

    unlink_active(t);
    dx_loop_forget_waiter(l, &t->waiter);
    dx_loop_end(l);
    if (t->x->secret || t->session->proxy_line.len > 0)
        wipe(t);
    t->kind = kind;
    t->finished = 1;
    if (t->queue != NULL)
        enqueue(t->queue, t);
}

void dx_transfer_conclude(struct dx_transfer *t, enum dx_kind kind, const char *message)
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

/* The answer is complete; `extra`: there was something behind it. */
static void complete(struct dx_transfer *t, int extra)
{
    struct dx_connection *c = t->connection;
    int keep = t->answer.reusable && !extra && unsent(t) == 0;

    t->x->status = t->answer.status;
    t->connection = NULL;
    if (keep)
        dx_connection_keep(c);
    else
        dx_connection_close(c);
    finish(t, DX_DONE);
}

/* ---- receiving */

/* A success that comes before the request has arrived is none of it: a late one for the request before, say, on a
 * connection used again. Returns whether the answer may be this request's. */
static int test_order(struct dx_transfer *t)
{
    if (t->is_tested || t->answer.status == 0)
        return 1;
    t->is_tested = 1;
    return t->answer.status >= 400 || (unsent(t) == 0 && dx_socket_unarrived(&t->connection->socket) == 0);
}

/* n bytes came into the buffer, or straight into the body. Returns whether the transfer goes on. */
static int take(struct dx_transfer *t, const char *buffer, size_t n)
{
    struct dx_http1 *answer = &t->answer;
    size_t used = n;

    if (n == 0)
        dx_http1_end(answer);
    else if (buffer == NULL)
        dx_http1_filled(answer, n);
    else
        used = dx_http1_feed(answer, buffer, n);
    if (answer->state == DX_MALFORMED) {
        dx_transfer_conclude(t, DX_RESET, answer->problem);
        return 0;
    }
    if (!test_order(t)) {
        dx_transfer_conclude(t, DX_RESET, "an answer came before the request had arrived");
        return 0;
    }
    if (answer->state != DX_COMPLETE)
        return 1;
    complete(t, n == 0 || used < n);
    return 0;
}

/* Reads once. Returns whether there may be more. */
static int receive_once(struct dx_transfer *t)
{
    struct dx_connection *c = t->connection;
    char *input = dx_loop_input(t->session->cache.loop);
    size_t room, n;
    char *straight = dx_http1_room(&t->answer, &room);
    CURLcode code = dx_connection_receive(c, straight != NULL ? straight : input, straight != NULL ? room : DX_INPUT, &n);

    if (code == CURLE_AGAIN)
        return 0;
    if (code != CURLE_OK) {
        dx_transfer_conclude(t, DX_RESET, words_of(code, c->error));
        return 0;
    }
    return take(t, straight != NULL ? NULL : input, n);
}

static void receive(struct dx_transfer *t)
{
    struct dx_loop *l = t->session->cache.loop;
    int is_secret = t->x->secret, i;

    t->connection->error[0] = '\0';
    t->is_unread = 0;
    for (i = 0; i < READS_MAX && receive_once(t); i++)
        ;
    if (i == READS_MAX) { /* what is in the TLS library's hands already, the poller does not see */
        t->is_unread = 1;
        dx_loop_note_unread(l);
    }
    if (is_secret) {
        dx_wipe(dx_loop_input(l), DX_INPUT);
        dx_wipe_stack();
    }
}

/* ---- sending */

/* The request's bytes that are to leave next. */
static const char *next_bytes(const struct dx_transfer *t, size_t *n)
{
    if (t->at < t->out.len) {
        *n = t->out.len - t->at;
        return t->out.data + t->at;
    }
    *n = unsent(t);
    return t->x->body.data + (t->at - t->head_len);
}

/* Nothing more can be sent. What the other side said before it stopped listening may be there to be read. */
static void hear_out(struct dx_transfer *t, CURLcode code)
{
    char why[CURL_ERROR_SIZE];

    snprintf(why, sizeof why, "%s", words_of(code, t->connection->error));
    receive(t);
    if (!t->finished && !t->is_unread)
        dx_transfer_conclude(t, DX_RESET, why);
}

static void send_on(struct dx_transfer *t)
{
    struct dx_connection *c = t->connection;
    CURLcode code = CURLE_OK;

    t->sent = 1;
    c->error[0] = '\0';
    while (unsent(t) > 0 && code == CURLE_OK) {
        size_t n, done;
        const char *bytes = next_bytes(t, &n);

        code = dx_connection_send(c, bytes, n, &done);
        t->at += done;
    }
    if (t->x->secret)
        dx_wipe_stack();
    if (code != CURLE_OK && code != CURLE_AGAIN)
        hear_out(t, code);
    else if (dx_socket_watch(&c->socket, unsent(t) > 0 ? DX_READ | DX_WRITE : DX_READ) != 0)
        dx_transfer_conclude(t, DX_RESET, "not enough memory");
}

/* ---- connections */

static void carry(struct dx_transfer *t, struct dx_connection *c)
{
    c->transfer = t;
    t->connection = c;
    send_on(t);
}

void dx_transfer_connected(struct dx_connection *c, CURLcode code)
{
    struct dx_transfer *t = c->transfer;

    if (code != CURLE_OK)
        dx_transfer_conclude(t, kind_of(code, c->error), words_of(code, c->error));
    else if (dx_connection_stands(c) != 0)
        dx_transfer_conclude(t, DX_CONNECT, "not enough memory");
    else
        send_on(t);
}

void dx_transfer_ready(struct dx_connection *c, int what)
{
    struct dx_transfer *t = c->transfer;

    if (t == NULL) {
        if ((what & DX_BROKEN) || !dx_connection_is_quiet(c))
            dx_connection_close(c);
        return;
    }
    if (what & (DX_READ | DX_BROKEN)) /* first: a refusal is all there is to hear from a side that reads no further */
        receive(t);
    if (!t->finished && (what & DX_WRITE) && unsent(t) > 0)
        send_on(t);
}

/* Sends over a connection that is idle. Returns whether there was one. */
static int go_again(struct dx_transfer *t)
{
    struct dx_connection *c = dx_connection_reuse(t->session);

    if (c != NULL)
        carry(t, c);
    return c != NULL;
}

static void go_anew(struct dx_transfer *t)
{
    struct dx_session *s = t->session;

    dx_loop_make_room(s->cache.loop);
    t->connection = dx_connection_open(s, t, t->connect_ms);
    if (t->connection == NULL)
        dx_transfer_conclude(t, DX_CONNECT, "not enough memory");
}

/* There is room now: for the place of this very request, which may be another than the session's last. */
static void go_at_last(struct dx_waiter *w)
{
    struct dx_transfer *t = (struct dx_transfer *)(void *)((char *)w - offsetof(struct dx_transfer, waiter));
    int status = dx_cache_open(&t->session->cache);

    if (t->finished) /* all that the session had in flight was */
        return;
    if (status != 0 || dx_session_go_to(t->session, &t->x->url) != NULL)
        dx_transfer_conclude(t, DX_CONNECT, "not enough memory");
    else if (!go_again(t))
        go_anew(t);
}

static void go(struct dx_transfer *t)
{
    struct dx_loop *l = t->session->cache.loop;

    if (go_again(t))
        return;
    if (dx_loop_has_room(l))
        go_anew(t);
    else
        dx_loop_await_room(l, &t->waiter);
}

/* ---- transfers */

void dx_transfer_destroy(struct dx_transfer *t)
{
    dx_buf_free(&t->out);
    dx_http1_free(&t->answer);
    free(t);
}

static struct dx_transfer *make(struct dx_session *s)
{
    struct dx_transfer *t = s->spare;

    if (t != NULL) {
        s->spare = t->next;
        s->nspare--;
        return t;
    }
    t = calloc(1, sizeof *t);
    if (t == NULL)
        return NULL;
    t->session = s;
    t->waiter.go = go_at_last;
    dx_buf_init(&t->out, 4 * DX_HEAD_MAX);
    dx_http1_init(&t->answer);
    return t;
}

/* Returns NULL, or what is wrong. */
static const char *write_request(struct dx_transfer *t)
{
    struct dx_session *s = t->session;
    struct dx_exchange *x = t->x;
    struct dx_request_parts parts;
    int status;

    dx_buf_reset(&t->out);
    parts.target = s->place.target.data;
    parts.target_len = s->place.target.len;
    parts.host = s->place.host.data;
    parts.host_len = s->place.host.len;
    parts.more = s->proxy_line.len > 0 && s->place.is_proxied ? s->proxy_line.data : NULL;
    status = dx_http1_write_head(&t->out, x, &parts);
    t->head_len = t->out.len;
    if (status == 0 && x->body.len <= SMALL_BODY)
        status = dx_buf_add(&t->out, x->body.data, x->body.len);
    return status == 0 ? NULL : "not enough memory";
}

static void begin(struct dx_transfer *t)
{
    struct dx_session *s = t->session;
    const char *problem;

    problem = dx_session_go_to(s, &t->x->url);
    if (problem != NULL) {
        dx_transfer_conclude(t, s->place.url.failed ? DX_CONNECT : DX_CONFIG, problem);
        return;
    }
    problem = write_request(t);
    if (problem != NULL)
        dx_transfer_conclude(t, DX_CONNECT, problem);
    else
        go(t);
}

struct dx_transfer *dx_session_start(struct dx_session *s, struct dx_exchange *x, long connect_ms, long total_ms,
    long long id, struct dx_finished *queue)
{
    struct dx_transfer *t;

    if (s->closed)
        return NULL;
    dx_loop_own(s->cache.loop);
    if (dx_cache_open(&s->cache) != 0)
        return NULL;
    t = make(s);
    if (t == NULL)
        return NULL;
    s->holders++;
    t->id = id;
    t->x = x;
    t->queue = queue;
    t->finished = t->sent = t->is_tested = t->is_unread = 0;
    t->message[0] = '\0';
    t->connection = NULL;
    t->at = t->head_len = 0;
    t->connect_ms = connect_ms;
    t->deadline = total_ms > 0 ? dx_loop_now() + (long long)total_ms * 1000 : -1;
    link_active(t);
    dx_http1_begin(&t->answer, x, x->method);
    begin(t);
    return t;
}

void dx_transfer_tend(struct dx_session *s, long long now)
{
    struct dx_transfer *t, *next;

    for (t = s->active; t != NULL; t = next) {
        next = t->next;
        if (t->deadline >= 0 && t->deadline <= now) {
            dx_transfer_conclude(t, DX_TIMEOUT, t->sent ? "the answer did not come in time"
                                                        : "no connection came about in time");
            continue;
        }
        if (t->deadline >= 0)
            dx_loop_note_deadline(s->cache.loop, t->deadline);
        if (t->is_unread)
            receive(t);
    }
}

void dx_transfer_wait(struct dx_transfer *t)
{
    while (!t->finished)
        dx_loop_wait(t->session->cache.loop, -1);
}

void dx_transfer_release(struct dx_transfer *t)
{
    struct dx_session *s = t->session;

    if (!t->finished)
        dx_loop_own(s->cache.loop);
    if (!t->finished) {
        t->queue = NULL;
        dx_transfer_conclude(t, DX_CANCELLED, "");
    } else if (t->queue != NULL) {
        unqueue(t);
    }
    t->x = NULL;
    t->queue = NULL;
    if (s->closed || s->nspare >= SPARE_MAX) {
        dx_transfer_destroy(t);
    } else {
        t->prev = NULL;
        t->next = s->spare;
        s->spare = t;
        s->nspare++;
    }
    dx_session_release(s);
}

void dx_session_cancel(struct dx_session *s, long long id)
{
    struct dx_transfer *t, *next;

    if (!s->closed)
        dx_loop_own(s->cache.loop);
    for (t = s->active; t != NULL; t = next) {
        next = t->next;
        if (t->id == id)
            dx_transfer_release(t);
    }
}
