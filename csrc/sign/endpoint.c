/* Endpoints and the signature of calls: see endpoint.h. */
#include "sign/endpoint.h"
#include "base/base64.h"

#include <string.h>

static const char NO_MEMORY[] = "not enough memory";
static const char CONTENT_TYPE[] = "application/x-amz-json-1.1";
static const char ID_NAME[] = "amz-sdk-invocation-id";
static const char REQUEST_NAME[] = "amz-sdk-request";

/* The names of the headers that every call signs, without and with a session token. */
static const char NAMES[] =
    "amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;x-amz-target";
static const char NAMES_WITH_TOKEN[] =
    "amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;x-amz-security-token;x-amz-target";

int dx_endpoint_owns(const char *name, size_t len)
{
    static const char *const names[] = {
        "authorization", "content-length", "content-type", "transfer-encoding", "x-amz-date", "x-amz-security-token",
        "x-amz-target", ID_NAME, REQUEST_NAME, NULL
    };
    int i;

    for (i = 0; names[i] != NULL; i++)
        if (dx_same_name(name, len, names[i]))
            return 1;
    return 0;
}

/* ---- the endpoint */

static int build_url(struct dx_endpoint *e, const struct dx_url *u)
{
    int status = dx_buf_adds(&e->url, u->https ? "https://" : "http://");

    status |= dx_url_host(&e->url, u);
    status |= u->path_len > 0 ? dx_buf_add(&e->url, u->path, u->path_len) : dx_buf_addc(&e->url, '/');
    return status | dx_buf_addc(&e->url, '\0');
}

static int build_parts(struct dx_endpoint *e)
{
    int status = dx_buf_adds(&e->opening, "POST\n");

    status |= dx_url_normal_path(&e->opening, &e->parts);
    status |= dx_buf_adds(&e->opening, "\n\n"); /* no query */
    status |= dx_buf_adds(&e->opening, ID_NAME);
    status |= dx_buf_addc(&e->opening, ':');
    status |= dx_buf_adds(&e->middle, "\ncontent-type:");
    status |= dx_buf_adds(&e->middle, CONTENT_TYPE);
    status |= dx_buf_adds(&e->middle, "\nhost:");
    status |= dx_url_host(&e->middle, &e->parts);
    return status | dx_buf_adds(&e->middle, "\nx-amz-date:");
}

const char *dx_endpoint_init(struct dx_endpoint *e, const char *url, size_t len, const char *user_agent, size_t ua_len)
{
    struct dx_url u;
    const char *problem;

    dx_buf_init(&e->url, DX_HEAD_MAX);
    dx_buf_init(&e->opening, 2 * DX_HEAD_MAX);
    dx_buf_init(&e->middle, DX_HEAD_MAX);
    dx_buf_init(&e->user_agent, DX_HEAD_MAX);
    problem = dx_url_parse(&u, url, len);
    if (problem != NULL)
        return problem;
    if (u.userinfo != NULL)
        return "it may not hold a user name or password";
    if (u.query != NULL)
        return "it may not hold a query";
    if (memchr(u.path, ' ', u.path_len) != NULL)
        return "it may not hold spaces";
    if (!dx_is_value(user_agent, ua_len, 0))
        return "the user agent holds a line end or a NUL";
    if (build_url(e, &u) != 0 || dx_buf_add(&e->user_agent, user_agent, ua_len) != 0)
        return NO_MEMORY;
    dx_url_parse(&e->parts, e->url.data, e->url.len - 1);
    return build_parts(e) == 0 ? NULL : NO_MEMORY;
}

void dx_endpoint_free(struct dx_endpoint *e)
{
    dx_buf_free(&e->url);
    dx_buf_free(&e->opening);
    dx_buf_free(&e->middle);
    dx_buf_free(&e->user_agent);
}

/* ---- one call */

/* "attempt=1; max=3" */
static size_t request_text(char text[48], const struct dx_attempt *a)
{
    char *to = DX_PUT(text, "attempt=");

    to = dx_put_number(to, (size_t)a->number);
    to = DX_PUT(to, "; max=");
    to = dx_put_number(to, (size_t)a->max);
    return (size_t)(to - text);
}

/* What several steps of one call need. */
struct call {
    const struct dx_endpoint *endpoint;
    const struct dx_attempt *a;
    char date[DX_DATE_SIZE];
    char request[48];
    size_t request_len, target_len;
};

/* The canonical request of a call without extra headers, in the exchange's scratch buffer. */
static int canonical_request(struct dx_exchange *x, struct dx_signer *s, const struct call *c)
{
    unsigned char hash[DX_SHA256_SIZE];
    struct dx_buf *work = &x->scratch;
    const struct dx_endpoint *e = c->endpoint;
    char *to;

    if (dx_sha256(&s->digests, x->body.data, x->body.len, hash) != 0)
        return -1;
    dx_buf_reset(work);
    if (dx_buf_reserve(work, e->opening.len + c->a->invocation_id_len + c->request_len + e->middle.len +
                                 s->token.len + c->target_len + 512) != 0)
        return -1;
    to = dx_put(work->data, e->opening.data, e->opening.len);
    to = dx_put(to, c->a->invocation_id, c->a->invocation_id_len);
    to = DX_PUT(to, "\namz-sdk-request:");
    to = dx_put(to, c->request, c->request_len);
    to = dx_put(to, e->middle.data, e->middle.len);
    to = dx_put(to, c->date, DX_DATE_SIZE);
    if (s->token.len > 0) {
        to = DX_PUT(to, "\nx-amz-security-token:");
        to = dx_put(to, s->token.data, s->token.len);
    }
    to = DX_PUT(to, "\nx-amz-target:");
    to = dx_put(to, x->target, c->target_len);
    to = DX_PUT(to, "\n\n");
    to = s->token.len > 0 ? DX_PUT(to, NAMES_WITH_TOKEN) : DX_PUT(to, NAMES);
    *to++ = '\n';
    dx_hex(hash, sizeof hash, to);
    work->len = (size_t)(to + 2 * sizeof hash - work->data);
    return 0;
}

