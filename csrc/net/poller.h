/*
 * Waiting for many descriptors at once: epoll on Linux, poll elsewhere.
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

/* In a forked process: becomes one of its own, that watches nothing yet, under the same descriptor. Its parent's, which it
 * had until then, is left as it was. */
void dx_poller_renew(struct dx_poller *p);

/* Watches fd for `what` instead of `before`; 0 is not watched at all. Returns 0 or -1. */
int dx_poller_watch(struct dx_poller *p, int fd, int before, int what);

/* Fills `events`, at most `max`; waits up to `ms` milliseconds (-1: for ever). Returns how many; an
 * interrupted wait is none. */
int dx_poller_wait(struct dx_poller *p, struct dx_event *events, int max, int ms);

/* A descriptor that is readable when a wait would find something; -1 where the system has none, or no memory. */
int dx_poller_fd(struct dx_poller *p);

/* Makes that descriptor readable until the next wait. Without effect while nobody asked for it. */
void dx_poller_stir(struct dx_poller *p);

#endif
