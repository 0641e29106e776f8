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
 *   WAITING: no room for another connection
 *
 *   In every state: fail ──► finished (another kind)
 *
 * Nothing is ever sent twice: a connection that breaks fails its transfer. An
 * answer may arrive while the request is still being sent; only a refusal is
 * accepted then.
 */
#ifndef DX_TRANSFER_H
#define DX_TRANSFER_H

#include "net/connection_pool.h"
#include "net/http1.h"

enum dx_kind {
    DX_DONE,      /* the answer is in the exchange */
    DX_CONNECT,   /* no connection was established, or the proxy refused it */
    DX_TLS,       /* the other side can't be verified, or TLS failed */
    DX_TIMEOUT,
    DX_RESET,     /* the connection broke, or what came was no usable answer */
    DX_CANCELLED,
    DX_CONFIG     /* the URL can't be used */
};

enum { DX_INPUT = 16 * 1024 };

/* A loop: what all transfers share. */
struct dx_loop {
    int holders;               /* Lua's handle, and sessions */
    unsigned forks;            /* of the process that owns it: see forks.h */
    struct dx_net net;
    struct dx_link active;
    struct dx_link waiting[2]; /* for room: without and with a name to look up; who waits longest is first */
    long long deadline;        /* of the first transfer, or earlier; -1: none */
    char input[DX_INPUT];      /* for whoever reads right now */
};

/* A session: what the transfers of a client share. */
struct dx_session {
    struct dx_loop *loop;
    struct dx_pool pool;
    struct dx_route route;     /* of the latest request */
    int is_closed;
};

struct dx_transfer {
    long long id;              /* the caller's own mark */
    enum dx_kind kind;         /* valid once finished */
    int finished;
    int sent;                  /* bytes of the request may have left */
    char message[CURL_ERROR_SIZE + 64];

    /* The rest is private. */
    struct dx_session *session;
    struct dx_exchange *x;
    struct dx_link *queue;     /* where it goes once finished; NULL: nowhere */
    struct dx_link link;       /* in the active list, then in the queue */
    struct dx_link waiting;    /* for room */
    struct dx_connection *connection; /* NULL while WAITING and once finished */
    struct dx_http1 answer;
    struct dx_buf out;         /* the request's head, and its body if that is small */
    size_t head_len, at;       /* how much of `out` is head; how much of the request is sent */
    long connect_ms;
    long long connect_deadline; /* in microseconds; -1: none, or connected */
    long long deadline;
    int is_order_checked;      /* that the answer came after the request */
};

/* Ends the active transfers of a session as DX_CANCELLED; those of all sessions as broken where that is NULL. */
void dx_transfers_fail(struct dx_loop *l, const struct dx_session *s, const char *message);

/* Ends the transfers whose time is over. */
void dx_transfers_expire(struct dx_loop *l);

/* Sends what waited, as far as there is room. Returns how many. */
int dx_transfers_resume(struct dx_loop *l);
int dx_transfers_can_resume(const struct dx_loop *l);

/* The transfer with an id in a list. NULL: there is none. */
struct dx_transfer *dx_transfers_find(struct dx_link *list, long long id);

/* Begins to send x's request; x must stay until the transfer is finished, which then goes into `queue`, unless that is
 * NULL. Times in milliseconds, 0: none. Returns NULL for lack of memory. */
struct dx_transfer *dx_transfer_start(struct dx_session *s, struct dx_exchange *x, long connect_ms, long total_ms,
    long long id, struct dx_link *queue);

/* Cancels a transfer, or takes it out of its queue, and frees it. One that is finished needs no session any more. */
void dx_transfer_release(struct dx_transfer *t);

/* Ends an active transfer; closes its connection. */
void dx_transfer_fail(struct dx_transfer *t, enum dx_kind kind, const char *message);

/* Its attempt to connect is over; something happened on its connection. */
void dx_transfer_connected(struct dx_transfer *t, CURLcode code);
void dx_transfer_ready(struct dx_transfer *t, int what);

#endif
