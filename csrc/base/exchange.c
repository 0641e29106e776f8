/* One request and its answer: see exchange.h. */
#include "base/exchange.h"

#include <string.h>

enum { KEEP_MAX = 1024 * 1024 }; /* larger blocks are released after a call */

void dx_exchange_init(struct dx_exchange *x)
{
    memset(x, 0, sizeof *x);
    dx_buf_init(&x->url, DX_HEAD_MAX);
    dx_buf_init(&x->head, DX_HEAD_MAX);
    dx_buf_init(&x->body, DX_REQUEST_MAX);
    dx_buf_init(&x->scratch, DX_RESPONSE_MAX);
    dx_buf_init(&x->rhead, DX_HEAD_MAX);
    dx_buf_init(&x->rbody, DX_RESPONSE_MAX);
}

static void drop(struct dx_buf *b)
{
    if (b->cap > KEEP_MAX)
        dx_buf_free(b);
    else
        dx_buf_reset(b);
}

void dx_exchange_clear_answer(struct dx_exchange *x)
{
    x->status = 0;
    dx_buf_reset(&x->rhead);
    drop(&x->rbody);
}

void dx_exchange_clear(struct dx_exchange *x)
{
    if (x->secret) {
        dx_buf_wipe(&x->url);
        dx_buf_wipe(&x->head);
        dx_buf_wipe(&x->body);
        dx_buf_wipe(&x->rhead); /* the answer may repeat it */
        dx_buf_wipe(&x->rbody);
    }
    x->secret = 0;
    x->nsecrets = x->has_more_secrets = 0;
    x->target = NULL;
    x->method[0] = '\0';
    x->invocation_id[0] = '\0';
    dx_buf_reset(&x->url);
    dx_buf_reset(&x->head);
    drop(&x->body);
    drop(&x->scratch);
    dx_exchange_clear_answer(x);
}

void dx_exchange_free(struct dx_exchange *x)
{
    dx_buf_free(&x->url);
    dx_buf_free(&x->head);
    dx_buf_free(&x->body);
    dx_buf_free(&x->scratch);
    dx_buf_free(&x->rhead);
    dx_buf_free(&x->rbody);
}

const char *dx_exchange_line(const struct dx_buf *head, const char *name)
{
    size_t n = strlen(name);
    const char *line, *end;

    if (head->len == 0)
        return NULL;
    for (line = head->data, end = line + head->len; line < end; line += strlen(line) + 1) {
        if (strncmp(line, name, n) == 0 && line[n] == ':') {
            line += n + 1;
            return *line == ' ' ? line + 1 : line;
        }
    }
    return NULL;
}

const char *dx_exchange_header(const struct dx_exchange *x, const char *name)
{
    return dx_exchange_line(&x->rhead, name);
}
