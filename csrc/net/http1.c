/* HTTP/1.1 without I/O: see http1.h. */
#include "net/http1.h"

#include "base/url.h"
#include "sign/canonical_headers.h"

#include <assert.h>
#include <string.h>

enum {
    CHUNK_LINE_MAX = 4096,
    LENGTH_DIGITS = 12,             /* a longer number is too large */
    CHUNK_DIGITS = 8,
    RESERVE_MAX = 32 * 1024 * 1024  /* reserved at once for an announced body */
};

void dx_http1_free(struct dx_http1 *r)
{
    dx_buf_free(&r->line);
}

void dx_http1_begin(struct dx_http1 *r, struct dx_exchange *x, const char *method)
{
    memset(r, 0, sizeof *r); /* which is DX_STATUS_LINE */
    dx_buf_init(&r->line, DX_HEAD_MAX);
    r->x = x;
    r->is_head = strcmp(method, "HEAD") == 0;
    r->is_connect = strcmp(method, "CONNECT") == 0;
    r->room = DX_HEAD_MAX;
    r->lines = DX_HEADERS_MAX;
    dx_exchange_clear_answer(x);
}

int dx_http1_is_over(const struct dx_http1 *r)
{
    return r->state >= DX_COMPLETE;
}

/* What went wrong with a buffer: it is full, which is the given problem, or there is no memory. */
static const char *problem_of(const struct dx_buf *b, const char *problem)
{
    return b->failed == DX_BUF_FULL ? problem : "not enough memory";
}

/* Refuses the answer where there is a problem. */
static void check(struct dx_http1 *r, const char *problem)
{
    if (problem == NULL)
        return;
    r->state = DX_MALFORMED;
    r->problem = problem;
}

static const char too_large[] = "the answer is too large";
static const char large_head[] = "the answer's headers are too large";
static const char many_headers[] = "the answer has more than 1,000 header lines";
static const char bad_header[] = "a header of the answer is malformed";
static const char bad_coding[] = "the answer's transfer-encoding is unknown";
static const char bad_chunk[] = "the answer is badly chunked";

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* ---- the head; what takes something returns NULL, or why the answer is refused */

/* "HTTP/1.1 200 OK"; the reason phrase may be missing. */
static const char *take_status_line(struct dx_http1 *r, const char *line, size_t n)
{
    if (n < 12 || memcmp(line, "HTTP/1.", 7) != 0 || !is_digit(line[7]) || line[8] != ' ' || !is_digit(line[9])
        || line[9] == '0' || !is_digit(line[10]) || !is_digit(line[11]) || (n > 12 && line[12] != ' '))
        return "what came is no answer in HTTP/1.1";
    r->minor = line[7] - '0';
    r->code = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
    dx_buf_reset(&r->x->rhead);
    r->state = DX_HEADERS;
    return NULL;
}

/* Appends a value. A carriage return inside it becomes a space. */
static void put_value(struct dx_buf *head, const char *value, size_t n)
{
    char *to = head->data + head->len, *end = to + n;

    if (n > 0)
        memcpy(to, value, n);
    for (; (to = memchr(to, '\r', (size_t)(end - to))) != NULL; to++)
        *to = ' ';
    head->len += n;
    head->data[head->len++] = '\0';
}

static int is_space_or_return(char c)
{
    return is_blank(c) || c == '\r';
}

static size_t trim(const char **text, size_t n)
{
    while (n > 0 && is_space_or_return((*text)[n - 1]))
        n--;
    for (; n > 0 && is_space_or_return(**text); n--)
        ++*text;
    return n;
}

/* Appends a folded line to the value before it. */
static int add_continuation(struct dx_buf *head, const char *line, size_t n)
{
    n = trim(&line, n);
    if (dx_buf_reserve(head, n + 1) != 0)
        return -1;
    head->data[head->len - 1] = ' ';
    put_value(head, line, n);
    return 0;
}

/* The length of a header's name; 0: the line has none. */
static size_t name_length(const char *line, size_t n)
{
    const char *colon = memchr(line, ':', n);
    size_t len = colon != NULL ? (size_t)(colon - line) : 0;

    return dx_is_token(line, len) ? len : 0;
}

