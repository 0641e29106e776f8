/*
 * The loop: many clients' connections driven together, without a thread.
 *
 * libcurl makes the connections; once one stands, it is its owner's, who reads
 * and writes it when the loop says that it can. A client's connections are a
 * `struct dx_cache`: a curl multi handle of its own, so that no connection is
 * shared between clients and closing one ends exactly its connections. All
 * caches of a loop wait on one poller. The loop watches idle connections too,
 * and bounds the connections of all caches together.
 */
#ifndef DX_LOOP_H
#define DX_LOOP_H

#include <curl/curl.h>

#include "net/poller.h"

enum { DX_INPUT = 16 * 1024 };

struct dx_loop;

/* What the owner of a client's connections does when the loop asks for it. None is called from within libcurl. */
struct dx_cache;
struct dx_cache_owner {
    void (*connected)(CURL *easy, CURLcode code); /* an attempt to connect is over; the handle is in the multi handle yet */
    void (*tend)(struct dx_cache *c, long long now); /* a deadline has passed, or something was left unread */
    void (*broken)(struct dx_cache *c, const char *why); /* to end all transfers and connections: they would not by themselves */
};

struct dx_cache {
    struct dx_loop *loop;
    const struct dx_cache_owner *owner;
    CURLM *multi;           /* NULL until there is a transfer */
    long long due;          /* when libcurl wants to be called, in microseconds; -1: never */
    int touched;            /* there may be attempts to connect that are over */
    const char *broken;     /* why nothing in it can go on; NULL while all is well */
    struct dx_cache *next, *prev;
};

/* A socket whose connection stands, as its owner has it watched. */
struct dx_socket {
    struct dx_cache *cache;
    int fd;                 /* -1: none, or libcurl closed it */
    int is_idle;
    long long idle_since;
    void (*ready)(struct dx_socket *s, int what); /* DX_READ, DX_WRITE; DX_BROKEN: an idle one must be closed */
    struct dx_socket *older, *newer; /* the idle ones of all caches */
};

/* What waits until another connection may be opened. */
struct dx_waiter {
    void (*go)(struct dx_waiter *w); /* it does not wait any longer then */
    int is_waiting;
    struct dx_waiter *next, *prev;
};

/* A loop is shared by all that hold it: Lua's handle and the sessions. */
struct dx_loop *dx_loop_new(void);
void dx_loop_release(struct dx_loop *l);

long long dx_loop_now(void); /* monotonic microseconds */

/* To be called before anything else is asked of the loop or its caches: what a forked process has of its parent's ends
 * here, and goes on there. */
void dx_loop_own(struct dx_loop *l);

/* Lets everything go on, waiting at most `us` microseconds (-1: until something happens) for the first event. */
void dx_loop_wait(struct dx_loop *l, long long us);

/* Microseconds until dx_loop_wait(l, 0) must be called though the descriptor shows nothing; -1: never. */
long long dx_loop_due(const struct dx_loop *l);

int dx_loop_fd(struct dx_loop *l);   /* see dx_poller_fd */
void dx_loop_stir(struct dx_loop *l); /* see dx_poller_stir */

/* At most n connections open at once, idle ones counted; 0: any number. Idle ones beyond it are closed. */
void dx_loop_limit(struct dx_loop *l, int n);
int dx_loop_get_limit(const struct dx_loop *l);

/* Whether one more connection may be opened now, nobody having waited for longer; an idle one may have to make room. */
int dx_loop_has_room(const struct dx_loop *l);
void dx_loop_make_room(struct dx_loop *l);

void dx_loop_await_room(struct dx_loop *l, struct dx_waiter *w);
void dx_loop_forget_waiter(struct dx_loop *l, struct dx_waiter *w);

/* A transfer begins, and ends. */
void dx_loop_begin(struct dx_loop *l);
void dx_loop_end(struct dx_loop *l);

/* The caches' owners are asked to tend at this time, in microseconds, if a transfer is under way then; to be said anew for
 * each deadline that is still to come. */
void dx_loop_note_deadline(struct dx_loop *l, long long at);

/* The owners are asked to tend before the loop waits again. */
void dx_loop_note_unread(struct dx_loop *l);

/* DX_INPUT bytes for whoever reads right now. */
char *dx_loop_input(struct dx_loop *l);

void dx_cache_init(struct dx_cache *c, struct dx_loop *l, const struct dx_cache_owner *owner);
void dx_cache_free(struct dx_cache *c); /* no handle may be in it */

/* To be called before a handle is added. What the cache has in flight may end meanwhile. Returns 0, or -1: no memory. */
int dx_cache_open(struct dx_cache *c);

/* Begins to connect. Returns 0, or -1 where memory or descriptors are short. */
int dx_cache_add(struct dx_cache *c, CURL *easy);

/* Ends what a handle began; its connection is closed. */
void dx_cache_remove(struct dx_cache *c, CURL *easy);

/* To be set on every easy handle: its sockets are made and closed by the loop. */
void dx_cache_own_sockets(struct dx_cache *c, CURL *easy);

/* Takes over the socket of a connection that stands, which is watched for DX_READ. Returns 0 or -1. */
int dx_socket_take(struct dx_socket *s, struct dx_cache *c, int fd, void (*ready)(struct dx_socket *, int));
int dx_socket_watch(struct dx_socket *s, int what);

/* An idle socket may be given up to make room: at once, where more are open than may be. */
void dx_socket_rest(struct dx_socket *s);
void dx_socket_wake(struct dx_socket *s);

/* How many bytes that were sent have not arrived at the other side; 0 where that can't be told. */
int dx_socket_unarrived(const struct dx_socket *s);

#endif
