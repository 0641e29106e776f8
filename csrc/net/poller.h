/*
 * Waits for many descriptors at once: epoll on Linux, poll elsewhere.
 */
#ifndef DX_POLLER_H
#define DX_POLLER_H

enum { DX_READ = 1, DX_WRITE = 2, DX_BROKEN = 4 };

struct dx_event {
    int fd;
    int what; /* DX_READ, DX_WRITE, DX_BROKEN */
};

struct dx_poller;

struct dx_poller *dx_poller_new(void); /* NULL: no memory or no descriptor */
void dx_poller_free(struct dx_poller *p);

/* After fork(): replaces the parent's epoll instance, under the same descriptor. Nothing is watched then. */
void dx_poller_renew(struct dx_poller *p);

/* Watches fd for `what` instead of `before`; 0: not at all. Returns 0 or -1. */
int dx_poller_watch(struct dx_poller *p, int fd, int before, int what);

/* Waits up to `ms` milliseconds and fills `events`. Returns how many; 0 where a signal interrupts. */
int dx_poller_wait(struct dx_poller *p, struct dx_event *events, int max, int ms);

/* A descriptor that is readable when a wait would find something. -1: the system has none, or no memory. */
int dx_poller_fd(struct dx_poller *p);

/* Makes that descriptor readable until the next wait. Without effect before dx_poller_fd was called. */
void dx_poller_wakeup(struct dx_poller *p);

#endif
