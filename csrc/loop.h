/*
 * The loop: many clients' connections driven together, without a thread.
 *
 * A client's connections are a `struct dx_cache`: a curl multi handle of its
 * own, so that no connection is shared between clients and closing one ends
 * exactly its connections. All caches of a loop wait on one poller. The loop
 * watches idle connections too: one on which the other side says anything, or
 * which it closes, is never used again; so libcurl has no reason to send a
 * request twice. It also bounds the connections of all caches together.
 */
#ifndef DX_LOOP_H
#define DX_LOOP_H

#include <curl/curl.h>

struct dx_loop;

struct dx_cache {
    struct dx_loop *loop;
    CURLM *multi;           /* NULL while there is no connection and no transfer */
    long long due;          /* when libcurl wants to be called, in microseconds; -1: never */
    int running;            /* transfers in flight, */
    int secrets;            /* and those of them whose request holds a secret: the stack is wiped behind libcurl's calls */
    int idle;               /* connections kept for the next transfer */
    int touched;            /* there may be finished transfers to collect */
    int is_broken;          /* libcurl had no memory to go on */
    void (*done)(CURL *easy, CURLcode code); /* called for each finished transfer, which has left the multi handle */
    void (*broken)(struct dx_cache *c);      /* called to end all transfers, since some would never end by themselves */
    struct dx_cache *next, *prev;
};

/* A loop is shared by all that hold it: Lua's handle and the sessions. */
struct dx_loop *dx_loop_new(void);
void dx_loop_release(struct dx_loop *l);

long long dx_loop_now(void); /* monotonic microseconds */

/* Lets transfers go on, waiting at most `us` microseconds (-1: until something happens) for the first event. */
void dx_loop_wait(struct dx_loop *l, long long us);

/* Microseconds until dx_loop_wait(l, 0) must be called though the descriptor shows nothing; -1: never. */
long long dx_loop_due(const struct dx_loop *l);

int dx_loop_fd(struct dx_loop *l);   /* see dx_poller_fd */
void dx_loop_stir(struct dx_loop *l); /* see dx_poller_stir */

/* At most n connections open at once, idle ones counted; 0: as many as there are transfers. Idle ones beyond it are
 * closed. */
void dx_loop_limit(struct dx_loop *l, int n);

void dx_cache_init(struct dx_cache *c, struct dx_loop *l, void (*done)(CURL *, CURLcode),
    void (*broken)(struct dx_cache *));
void dx_cache_free(struct dx_cache *c); /* no transfer may be in flight */

/* Gives up idle connections that the other side closed meanwhile. To be called before a transfer is begun. */
void dx_cache_look(struct dx_cache *c);

/* Begins a transfer. Returns 0, or -1 where memory or descriptors are short. */
int dx_cache_add(struct dx_cache *c, CURL *easy);

/* Breaks a transfer off; its connection is closed. */
void dx_cache_remove(struct dx_cache *c, CURL *easy);

/* How many bytes that were sent from this port have not arrived at the other side; 0 where that can't be told. */
int dx_cache_unarrived(const struct dx_cache *c, int port);

/* To be set on every easy handle: its sockets are made and closed by the loop. */
void dx_cache_own_sockets(struct dx_cache *c, CURL *easy);

#endif
