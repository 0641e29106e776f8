/*
 * The connections of a loop: made by libcurl, which looks names up, connects,
 * tunnels and does TLS; kept while idle; looked at before reuse.
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
 * All use one multi handle, and each belongs to the pool of one client: clients
 * share no connection and no TLS session.
 */
#ifndef DX_CONNECTION_POOL_H
#define DX_CONNECTION_POOL_H

#include "base/list.h"
#include "net/poller.h"
#include "net/settings.h"

/* What the connections of a loop share. */
struct dx_net {
    struct dx_poller poller;
    CURLM *multi;           /* NULL where a fork left no memory for one */
    long long due;          /* when libcurl wants to be called; -1: never */
    int has_news;           /* attempts may be over */
    int connections;        /* being made, in use and idle */
    int limit;              /* of them; 0: none */
    int lookups;
    struct dx_link idle;    /* the longest idle first */
    struct dx_link orphans;
};

struct dx_pool {
    struct dx_net *net;
    struct dx_settings settings;
    CURLSH *share;          /* TLS sessions; may be NULL */
    int nidle;
    struct dx_buf cached;   /* the origin whose name libcurl has cached, */
    long long cached_until; /* and until when */
};

enum dx_connection_state { DX_RESOLVING, DX_ORPHANED, DX_CONNECTING, DX_BUSY, DX_IDLE };

struct dx_connection {
    enum dx_connection_state state;
    struct dx_pool *pool;
    void *user;             /* the transfer that it is made for, or carries */
    CURL *easy;
    int fd;                 /* -1: not established, or closed */
    int is_added;           /* to the multi handle */
    int is_resolved;
    long long begun, idle_since;
    long connect_ms;
    struct dx_buf origin;   /* scheme, host and port, NUL-terminated */
    struct dx_link link;    /* in the list of idle ones or orphans */
    char error[CURL_ERROR_SIZE];
};

int dx_net_init(struct dx_net *n); /* 0 or -1; dx_net_free is due in any case */
void dx_net_free(struct dx_net *n);

/* After fork(): makes the parent's descriptors lead nowhere. When all transfers have ended, dx_net_renew is due. */
void dx_net_leave_to_parent(struct dx_net *n);
void dx_net_renew(struct dx_net *n);

/* Tells libcurl of an event of a descriptor that is its own, or that its time has come. */
void dx_net_act(struct dx_net *n, int fd, int what);
void dx_net_expire(struct dx_net *n);

/* The next attempt that is over, BUSY if *code is CURLE_OK; its user must be told. NULL: none. */
struct dx_connection *dx_net_next_attempt(struct dx_net *n, CURLcode *code);

/* True if there is room for one more connection, and for the look-up that it may need. */
int dx_net_has_room(const struct dx_net *n, int needs_lookup);
int dx_net_has_lookup(const struct dx_net *n);

/* Closes idle connections, the oldest first, until there are at most `max`, or none is idle. */
void dx_net_close_idle(struct dx_net *n, int max);

void dx_pool_init(struct dx_pool *p, struct dx_net *n);
void dx_pool_free(struct dx_pool *p); /* closes idle connections; there may be no others */

/* True if a new connection to an origin needs a look-up. */
int dx_pool_needs_lookup(const struct dx_pool *p, const struct dx_buf *origin);

/* Begins to connect, within so many milliseconds (0: libcurl's default). NULL: no memory. */
struct dx_connection *dx_pool_connect(struct dx_pool *p, const struct dx_buf *origin, long connect_ms, void *user);

/* Takes an idle connection to an origin that has neither ended nor received anything. NULL: there is none. */
struct dx_connection *dx_pool_reuse(struct dx_pool *p, const struct dx_buf *origin, void *user);

/* Keeps a connection that carries nothing now. */
void dx_connection_keep(struct dx_connection *c);

/* Something happened to an idle connection: closes it, unless it can still be used. */
void dx_connection_check_idle(struct dx_connection *c, int what);

/* Closes a connection, or gives up the attempt. */
void dx_connection_close(struct dx_connection *c);

int dx_connection_watch(struct dx_connection *c, int what);

#endif
