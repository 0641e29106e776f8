/*
 * The connections of one client: made by libcurl, which looks names up,
 * connects, tunnels and does TLS; kept while idle; looked at before reuse.
 *
 *                  look-up over            established
 *   RESOLVING ─────────────────► CONNECTING ────────► BUSY ◄───reuse─── IDLE
 *     │  │                          │                   │ └────keep──────►│
 *     │  └──── failed ──────────────┴─── failed         │                 │
 *  abandon                                │             │                 │
 *     ▼                                   ▼             ▼                 ▼
 *   ORPHANED ──── look-up over ────────► closed ◄───────┴─── close ───────┘
 *
 * A name is looked up by a thread of libcurl's that nothing can stop. So an
 * attempt whose transfer gave up stays ORPHANED until its thread has ended, and
 * counts as a look-up until then. Addresses skip RESOLVING, and so do names that
 * libcurl has cached.
 *
 * Each pool has a multi handle of its own, so that clients share no connection;
 * TLS sessions are shared within the pool, so that a reconnect is cheap.
 */
#ifndef DX_CONNECTION_POOL_H
#define DX_CONNECTION_POOL_H

#include "net/loop.h"
#include "net/settings.h"

struct dx_connection;
struct dx_pool;

/* What the pool's owner does when something happens. None is called from within libcurl. */
struct dx_pool_owner {
    void (*connected)(struct dx_connection *c, CURLcode code); /* the connection is BUSY if code is CURLE_OK */
    void (*ready)(struct dx_connection *c, int what);
    void (*on_timeout)(struct dx_pool *p, long long now);
    void (*on_fork)(struct dx_pool *p); /* end all transfers */
};

struct dx_pool {
    struct dx_source source;
    const struct dx_pool_owner *owner;
    struct dx_settings *settings;
    CURLM *multi;           /* NULL until there is a transfer */
    CURLSH *share;          /* TLS sessions; may be NULL */
    struct dx_link idle;    /* the longest idle first */
    struct dx_link orphans;
    int nidle;
    struct dx_buf cached;   /* the origin whose name libcurl has cached, */
    long long cached_until; /* and until when */
};

enum dx_connection_state { DX_RESOLVING, DX_ORPHANED, DX_CONNECTING, DX_BUSY, DX_IDLE };

struct dx_connection {
    struct dx_socket socket;
    enum dx_connection_state state;
    struct dx_pool *pool;
    void *user;             /* the transfer that it is made for, or carries */
    CURL *easy;
    int is_added;           /* to the multi handle */
    int is_resolved;
    long long begun;        /* microseconds */
    long connect_ms;
    struct dx_buf origin;   /* scheme, host and port, NUL-terminated */
    struct dx_link link;    /* in the pool's list of idle ones or orphans */
    char error[CURL_ERROR_SIZE];
};

/* Initialises libcurl, once a process. Returns 0 or -1. */
int dx_pool_init_library(void);

void dx_pool_init(struct dx_pool *p, struct dx_loop *l, struct dx_settings *settings, const struct dx_pool_owner *owner);
void dx_pool_free(struct dx_pool *p); /* closes idle connections; there may be no others */

/* Prepares for connections. Returns 0, or -1: no memory. */
int dx_pool_open(struct dx_pool *p);

/* True if a new connection to an origin needs a look-up. */
int dx_pool_needs_lookup(const struct dx_pool *p, const struct dx_buf *origin);

/* Begins to connect, within so many milliseconds (0: libcurl's default). NULL: no memory. */
struct dx_connection *dx_pool_connect(struct dx_pool *p, const struct dx_buf *origin, long connect_ms, void *user);

/* Takes an idle connection to an origin that has neither ended nor received anything. NULL: there is none. */
struct dx_connection *dx_pool_reuse(struct dx_pool *p, const struct dx_buf *origin, void *user);

/* Keeps a connection that carries nothing now. */
void dx_connection_keep(struct dx_connection *c);

/* Closes a connection, or gives up the attempt. */
void dx_connection_close(struct dx_connection *c);

/* As curl_easy_send and curl_easy_recv; CURLE_AGAIN: not now. */
CURLcode dx_connection_send(struct dx_connection *c, const char *bytes, size_t n, size_t *sent);
CURLcode dx_connection_receive(struct dx_connection *c, char *to, size_t n, size_t *received);

#endif
