/*
 * Waits for many descriptors at once: epoll on Linux, poll elsewhere. Knows by
 * descriptor what is watched, and for whom.
 */
#ifndef DX_POLLER_H
#define DX_POLLER_H

enum { DX_READ = 1, DX_WRITE = 2, DX_BROKEN = 4 };

struct dx_event {
    int fd;
    int what; /* DX_READ, DX_WRITE, DX_BROKEN */
};

struct dx_watched {
    void *user;  /* the caller's */
    int is_ours; /* so is this */
    int what;    /* DX_READ, DX_WRITE; 0: not watched */
};

struct dx_poller {
    int fd;      /* of epoll; -1: there is none */
    int waker;   /* an eventfd; -1: none yet */
    int first;   /* for poll: where the next look begins, so that each gets its turn */
    struct dx_watched *watched; /* by descriptor */
    int n;
};

long long dx_now(void); /* monotonic microseconds */

int dx_poller_init(struct dx_poller *p); /* 0, or -1: no descriptor */
void dx_poller_free(struct dx_poller *p);

/* After fork(): replaces the parent's epoll instance, under the same descriptor, which watches nothing then. */
void dx_poller_renew(struct dx_poller *p);

/* What is known of a descriptor, made where there is nothing. NULL: no memory. Valid until the next call. */
struct dx_watched *dx_poller_get(struct dx_poller *p, int fd);

/* Watches a descriptor that is known; 0: no longer. Returns 0 or -1. */
int dx_poller_watch(struct dx_poller *p, int fd, int what);

/* Waits up to `ms` milliseconds and fills `events`. Returns how many; 0 where a signal interrupts. */
int dx_poller_wait(struct dx_poller *p, struct dx_event *events, int max, int ms);

/* A descriptor that is readable when a wait would find something. -1: the system has none, or no memory. */
int dx_poller_fd(struct dx_poller *p);

/* Makes that descriptor readable until the next wait. Without effect before dx_poller_fd was called. */
void dx_poller_wakeup(struct dx_poller *p);

#endif
