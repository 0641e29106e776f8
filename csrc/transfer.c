/* HTTP over libcurl: see transfer.h. */
#include "session.h"

#include "allocator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

enum {
    RESERVE_MAX = 32 * 1024 * 1024, /* room made at once for an announced body: more only as it comes */
    LARGE_ANSWER = 256 * 1024,      /* bytes of an answer after which the next one is expected to be large too */
    EXPECT_FROM = 1024,             /* bytes of a body: for fewer no libcurl adds a header to wait for a go-ahead */
    SPARE_MAX = 64                  /* easy handles kept by a session */
};

/* ---- what libcurl calls while a transfer runs */

static size_t stop(struct dx_transfer *t, const char *why)
{
    t->broken = why;
    return 0; /* less than what was offered: libcurl gives up */
}

static size_t on_body(char *bytes, size_t one, size_t n, void *data)
{
    struct dx_transfer *t = data;

    (void)one;
    if (dx_buf_add(&t->x->rbody, bytes, n) == 0) {
        if (t->x->secret) /* the answer may repeat it, and libcurl's receive buffer is not overwritten */
            OPENSSL_cleanse(bytes, n);
        return n;
    }
    return stop(t, t->x->rbody.failed == DX_BUF_FULL ? "the answer is too large" : "not enough memory");
}

static int is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A byte becomes a blank: NUL, which a C string can't hold, or half a line end. */
static void blank(char *text, size_t n, char byte)
{
    char *at;

    while ((at = memchr(text, byte, n)) != NULL) {
        *at = ' ';
        n -= (size_t)(at - text);
        text = at;
    }
}

/* Adds text without blanks around it, and a NUL. */
static int add_trimmed(struct dx_buf *b, const char *text, size_t n)
{
    while (n > 0 && is_space(text[n - 1]))
        n--;
    for (; n > 0 && is_space(*text); n--)
        text++;
    if (dx_buf_reserve(b, n + 1) != 0)
        return -1;
    memcpy(b->data + b->len, text, n);
    blank(b->data + b->len, n, '\0');
    blank(b->data + b->len, n, '\r');
    b->len += n;
    b->data[b->len++] = '\0';
    return 0;
}

static int add_header(struct dx_buf *b, const char *line, size_t n)
{
    const char *colon = memchr(line, ':', n);
    size_t name, start = b->len;
    char *at, *end;

    if (line[0] == ' ' || line[0] == '\t') { /* goes on with the line before */
        if (b->len == 0)
            return 0;
        b->data[b->len - 1] = ' ';
        return add_trimmed(b, line, n);
    }
    if (colon == NULL)
        return 0;
    name = (size_t)(colon - line);
    if (dx_buf_add(b, line, name) != 0 || dx_buf_add(b, ": ", 2) != 0)
        return -1;
    blank(b->data + start, name, '\0');
    for (at = b->data + start, end = at + name; at < end; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + ('a' - 'A'));
    return add_trimmed(b, colon + 1, n - name - 1);
}

/* Whether the request has not wholly arrived at the other side, as far as can be told. */
static int is_under_way(const struct dx_transfer *t)
{
    curl_off_t uploaded = 0;

    curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
    return (uploaded > 0 && (size_t)uploaded < t->x->body.len) || dx_cache_unarrived(&t->session->cache, t->port) > 0;
}

/* The end of the final answer's headers: makes room for a body of the length that they announce. A success that comes
 * before the request has arrived is none of it: a late one for the request before, say, on a connection used again. */
static size_t end_of_head(struct dx_transfer *t, size_t n, long status)
{
    curl_off_t length = -1;

    t->head_done = 1;
    if (status < 400 && is_under_way(t))
        return stop(t, "an answer came before the request had arrived");
    curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length > DX_RESPONSE_MAX)
        return stop(t, "the answer is too large");
    if (length > 0 && dx_buf_reserve(&t->x->rbody, length < RESERVE_MAX ? (size_t)length : RESERVE_MAX) != 0)
        return stop(t, "not enough memory");
    return n;
}

