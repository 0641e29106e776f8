/*
 * HTTP/1.1 without I/O: writes a request's head, reads an answer.
 *
 *                 1xx                             length
 *               ┌──────┐                       ┌─────────► BODY ──────────────┐
 *               ▼      │        empty line     │ neither                      ▼
 *          STATUS_LINE─┴► HEADERS ─────────────┼─────────► BODY_TO_END ──► COMPLETE
 *                                              │ chunked                      ▲
 *                                              └─────────► CHUNK_SIZE ──0──► TRAILERS
 *                                                           │      ▲
 *                                                         CHUNK ► CHUNK_END
 *
 *          In every state: a problem ──► MALFORMED
 *
 * The reader takes bytes in pieces of any size and puts the answer into an
 * exchange. It is strict where two readers could disagree on where an answer
 * ends, and it knows whether another request may follow.
 */
#ifndef DX_HTTP1_H
#define DX_HTTP1_H

#include "base/exchange.h"
#include "base/route.h"

enum dx_http1_state {
    DX_STATUS_LINE,
    DX_HEADERS,
    DX_BODY,        /* of a known length */
    DX_BODY_TO_END, /* until the connection ends */
    DX_CHUNK_SIZE,
    DX_CHUNK,
    DX_CHUNK_END,
    DX_TRAILERS,
    DX_COMPLETE,    /* the exchange holds the answer, except its status */
    DX_MALFORMED    /* `problem` says how */
};

struct dx_http1 {
    enum dx_http1_state state;
    int status;          /* of the final answer, 0 until its head is complete */
    int reusable;        /* once complete: the connection may carry another request, or a tunnel */
    const char *problem; /* a constant */

    /* The rest is private. */
    struct dx_exchange *x;
    struct dx_buf line;  /* an incomplete line */
    int is_head, is_connect, begun, code, minor;
    size_t left;         /* bytes of the body, or of the chunk */
    size_t room;         /* bytes that the headers may still have, */
    int lines;           /* and lines */
};

/* Begins to read the answer to a request with this method into x, which must stay until the answer is over. */
void dx_http1_begin(struct dx_http1 *r, struct dx_exchange *x, const char *method);
void dx_http1_free(struct dx_http1 *r);

/* Takes n bytes. Returns how many belong to the answer: fewer than n only if it is complete or malformed. */
size_t dx_http1_feed(struct dx_http1 *r, const char *bytes, size_t n);

/* Where to read body bytes to directly, at most *n. NULL: they have to be fed. */
char *dx_http1_room(struct dx_http1 *r, size_t *n);

/* n bytes were read to there. */
void dx_http1_filled(struct dx_http1 *r, size_t n);

/* EOF: the other side sends nothing more. */
void dx_http1_end(struct dx_http1 *r);

int dx_http1_is_over(const struct dx_http1 *r);

/* Appends the head of x's request with its empty line: Host as the route has it, unless x has one, Content-Length, and
 * `more`, lines with their ends, which may be NULL. Returns 0, or -1: no memory. */
int dx_http1_write_head(struct dx_buf *out, const struct dx_exchange *x, const struct dx_route *route, const char *more);

#endif