static int add_header(struct dx_buf *head, const char *line, size_t name, size_t n)
{
    const char *value = line + name + 1;
    size_t i, len = trim(&value, n - name - 1);
    char *to;

    if (dx_buf_reserve(head, name + len + 3) != 0)
        return -1;
    to = head->data + head->len;
    for (i = 0; i < name; i++)
        to[i] = line[i] >= 'A' && line[i] <= 'Z' ? (char)(line[i] + ('a' - 'A')) : line[i];
    to[name] = ':';
    to[name + 1] = ' ';
    head->len += name + 2;
    put_value(head, value, len);
    return 0;
}

static const char *take_header(struct dx_http1 *r, const char *line, size_t n)
{
    struct dx_buf *head = &r->x->rhead;
    int is_continuation = is_space_or_return(line[0]), status;
    size_t name = is_continuation ? 0 : name_length(line, n);

    if (--r->lines < 0)
        return many_headers;
    if (memchr(line, '\0', n) != NULL || (is_continuation ? head->len == 0 : name == 0))
        return bad_header;
    status = is_continuation ? add_continuation(head, line, n) : add_header(head, line, name, n);
    return status == 0 ? NULL : problem_of(head, large_head);
}

/* What the headers say about the ends of body and connection. */
struct framing {
    const char *length, *coding; /* values, NULL where there are none */
    int closes, stays;
    const char *problem;
};

/* Reads the options of a Connection header. */
static void read_connection(struct framing *f, const char *value)
{
    static const char between[] = ", \t\v\f";

    while (*value != '\0') {
        size_t n = strcspn(value, between);

        f->closes |= dx_same_name(value, n, "close");
        f->stays |= dx_same_name(value, n, "keep-alive");
        value += n;
        value += strspn(value, between);
    }
}

static void read_framing(const struct dx_buf *head, struct framing *f)
{
    const char *line, *end;

    memset(f, 0, sizeof *f);
    if (head->len == 0)
        return;
    for (line = head->data, end = line + head->len; line < end; line += strlen(line) + 1) {
        if (strncmp(line, "content-length: ", 16) == 0) {
            if (f->length != NULL && strcmp(f->length, line + 16) != 0)
                f->problem = "the answer has two lengths";
            f->length = line + 16;
        } else if (strncmp(line, "transfer-encoding: ", 19) == 0) {
            if (f->coding != NULL)
                f->problem = bad_coding;
            f->coding = line + 19;
        } else if (strncmp(line, "connection: ", 12) == 0) {
            read_connection(f, line + 12);
        }
    }
}

static const char *begin_body_of_length(struct dx_http1 *r, const char *text)
{
    size_t n = strlen(text);

    if (n == 0 || strspn(text, "0123456789") != n)
        return "the answer's length is malformed";
    for (; *text == '0'; text++)
        n--;
    r->left = 0;
    if (n <= LENGTH_DIGITS)
        for (; *text != '\0' && r->left <= DX_RESPONSE_MAX; text++)
            r->left = r->left * 10 + (size_t)(*text - '0');
    if (n > LENGTH_DIGITS || r->left > DX_RESPONSE_MAX)
        return too_large;
    r->state = r->left > 0 ? DX_BODY : DX_COMPLETE;
    if (dx_buf_reserve(&r->x->rbody, r->left < RESERVE_MAX ? r->left : RESERVE_MAX) != 0)
        return problem_of(&r->x->rbody, too_large);
    return NULL;
}

/* True if the connection is a tunnel after this head. */
static int opens_tunnel(const struct dx_http1 *r)
{
    return r->is_connect && r->code >= 200 && r->code <= 299;
}

static int has_no_body(const struct dx_http1 *r)
{
    return r->is_head || r->code == 204 || r->code == 304 || opens_tunnel(r);
}

/* True if the connection persists, as far as the head tells. */
static int lasts(const struct dx_http1 *r, const struct framing *f)
{
    if (opens_tunnel(r))
        return 1;
    if (f->closes || (r->minor == 0 && !f->stays) || (f->length != NULL && f->coding != NULL))
        return 0;
    /* some readers would expect a body */
    return r->code != 204 || (f->coding == NULL && (f->length == NULL || strcmp(f->length, "0") == 0));
}