static size_t on_header(char *line, size_t one, size_t n, void *data)
{
    struct dx_transfer *t = data;
    struct dx_buf *head = &t->x->rhead;
    long status = 0;

    (void)one;
    t->head_bytes += n;
    if (t->head_bytes > DX_HEAD_MAX)
        return stop(t, "the answer's headers are too large");
    if (n >= 5 && memcmp(line, "HTTP/", 5) == 0) { /* the first answer, or one after a 1xx */
        dx_buf_reset(head);
        t->head_done = 0;
        return n;
    }
    if (t->head_done) /* a trailer */
        return n;
    if (line[0] == '\r' || line[0] == '\n') {
        curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
        return status >= 200 ? end_of_head(t, n, status) : n;
    }
    if (add_header(head, line, n) != 0)
        return stop(t, head->failed == DX_BUF_FULL ? "the answer's headers are too large" : "not enough memory");
    return n;
}

/* Called each time that the request is about to be sent. The second time libcurl would repeat it by itself, because the
 * connection died before an answer: the other side may have acted on the first. */
static int on_send(void *data, char *to, char *from, int to_port, int from_port)
{
    struct dx_transfer *t = data;

    (void)to;
    (void)from;
    (void)to_port;
    t->port = from_port;
    if (++t->passes > 1)
        return CURL_PREREQFUNC_ABORT;
    t->sent = 1;
    return CURL_PREREQFUNC_OK;
}

/* Called for each socket before it is connected: there is nothing to connect for when the request must not be sent again. */
static int on_connect(void *data, curl_socket_t fd, curlsocktype purpose)
{
    const struct dx_transfer *t = data;

    (void)fd;
    (void)purpose;
    return t->passes > 0 ? CURL_SOCKOPT_ERROR : CURL_SOCKOPT_OK;
}

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

static enum dx_kind kind_of(const struct dx_transfer *t, CURLcode code)
{
    if (t->session->closed)
        return DX_CANCELLED;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return DX_TIMEOUT;
    if (t->sent)
        return DX_RESET;
    if (is_tls_code(code))
        return is_broken_handshake(code, t->error) ? DX_CONNECT : DX_TLS;
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_LOGIN_DENIED)
        return DX_CONFIG;
    return DX_CONNECT;
}

static void describe(struct dx_transfer *t, CURLcode code)
{
    const char *text = t->error[0] != '\0' ? t->error : curl_easy_strerror(code);

    if (t->session->closed)
        text = "the client was closed meanwhile";
    else if (t->broken != NULL)
        text = t->broken;
    else if (code == CURLE_OUT_OF_MEMORY)
        text = "not enough memory";
    else if (code == CURLE_ABORTED_BY_CALLBACK)
        text = "the connection was lost before an answer came";
    snprintf(t->message, sizeof t->message, "%s", text);
}

static void unlink_active(struct dx_transfer *t)
{
    if (t->prev != NULL)
        t->prev->next = t->next;
    else
        t->session->active = t->next;
    if (t->next != NULL)
        t->next->prev = t->prev;
    t->next = t->prev = NULL;
}

/* The transfer has left the multi handle. */
void dx_transfer_conclude(struct dx_transfer *t, CURLcode code)
{
    long status = 0;

    unlink_active(t);
    t->session->cache.secrets -= t->x->secret;
    curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, NULL);
    if (code == CURLE_OK && !t->head_done) { /* libcurl takes what ends within its headers for an answer */
        code = CURLE_RECV_ERROR;
        t->broken = "the answer ends within its headers";
    }
    if (code == CURLE_OK) {
        curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
        t->x->status = (int)status;
        t->expects_large = t->x->rbody.len >= LARGE_ANSWER;
        t->kind = DX_DONE;
    } else {
        dx_exchange_clear_answer(t->x);
        t->kind = kind_of(t, code);
        describe(t, code);
    }
    t->finished = 1;
    if (t->queue != NULL) {
        if (t->queue->last != NULL)
            t->queue->last->next = t;
        else
            t->queue->first = t;
        t->prev = t->queue->last;
        t->queue->last = t;
    }
}

void dx_transfer_done(CURL *easy, CURLcode code)
{
    struct dx_transfer *t = NULL;

    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t);
    dx_transfer_conclude(t, code);
}

/* ---- easy handles */

static void drop_easy(struct dx_transfer *t)
{
    if (t->easy != NULL)
        curl_easy_cleanup(t->easy);
    t->easy = NULL;
}

void dx_transfer_destroy(struct dx_transfer *t)
{
    drop_easy(t);
    dx_buf_free(&t->url);
    free(t->lines);
    free(t);
}

