/*
 * HTTP over libcurl's connections, without Lua: sessions and the transfers in
 * them.
 *
 * A session is one client's way to the network: its proxy, its trust, its
 * connections. A transfer sends one exchange's request as it stands and puts
 * the answer into it. What leaves is exactly the exchange's header lines and
 * body, with Host and Content-Length, once: nothing is sent a second time, and
 * redirects are not followed.
 */
#ifndef DX_TRANSFER_H
#define DX_TRANSFER_H

#include "base/exchange.h"
#include "net/http1.h"
#include "net/loop.h"

enum dx_kind {
    DX_DONE,      /* the answer is in the exchange */
    DX_CONNECT,   /* no connection came about, or the proxy refused it */
    DX_TLS,       /* the other side could not be verified, or no secure connection came about */
    DX_TIMEOUT,
    DX_RESET,     /* the connection broke, or what came was no usable answer */
    DX_CANCELLED, /* the session was closed meanwhile */
    DX_CONFIG     /* the URL can't be used */
};

struct dx_settings {
    const char *ca_bundle;     /* a file of PEM certificates instead of the system's; or NULL */
    const char *proxy;         /* a URL, with user and password or without; or NULL */
};

struct dx_session;

/* Finished transfers that nobody has taken yet, oldest first. */
struct dx_finished {
    struct dx_transfer *first, *last;
};

struct dx_transfer {
    long long id;              /* the caller's own mark */
    enum dx_kind kind;         /* valid once finished */
    int finished;
    int sent;                  /* bytes of the request may have left */
    char message[CURL_ERROR_SIZE + 64];

    /* the rest is transfer.c's */
    struct dx_waiter waiter;   /* while there is no room for another connection */
    struct dx_session *session;
    struct dx_exchange *x;
    struct dx_finished *queue;
    struct dx_transfer *next, *prev;
    struct dx_connection *connection; /* NULL while it waits for one */
    struct dx_http1 answer;
    struct dx_buf out;         /* the request's head, and its body where that is small */
    size_t head_len, at;       /* how much of `out` is head; how much of the request has left */
    long connect_ms;
    long long deadline;        /* in microseconds; -1: none */
    int is_tested;             /* that the answer came behind the request */
    int is_unread;
};

/* Returns NULL where a setting can't be used; *message then says why (a constant). */
struct dx_session *dx_session_new(struct dx_loop *l, const struct dx_settings *settings, const char **message);

/* Breaks transfers off (they finish as DX_CANCELLED), ends the connections, wipes what was kept. */
void dx_session_close(struct dx_session *s);
int dx_session_is_closed(const struct dx_session *s);
void dx_session_free(struct dx_session *s);

/* Begins to send x's request; x must stay until the transfer is released. When it has finished it is put into `queue`,
 * where there is one. Times in milliseconds; 0: no limit. NULL: no memory, or the session is closed. */
struct dx_transfer *dx_session_start(struct dx_session *s, struct dx_exchange *x, long connect_ms, long total_ms,
    long long id, struct dx_finished *queue);

/* Breaks off the transfer in flight with this id. */
void dx_session_cancel(struct dx_session *s, long long id);

/* Drives the session's loop until the transfer is finished. */
void dx_transfer_wait(struct dx_transfer *t);

/* Gives a transfer back, finished or not. */
void dx_transfer_release(struct dx_transfer *t);

#endif
