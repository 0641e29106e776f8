/*
 * One request and its answer over a connection of libcurl's.
 *
 *               idle connection                    request sent,
 *   dispatch ──────────────────────► SENDING ────► RECEIVING ──► finished
 *     │  │ connect                      ▲          answer read   (DX_DONE)
 *     │  ▼                              │
 *     │ CONNECTING ─────────────────────┘
 *     │  ▲             established
 *     ▼  │ resume
 *   PENDING: no room for another connection
 *
 *   In every state: fail ──► finished (another kind)
 *
 * Nothing is ever sent twice: a connection that breaks fails its transfer. An
 * answer may arrive while the request is still being sent; only a refusal is
 * accepted then.
 */
#ifndef DX_TRANSFER_H
#define DX_TRANSFER_H

#include "base/exchange.h"
#include "net/connection_pool.h"
#include "net/http1.h"
#include "base/route.h"

enum dx_kind {
    DX_DONE,      /* the answer is in the exchange */
    DX_CONNECT,   /* no connection was established, or the proxy refused it */
    DX_TLS,       /* the other side can't be verified, or TLS failed */
    DX_TIMEOUT,
    DX_RESET,     /* the connection broke, or what came was no usable answer */
    DX_CANCELLED,
    DX_CONFIG     /* the URL can't be used */
};

/* What the transfers of a session share. */
struct dx_transfers {
    struct dx_pool pool;
    struct dx_settings settings;
    struct dx_route route;     /* of the latest request */
    struct dx_link active;
};

struct dx_transfer {
    long long id;              /* the caller's own mark */
    enum dx_kind kind;         /* valid once finished */
    int finished;
    int sent;                  /* bytes of the request may have left */
    char message[CURL_ERROR_SIZE + 64];

    /* The rest is private. */
    struct dx_transfers *shared;
    struct dx_exchange *x;
    struct dx_link *queue;     /* where it goes once finished; NULL: nowhere */
    struct dx_link link;       /* in the active list, then in the queue */
    struct dx_pending pending;
    struct dx_connection *connection; /* NULL while PENDING and once finished */
    struct dx_http1 answer;
    struct dx_buf out;         /* the request's head, and its body if that is small */
    size_t head_len, at;       /* how much of `out` is head; how much of the request is sent */
    long connect_ms;
    long long connect_deadline; /* in microseconds; -1: none, or connected */
    long long deadline;
    int is_order_checked;      /* that the answer came after the request */
};

/* A transfer that goes into `queue` once finished; the queue may be NULL. Returns NULL for lack of memory. */
struct dx_transfer *dx_transfer_new(struct dx_transfers *shared, long long id, struct dx_link *queue);

/* Cancels a transfer, or takes it out of its queue, and frees it. One that is finished needs no session any more. */
void dx_transfer_release(struct dx_transfer *t);

/* Begins to send x's request. x must stay until the transfer is finished. Times in milliseconds, 0: none. */
void dx_transfer_start(struct dx_transfer *t, struct dx_exchange *x, long connect_ms, long total_ms);

/* Ends an active transfer; closes its connection. */
void dx_transfer_fail(struct dx_transfer *t, enum dx_kind kind, const char *message);

/* Called by the pool's owner. */
void dx_transfer_connected(struct dx_transfer *t, CURLcode code);
void dx_transfer_ready(struct dx_transfer *t, int what);
void dx_transfer_on_timeout(struct dx_transfer *t, long long now);

#endif