static int sign_plainly(struct dx_exchange *x, struct dx_signer *s, const struct call *c)
{
    char signature[DX_SIGNATURE_SIZE];
    struct dx_buf *work = &x->scratch;
    size_t canonical;

    if (canonical_request(x, s, c) != 0)
        return -1;
    canonical = work->len;
    if (dx_sigv4_string_to_sign(s, c->date, work->data, canonical, work) != 0 ||
        dx_sigv4_signature(s, work->data + canonical, work->len - canonical, signature) != 0)
        return -1;
    return dx_sigv4_authorization(s, NULL, s->token.len > 0 ? NAMES_WITH_TOKEN : NAMES, signature, &x->head);
}

static int add_header(struct dx_headers *f, const char *name, const char *value, size_t len)
{
    return dx_headers_add(f, name, strlen(name), value, len);
}

/* Signs a call with extra headers, by the stages that serve any request. */
static int sign_generally(struct dx_exchange *x, struct dx_signer *s, const struct call *c, struct dx_headers *headers)
{
    struct dx_sigv4_request r;
    struct dx_buf work;
    int status = 0;

    memset(&r, 0, sizeof r);
    r.method = x->method;
    r.method_len = strlen(x->method);
    r.url = &c->endpoint->parts;
    r.headers = headers;
    r.body = x->body.data;
    r.body_len = x->body.len;
    memcpy(r.date, c->date, DX_DATE_SIZE);
    status |= add_header(headers, ID_NAME, c->a->invocation_id, c->a->invocation_id_len);
    status |= add_header(headers, REQUEST_NAME, c->request, c->request_len);
    status |= add_header(headers, "content-type", CONTENT_TYPE, sizeof CONTENT_TYPE - 1);
    status |= add_header(headers, "x-amz-target", x->target, c->target_len);
    if (status != 0)
        return -1;
    dx_buf_init(&work, 8 * DX_HEAD_MAX);
    status = dx_sigv4_add_headers(s, &r, &x->scratch) | dx_sigv4_sign(s, &r, &x->head, &work, &x->scratch);
    dx_buf_free(&work);
    return status;
}

/* Writes the head up to the Authorization line; the user agent only if `own_agent`. */
static int put_head(struct dx_exchange *x, struct dx_signer *s, const struct call *c, int own_agent)
{
    const struct dx_endpoint *e = c->endpoint;
    struct dx_buf *head = &x->head;
    size_t token_len = s != NULL ? s->token.len : 0;
    char *to;

    if (dx_buf_reserve(head, c->target_len + token_len + e->user_agent.len + c->a->invocation_id_len +
                                 c->request_len + 768 + (s != NULL ? s->scope.len + s->key_id.len : 0)) != 0)
        return -1;
    to = DX_PUT(head->data, "content-type: application/x-amz-json-1.1\0x-amz-target: ");
    to = dx_put(to, x->target, c->target_len);
    if (s != NULL) {
        to = DX_PUT(to, "\0x-amz-date: ");
        to = dx_put(to, c->date, DX_DATE_SIZE);
    }
    if (token_len > 0) {
        to = DX_PUT(to, "\0x-amz-security-token: ");
        to = dx_put(to, s->token.data, token_len);
    }
    if (own_agent) {
        to = DX_PUT(to, "\0user-agent: ");
        to = dx_put(to, e->user_agent.data, e->user_agent.len);
    }
    to = DX_PUT(to, "\0amz-sdk-invocation-id: ");
    to = dx_put(to, c->a->invocation_id, c->a->invocation_id_len);
    to = DX_PUT(to, "\0amz-sdk-request: ");
    to = dx_put(to, c->request, c->request_len);
    *to++ = '\0';
    head->len = (size_t)(to - head->data);
    return 0;
}

const char *dx_endpoint_sign(struct dx_exchange *x, const struct dx_endpoint *e, struct dx_signer *s,
                           const struct dx_attempt *a, struct dx_headers *extra, const struct dx_buf *extra_lines)
{
    struct call c;
    int own_agent = extra == NULL || dx_exchange_line(extra_lines, "user-agent") == NULL;
    int status;

    if (x->target == NULL)
        return "there is no call in the exchange";
    if (dx_date(a->epoch, c.date) != 0)
        return "the clock is outside of the years 1970 to 9999";
    if (!dx_is_value(a->invocation_id, a->invocation_id_len, 0) || a->number < 1 || a->max < 1)
        return "the attempt is malformed";
    c.endpoint = e;
    c.a = a;
    c.request_len = request_text(c.request, a);
    c.target_len = strlen(x->target);
    dx_exchange_clear_answer(x);
    dx_buf_reset(&x->url);
    dx_buf_reset(&x->head);
    status = dx_buf_add(&x->url, e->url.data, e->url.len) | put_head(x, s, &c, own_agent);
    if (status == 0 && extra != NULL)
        status = dx_buf_add(&x->head, extra_lines->data, extra_lines->len);
    if (status == 0 && s != NULL) {
        status = dx_buf_adds(&x->head, "authorization: ");
        if (status == 0)
            status = extra == NULL ? sign_plainly(x, s, &c) : sign_generally(x, s, &c, extra);
        status |= dx_buf_addc(&x->head, '\0');
    }
    if (status == 0)
        return NULL;
    status = x->head.failed;
    dx_buf_reset(&x->head);
    dx_buf_reset(&x->url);
    return status == DX_BUF_FULL ? "the headers are too large" : NO_MEMORY;
}
