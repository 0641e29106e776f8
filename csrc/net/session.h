/*
 * Inside of transfer.c, connection.c and session.c: what a session holds, and
 * its connections. Users of sessions include transfer.h alone.
 */
#ifndef DX_SESSION_H
#define DX_SESSION_H

#include "net/transfer.h"

/* Where requests go: what follows from a URL, made once for all requests that go there. */
struct dx_place {
    struct dx_buf url;          /* that the rest was made from, NUL-terminated */
    struct dx_buf origin;       /* scheme, host and port: what a connection is for; NUL-terminated */
    struct dx_buf target, host; /* of the request's head */
    int is_proxied;             /* the proxy reads the request */
};

struct dx_session {
    struct dx_cache cache;
    int holders;                /* its owner and the transfers that were not released yet */
    int closed;
    char *ca_bundle, *proxy, *proxy_user, *proxy_password;
    const char *ca_directory;
    int has_looked;             /* for such a directory */
    int is_http_proxy;          /* it wants to see what goes to http URLs */
    struct dx_buf proxy_line;   /* a header line for it, NUL-terminated; or empty */
    struct dx_place place;      /* of the request before */
    struct dx_transfer *active; /* in flight */
    struct dx_transfer *spare;
    int nspare;
    struct dx_connection *idle, *longest_idle; /* the one used last comes first */
    int nidle;
};

/* One connection, of libcurl's making. */
struct dx_connection {
    struct dx_socket socket;
    struct dx_session *session;
    struct dx_transfer *transfer; /* that it is made for, or carries; NULL while it is idle */
    CURL *easy;
    int is_added;                 /* to the multi handle */
    struct dx_buf origin;
    struct dx_connection *next, *prev; /* in the session's list of idle ones */
    char error[CURL_ERROR_SIZE];
};

/* Begins to connect to the session's place for t; milliseconds, 0: as long as libcurl thinks fit. NULL: no memory. */
struct dx_connection *dx_connection_open(struct dx_session *s, struct dx_transfer *t, long connect_ms);
void dx_connection_close(struct dx_connection *c);

/* It stands, and may be used from now on. Returns 0, or -1: no memory. */
int dx_connection_stands(struct dx_connection *c);

/* Whether nothing came, and nothing ended, since the last answer: what came would belong to no request. */
int dx_connection_is_quiet(struct dx_connection *c);

/* Takes an idle one for the session's place that is still good; NULL where there is none. */
struct dx_connection *dx_connection_reuse(struct dx_session *s);

/* It carries nothing now, and is kept for the next transfer. */
void dx_connection_keep(struct dx_connection *c);

/* As curl_easy_send and curl_easy_recv; CURLE_AGAIN: not now. */
CURLcode dx_connection_send(struct dx_connection *c, const char *bytes, size_t n, size_t *sent);
CURLcode dx_connection_receive(struct dx_connection *c, char *to, size_t n, size_t *received);

/* What transfer.c does when a connection stands, or did not come about; and when it can be read or written. */
void dx_transfer_connected(struct dx_connection *c, CURLcode code);
void dx_transfer_ready(struct dx_connection *c, int what);

/* How transfer.c ends one, for the session's reasons. */
void dx_transfer_conclude(struct dx_transfer *t, enum dx_kind kind, const char *message);
void dx_transfer_destroy(struct dx_transfer *t);
void dx_transfer_tend(struct dx_session *s, long long now);

/* Sets the session's place. Returns NULL or what is wrong. */
const char *dx_session_go_to(struct dx_session *s, const struct dx_buf *url);

/* Tells an easy handle all that is the same for every connection of the session. Returns 0 or -1. */
int dx_session_set_up(struct dx_session *s, CURL *easy);

/* The last holder frees the session. */
void dx_session_release(struct dx_session *s);

#endif