/* Returns 0, or -1: no memory. */
static int make_easy(struct dx_transfer *t)
{
    CURL *easy = t->easy = curl_easy_init();

    if (easy == NULL || dx_session_set_up(t->session, easy) != 0)
        return -1;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_connect);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, t);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_send);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, t);
    t->uses_proxy = 0;
    t->receive = 0;
    t->connect_ms = t->total_ms = t->has_body = -1;
    dx_buf_reset(&t->url);
    return 0;
}

/* A transfer with an easy handle that is set up; NULL: no memory. */
static struct dx_transfer *take(struct dx_session *s)
{
    struct dx_transfer *t = s->spare;

    if (t != NULL) {
        s->spare = t->next;
        s->nspare--;
    } else {
        t = calloc(1, sizeof *t);
        if (t == NULL)
            return NULL;
        t->session = s;
        dx_buf_init(&t->url, DX_HEAD_MAX);
    }
    t->next = t->prev = NULL;
    if (t->easy == NULL && make_easy(t) != 0) {
        dx_transfer_destroy(t);
        return NULL;
    }
    s->holders++;
    return t;
}

/* ---- the request */

/* Lines of ours behind the request's own: no header that libcurl would add by itself. */
static char no_expect[] = "Expect:", no_accept[] = "Accept:", no_type[] = "Content-Type:";

static int more_lines(struct dx_transfer *t, size_t n)
{
    size_t i, room = t->nlines ? t->nlines : 16;
    struct curl_slist *lines;

    if (n <= t->nlines)
        return 0;
    while (room < n)
        room *= 2;
    lines = realloc(t->lines, room * sizeof *lines);
    if (lines == NULL)
        return -1;
    t->lines = lines;
    t->nlines = room;
    for (i = 0; i < room; i++)
        lines[i].next = NULL;
    return 0;
}

/* A line without a value must end in ';', or libcurl takes it for a header to leave out. Such lines are copied. */
static char *empty_line(struct dx_buf *b, const char *line, size_t name)
{
    char *copy = b->data + b->len;

    dx_buf_add(b, line, name);
    dx_buf_add(b, ";", 2); /* with its NUL; room was made */
    return copy;
}

static int set_headers(struct dx_transfer *t)
{
    struct dx_exchange *x = t->x;
    char *line, *end = x->head.data + x->head.len;
    size_t i, n = 0;

    if (more_lines(t, 16) != 0)
        return -1;
    dx_buf_reset(&x->scratch);
    for (line = x->head.data; line < end; line += strlen(line) + 1) {
        size_t name = strcspn(line, ":");
        char *data = line;

        if (line[name] == ':' && line[name + 1 + strspn(line + name + 1, " ")] == '\0') {
            if (x->scratch.len == 0 && dx_buf_reserve(&x->scratch, x->head.len + 1) != 0) /* enough for all */
                return -1;
            data = empty_line(&x->scratch, line, name);
        }
        if (more_lines(t, n + 4) != 0)
            return -1;
        t->lines[n++].data = data;
    }
    t->lines[n++].data = no_accept;
    if (x->body.len >= EXPECT_FROM)
        t->lines[n++].data = no_expect;
    if (dx_exchange_line(&x->head, "content-type") == NULL)
        t->lines[n++].data = no_type;
    for (i = 0; i < n; i++)
        t->lines[i].next = i + 1 < n ? &t->lines[i + 1] : NULL;
    return curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->lines) == CURLE_OK ? 0 : -1;
}

static int set_method(struct dx_transfer *t)
{
    struct dx_exchange *x = t->x;
    const char *method = x->method[0] != '\0' ? x->method : "POST";
    int is_post = strcmp(method, "POST") == 0;
    int has_body = x->body.len > 0 || is_post || strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0;

    if (has_body != t->has_body || strcmp(method, t->method) != 0) {
        CURL *easy = t->easy;
        int is_plain = has_body ? is_post : strcmp(method, "GET") == 0;

        if (curl_easy_setopt(easy, has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L) != CURLE_OK
            || curl_easy_setopt(easy, CURLOPT_NOBODY, strcmp(method, "HEAD") == 0 ? 1L : 0L) != CURLE_OK
            || curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, is_plain ? NULL : method) != CURLE_OK)
            return -1;
        if (has_body && curl_easy_setopt(easy, CURLOPT_POST, 1L) != CURLE_OK)
            return -1;
        snprintf(t->method, sizeof t->method, "%s", method);
        t->has_body = has_body;
    }
    if (!has_body)
        return 0;
    if (curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body.len) != CURLE_OK)
        return -1;
    return curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, x->body.data != NULL ? x->body.data : "") == CURLE_OK ? 0 : -1;
}