/* The empty line after the headers. */
static const char *end_head(struct dx_http1 *r)
{
    struct framing f;

    read_framing(&r->x->rhead, &f);
    if (r->code == 101)
        return "the other side wants another protocol";
    if (f.problem != NULL)
        return f.problem;
    if (r->code < 200) { /* the final head follows */
        r->state = DX_STATUS_LINE;
        return NULL;
    }
    r->status = r->code;
    r->reusable = lasts(r, &f);
    r->state = has_no_body(r) ? DX_COMPLETE : f.coding != NULL ? DX_CHUNK_SIZE : DX_BODY_TO_END;
    if (r->state == DX_CHUNK_SIZE && (!dx_same_name(f.coding, strlen(f.coding), "chunked") || r->minor == 0))
        return bad_coding;
    return r->state == DX_BODY_TO_END && f.length != NULL ? begin_body_of_length(r, f.length) : NULL;
}

/* ---- chunks */

/* Some readers take a control character, such as CR, for the end of the line. */
static int has_control(const char *text, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' && text[i] != '\t')
            return 1;
    return 0;
}

/* "1a", white space, and an extension after a semicolon. */
static const char *take_chunk_size(struct dx_http1 *r, const char *line, size_t n)
{
    size_t i, size = 0, digits = 0;

    for (i = 0; i < n && dx_hex_value(line[i]) >= 0; i++) {
        if (digits > 0 || line[i] != '0')
            digits++;
        if (digits <= CHUNK_DIGITS)
            size = size * 16 + (size_t)dx_hex_value(line[i]);
    }
    if (i == 0 || digits > CHUNK_DIGITS)
        return bad_chunk;
    while (i < n && is_blank(line[i]))
        i++;
    if ((i < n && line[i] != ';') || has_control(line + i, n - i))
        return bad_chunk;
    if (size > DX_RESPONSE_MAX - r->x->rbody.len)
        return too_large;
    r->left = size;
    r->state = size > 0 ? DX_CHUNK : DX_TRAILERS;
    return NULL;
}

/* Trailers are checked and dropped. */
static const char *take_trailer(struct dx_http1 *r, const char *line, size_t n)
{
    if (n == 0) {
        r->state = DX_COMPLETE;
        return NULL;
    }
    if (--r->lines < 0)
        return many_headers;
    return !is_space_or_return(line[0]) && name_length(line, n) == 0 ? bad_header : NULL;
}

/* ---- lines */

/* Handles a complete line, without its LF. */
static const char *take_line(struct dx_http1 *r, const char *line, size_t n)
{
    if (n > 0 && line[n - 1] == '\r')
        n--;
    switch (r->state) {
    case DX_STATUS_LINE:
        return take_status_line(r, line, n);
    case DX_HEADERS:
        return n > 0 ? take_header(r, line, n) : end_head(r);
    case DX_CHUNK_SIZE:
        return take_chunk_size(r, line, n);
    case DX_TRAILERS:
        return take_trailer(r, line, n);
    default:
        assert(r->state == DX_CHUNK_END);
        r->state = DX_CHUNK_SIZE;
        return n > 0 ? bad_chunk : NULL;
    }
}

/* How many bytes the line may have, with its end; *problem says what it is if it has more. */
static size_t line_room(const struct dx_http1 *r, const char **problem)
{
    *problem = r->state == DX_CHUNK_SIZE || r->state == DX_CHUNK_END ? bad_chunk : large_head;
    return r->state == DX_CHUNK_SIZE ? CHUNK_LINE_MAX : r->state == DX_CHUNK_END ? 2 : r->room;
}

/* Takes a line or a part of it. Returns the bytes used. */
static size_t feed_line(struct dx_http1 *r, const char *bytes, size_t n)
{
    const char *end = memchr(bytes, '\n', n), *problem;
    size_t used = end != NULL ? (size_t)(end - bytes) + 1 : n, had = r->line.len;
    int is_head_line = r->state == DX_STATUS_LINE || r->state == DX_HEADERS || r->state == DX_TRAILERS;

    if (used > line_room(r, &problem) - had) {
        check(r, problem);
        return 0;
    }
    if ((end == NULL || had > 0) && dx_buf_add(&r->line, bytes, used) != 0) {
        check(r, problem_of(&r->line, problem));
        return 0;
    }
    if (end == NULL)
        return used;
    if (is_head_line)
        r->room -= had + used;
    if (had > 0) {
        check(r, take_line(r, r->line.data, r->line.len - 1));
        dx_buf_reset(&r->line);
    } else {
        check(r, take_line(r, bytes, used - 1));
    }
    return used;
}

