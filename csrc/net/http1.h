/*
 * HTTP/1.1 as bytes, without I/O: a request's head is written, an answer is
 * read.
 *
 * The reader takes the bytes of a connection in pieces of any size and puts
 * the answer into an exchange. It is strict where two readers could disagree
 * on where an answer ends, and it knows whether another request may follow.
 */
#ifndef DX_HTTP1_H
#define DX_HTTP1_H

#include "base/exchange.h"

enum dx_http1_state {
    DX_STATUS_LINE,
    DX_HEADERS,
    DX_BODY,        /* of a known length */
    DX_BODY_TO_END, /* until the connection ends */
    DX_CHUNK_SIZE,
    DX_CHUNK,
    DX_CHUNK_END,
    DX_TRAILERS,
    DX_COMPLETE,    /* the exchange holds the answer, but for its status */
    DX_MALFORMED    /* `problem` says how */
};

struct dx_http1 {
    enum dx_http1_state state;
    int status;          /* of the final answer, 0 until its head is complete */
    int reusable;        /* once complete: nothing speaks against more on the connection, be it a request or a tunnel */
    const char *problem; /* a constant */

    /* the rest is http1.c's */
    struct dx_exchange *x;
    struct dx_buf line;  /* the beginning of a line whose end has not come yet */
    int is_head, is_connect, begun, code, minor;
    size_t left;         /* bytes of the body, or of the chunk */
    size_t room;         /* bytes that headers may still have, */
    int lines;           /* and lines */
};

void dx_http1_init(struct dx_http1 *r);
void dx_http1_free(struct dx_http1 *r);

/* Begins to read the answer to a request of that method into x, which must stay until the answer is over. */
void dx_http1_begin(struct dx_http1 *r, struct dx_exchange *x, const char *method);

/* Takes n bytes. Returns how many of them belong to the answer: fewer than n only where it is complete or malformed. */
size_t dx_http1_feed(struct dx_http1 *r, const char *bytes, size_t n);

/* Where the next bytes can be put without a detour, and how many at most: sets *n, and 0 where they have to be fed. */
char *dx_http1_room(struct dx_http1 *r, size_t *n);

/* n bytes have been put there. */
void dx_http1_filled(struct dx_http1 *r, size_t n);

/* The other side sends nothing more. */
void dx_http1_end(struct dx_http1 *r);

int dx_http1_is_over(const struct dx_http1 *r);

/*
 * Appends the head of x's request, up to and with the empty line: `target` stands behind the method, `host` is the Host
 * header's value where the exchange has none, `more` are further lines with their ends. Host and Content-Length are
 * ours. Returns 0, or -1: no memory.
 */
struct dx_request_parts {
    const char *target;
    size_t target_len;
    const char *host;
    size_t host_len;
    const char *more;    /* may be NULL */
};
int dx_http1_write_head(struct dx_buf *out, const struct dx_exchange *x, const struct dx_request_parts *parts);

#endif