static int set_url(struct dx_transfer *t)
{
    const struct dx_session *s = t->session;
    const struct dx_buf *url = &t->x->url;
    int uses_proxy;

    if (url->data == NULL || url->len == 0)
        return -1;
    if (t->url.len == url->len && memcmp(t->url.data, url->data, url->len) == 0)
        return 0;
    dx_buf_reset(&t->url);
    if (curl_easy_setopt(t->easy, CURLOPT_URL, url->data) != CURLE_OK)
        return -1;
    uses_proxy = s->proxy != NULL && !(s->proxy_for_https_only && strncasecmp(url->data, "https:", 6) != 0);
    if (uses_proxy != t->uses_proxy) {
        if (curl_easy_setopt(t->easy, CURLOPT_PROXY, uses_proxy ? s->proxy : "") != CURLE_OK)
            return -1;
        t->uses_proxy = uses_proxy;
    }
    return dx_buf_add(&t->url, url->data, url->len);
}

static void set_times(struct dx_transfer *t, long connect_ms, long total_ms)
{
    if (t->connect_ms != connect_ms)
        curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    if (t->total_ms != total_ms)
        curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, total_ms);
    t->connect_ms = connect_ms;
    t->total_ms = total_ms;
}

/* A large buffer saves calls of the system; many of them, for small answers, would cost more than they save. */
static void set_receive_buffer(struct dx_transfer *t)
{
    long size = t->expects_large ? DX_RECEIVE_LARGE : DX_RECEIVE_SMALL;

    if (t->receive != size)
        curl_easy_setopt(t->easy, CURLOPT_BUFFERSIZE, size);
    t->receive = size;
}

struct dx_transfer *dx_session_start(struct dx_session *s, struct dx_exchange *x, long connect_ms, long total_ms,
    long long id, struct dx_finished *queue)
{
    struct dx_transfer *t;

    if (s->closed)
        return NULL;
    dx_cache_look(&s->cache);
    t = take(s);
    if (t == NULL)
        return NULL;
    dx_exchange_clear_answer(x);
    t->id = id;
    t->x = x;
    t->queue = queue;
    t->finished = t->sent = t->passes = t->head_done = 0;
    t->head_bytes = 0;
    t->broken = NULL;
    t->error[0] = t->message[0] = '\0';
    t->prev = NULL;
    t->next = s->active;
    if (t->next != NULL)
        t->next->prev = t;
    s->active = t;
    s->cache.secrets += x->secret;
    set_times(t, connect_ms, total_ms);
    set_receive_buffer(t);
    if (set_url(t) != 0 || set_method(t) != 0 || set_headers(t) != 0 || dx_cache_add(&s->cache, t->easy) != 0) {
        dx_buf_reset(&t->url);
        t->has_body = -1;
        dx_transfer_conclude(t, CURLE_OUT_OF_MEMORY);
    }
    return t;
}

void dx_transfer_wait(struct dx_transfer *t)
{
    while (!t->finished)
        dx_loop_wait(t->session->cache.loop, -1);
}

static void unqueue(struct dx_transfer *t)
{
    struct dx_finished *q = t->queue;

    if (t->prev != NULL)
        t->prev->next = t->next;
    else
        q->first = t->next;
    if (t->next != NULL)
        t->next->prev = t->prev;
    else
        q->last = t->prev;
}

void dx_transfer_release(struct dx_transfer *t)
{
    struct dx_session *s = t->session;

    if (!t->finished) {
        dx_cache_remove(&s->cache, t->easy);
        t->queue = NULL;
        dx_transfer_conclude(t, CURLE_ABORTED_BY_CALLBACK);
    } else if (t->queue != NULL) {
        unqueue(t);
    }
    if (t->x->scratch.len > 0)
        dx_buf_wipe(&t->x->scratch);
    if (t->x->secret) /* libcurl's upload buffer goes with the handle */
        drop_easy(t);
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

    for (t = s->active; t != NULL; t = next) {
        next = t->next;
        if (t->id == id)
            dx_transfer_release(t);
    }
}