/* ---- bodies */

/* n more bytes of the body, or of the chunk, have come. */
static void count_off(struct dx_http1 *r, size_t n)
{
    if (r->state == DX_BODY_TO_END)
        return;
    r->left -= n;
    if (r->left == 0)
        r->state = r->state == DX_CHUNK ? DX_CHUNK_END : DX_COMPLETE;
}

static int is_in_body(const struct dx_http1 *r)
{
    return r->state == DX_BODY || r->state == DX_CHUNK || r->state == DX_BODY_TO_END;
}

static size_t feed_body(struct dx_http1 *r, const char *bytes, size_t n)
{
    size_t used = r->state == DX_BODY_TO_END || n < r->left ? n : r->left;

    if (dx_buf_add(&r->x->rbody, bytes, used) != 0) {
        check(r, problem_of(&r->x->rbody, too_large));
        return 0;
    }
    count_off(r, used);
    return used;
}

size_t dx_http1_feed(struct dx_http1 *r, const char *bytes, size_t n)
{
    size_t used = 0;

    r->begun |= n > 0;
    while (used < n && !dx_http1_is_over(r))
        used += is_in_body(r) ? feed_body(r, bytes + used, n - used) : feed_line(r, bytes + used, n - used);
    return used;
}

char *dx_http1_room(struct dx_http1 *r, size_t *n)
{
    struct dx_buf *body = &r->x->rbody;

    *n = 0;
    if (r->state != DX_BODY)
        return NULL;
    if (body->len == body->cap && dx_buf_reserve(body, r->left < RESERVE_MAX ? r->left : RESERVE_MAX) != 0)
        return NULL; /* feeding will report it */
    *n = body->cap - body->len < r->left ? body->cap - body->len : r->left;
    return body->data + body->len;
}

void dx_http1_filled(struct dx_http1 *r, size_t n)
{
    r->x->rbody.len += n;
    count_off(r, n);
}

void dx_http1_end(struct dx_http1 *r)
{
    r->reusable = 0;
    if (r->state == DX_BODY_TO_END)
        r->state = DX_COMPLETE;
    else if (!r->begun)
        check(r, "the connection was closed before an answer came");
    else if (!dx_http1_is_over(r))
        check(r, "the answer was cut short");
}

/* ---- the request */

/* True if requests with this method have a body, even an empty one. */
static int has_body(const char *method)
{
    return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0;
}

static char *put_lines(char *to, const struct dx_buf *head)
{
    const char *line, *end;
    size_t n;

    if (head->len == 0)
        return to;
    for (line = head->data, end = line + head->len; line < end; line += n + 1) {
        n = strlen(line);
        to = dx_put(to, line, n);
        to = DX_PUT(to, "\r\n");
    }
    return to;
}

int dx_http1_write_head(struct dx_buf *out, const struct dx_exchange *x, const struct dx_route *route, const char *more)
{
    const char *method = x->method[0] != '\0' ? x->method : "POST";
    const struct dx_buf *target = &route->request_target, *host = &route->host;
    size_t nmore = more != NULL ? strlen(more) : 0;
    char *to;

    if (dx_buf_reserve(out, sizeof x->method + target->len + host->len + 2 * x->head.len + nmore + 128) != 0)
        return -1;
    to = dx_put(out->data + out->len, method, strlen(method));
    *to++ = ' ';
    to = dx_put(to, target->data, target->len);
    to = DX_PUT(to, " HTTP/1.1\r\n");
    if (dx_exchange_line(&x->head, "host") == NULL) {
        to = DX_PUT(to, "Host: ");
        to = dx_put(to, host->data, host->len);
        to = DX_PUT(to, "\r\n");
    }
    to = dx_put(to, more, nmore);
    to = put_lines(to, &x->head);
    if (x->body.len > 0 || has_body(method)) {
        to = DX_PUT(to, "Content-Length: ");
        to = dx_put_number(to, x->body.len);
        to = DX_PUT(to, "\r\n");
    }
    to = DX_PUT(to, "\r\n");
    out->len = (size_t)(to - out->data);
    return 0;
}
