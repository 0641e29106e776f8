/*
 * The event loop: drives the sockets and timers of many clients in one thread.
 *
 * Each client's connection pool is a source of events. The loop watches the
 * sockets of all sources with one poller, calls a source when its timer or a
 * deadline is due, and bounds the connections and name look-ups of all sources
 * together. It knows nothing of libcurl, HTTP or Lua.
 *
 * A loop is shared: Lua's handle holds it, and so does each source.
 */
#ifndef DX_LOOP_H
#define DX_LOOP_H

#include "base/list.h"
#include "net/poller.h"

enum { DX_INPUT = 16 * 1024 };

struct dx_loop;
struct dx_source;

struct dx_source_ops {
    void (*on_timer)(struct dx_source *s);                    /* `due` has passed */
    void (*on_timeout)(struct dx_source *s, long long now);   /* a deadline has passed */
    void (*on_event)(struct dx_source *s, int fd, int what);  /* on a descriptor without a dx_socket */
    int (*collect)(struct dx_source *s);                      /* `has_news` was set; returns how many there were */
    void (*on_fork)(struct dx_source *s);                     /* drop all connections: they are the parent's */
};

struct dx_source {
    struct dx_loop *loop;
    const struct dx_source_ops *ops;
    long long due;          /* microseconds; -1: never */
    int has_news;
    struct dx_link link;
};

/* A socket whose connection is established. */
struct dx_socket {
    struct dx_source *source;
    int fd;                 /* -1: closed */
    long long idle_since;
    void (*ready)(struct dx_socket *s, int what); /* DX_READ, DX_WRITE; DX_BROKEN: if idle, close it */
    struct dx_link link;    /* in the loop's list of idle sockets */
};

/* A transfer that waits until it may open a connection. */
struct dx_pending {
    void (*resume)(struct dx_pending *p); /* it waits no longer then */
    struct dx_link link;
};

struct dx_loop *dx_loop_new(void);
void dx_loop_hold(struct dx_loop *l);
void dx_loop_release(struct dx_loop *l);

long long dx_loop_now(void); /* monotonic microseconds */

/* After fork(): drops the parent's connections. Call it before anything else is asked of the loop or its sources. */
void dx_loop_check_fork(struct dx_loop *l);

/* Handles what has happened; waits at most `us` microseconds (-1: some time) for the first event. */
void dx_loop_wait(struct dx_loop *l, long long us);

/* Microseconds until dx_loop_wait(l, 0) must be called though the descriptor shows nothing; -1: never. */
long long dx_loop_due(const struct dx_loop *l);

int dx_loop_fd(struct dx_loop *l);      /* see dx_poller_fd */
void dx_loop_wakeup(struct dx_loop *l); /* see dx_poller_wakeup */

/* ---- connections and look-ups: how many there may be */

/* At most n connections, idle ones included; 0: any number. Closes idle ones beyond it. */
void dx_loop_set_limit(struct dx_loop *l, int n);
int dx_loop_get_limit(const struct dx_loop *l);

/* Counts a connection, or a look-up, in (1) or out (-1). */
void dx_loop_count_connection(struct dx_loop *l, int by);
void dx_loop_count_lookup(struct dx_loop *l, int by);
int dx_loop_has_lookup(const struct dx_loop *l); /* true if one more may begin */

/* True if a connection may be opened now: there is room, and nobody has waited longer. */
int dx_loop_has_room(const struct dx_loop *l, int needs_lookup);

/* Closes an idle connection where a new one would be beyond the limit. */
void dx_loop_make_room(struct dx_loop *l);

/* Waits for room, in FIFO order. dx_list_remove(&p->link) ends the wait. */
void dx_loop_await_room(struct dx_loop *l, struct dx_pending *p, int needs_lookup);

/* ---- transfers */

void dx_loop_begin_transfer(struct dx_loop *l);
void dx_loop_end_transfer(struct dx_loop *l);

/* Has on_timeout called at this time, in microseconds. It repeats this for each deadline still to come. */
void dx_loop_note_deadline(struct dx_loop *l, long long at);

/* DX_INPUT bytes for whoever reads right now. */
char *dx_loop_input(struct dx_loop *l);

/* ---- sources */

void dx_source_add(struct dx_source *s, struct dx_loop *l, const struct dx_source_ops *ops);
void dx_source_remove(struct dx_source *s);

/* Takes note of a descriptor that the source has just opened. Returns 0, or -1: no memory. */
int dx_source_open_fd(struct dx_source *s, int fd);

/* The descriptor is about to be closed. Returns 0, or -1: it is not watched. */
int dx_source_close_fd(struct dx_source *s, int fd);

/* Watches a descriptor for the source, until it is a dx_socket's. Returns 0 or -1. */
int dx_source_watch(struct dx_source *s, int fd, int what);

/* ---- sockets */

/* Takes over a descriptor, and watches it for DX_READ. Returns 0 or -1. */
int dx_socket_open(struct dx_socket *s, struct dx_source *source, int fd, void (*ready)(struct dx_socket *, int));
int dx_socket_watch(struct dx_socket *s, int what);

/* An idle socket may be closed to make room: at once, where there are too many. */
void dx_socket_set_idle(struct dx_socket *s);
void dx_socket_set_busy(struct dx_socket *s);

/* How many sent bytes the other side has not acknowledged; 0 where the system does not tell. */
int dx_socket_unacknowledged(const struct dx_socket *s);

#endif
