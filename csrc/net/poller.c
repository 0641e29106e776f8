/* Waits for descriptors: see poller.h. */
#include "net/poller.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

long long dx_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct dx_watched *dx_poller_get(struct dx_poller *p, int fd)
{
    assert(fd >= 0);
    if (fd >= p->n) {
        int n = p->n ? p->n : 64;
        struct dx_watched *watched;

        while (n <= fd)
            n *= 2;
        watched = realloc(p->watched, (size_t)n * sizeof *watched);
        if (watched == NULL)
            return NULL;
        memset(watched + p->n, 0, (size_t)(n - p->n) * sizeof *watched);
        p->watched = watched;
        p->n = n;
    }
    return &p->watched[fd];
}

#if defined __linux__

#include <fcntl.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

enum { BATCH = 64 };

static int open_epoll(struct dx_poller *p)
{
    p->fd = epoll_create1(EPOLL_CLOEXEC);
    return p->fd < 0 ? -1 : 0;
}

int dx_poller_watch(struct dx_poller *p, int fd, int what)
{
    struct dx_watched *w = &p->watched[fd];
    struct epoll_event event = { 0 };

    if (what == w->what)
        return 0;
    event.data.fd = fd;
    event.events = (what & DX_READ ? EPOLLIN | EPOLLRDHUP : 0) | (what & DX_WRITE ? EPOLLOUT : 0);
    if (epoll_ctl(p->fd, what == 0 ? EPOLL_CTL_DEL : w->what == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event) != 0)
        return -1;
    w->what = what;
    return 0;
}

int dx_poller_wait(struct dx_poller *p, struct dx_event *events, int max, int ms)
{
    struct epoll_event found[BATCH];
    int i, count = 0, n = epoll_wait(p->fd, found, max < BATCH ? max : BATCH, ms);

    for (i = 0; i < n; i++) {
        unsigned what = found[i].events;
        uint64_t wakeups;

        if (found[i].data.fd == p->waker) {
            while (read(p->waker, &wakeups, sizeof wakeups) > 0)
                ;
            continue;
        }
        events[count].fd = found[i].data.fd;
        events[count++].what = (what & (EPOLLIN | EPOLLRDHUP) ? DX_READ : 0) | (what & EPOLLOUT ? DX_WRITE : 0)
            | (what & (EPOLLERR | EPOLLHUP) ? DX_BROKEN : 0);
    }
    return count;
}

int dx_poller_fd(struct dx_poller *p)
{
    struct epoll_event event = { 0 };

    if (p->waker >= 0)
        return p->fd;
    p->waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    event.data.fd = p->waker;
    event.events = EPOLLIN;
    if (p->waker >= 0 && epoll_ctl(p->fd, EPOLL_CTL_ADD, p->waker, &event) == 0)
        return p->fd;
    if (p->waker >= 0)
        close(p->waker);
    p->waker = -1;
    return -1;
}

void dx_poller_renew(struct dx_poller *p)
{
    int fd, has_waker = p->waker >= 0;

    close(p->fd); /* first: there may be no other descriptor left */
    fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd >= 0 && fd != p->fd) {
        dup2(fd, p->fd);
        fcntl(p->fd, F_SETFD, FD_CLOEXEC);
        close(fd);
    }
    if (has_waker) {
        close(p->waker);
        p->waker = -1;
        dx_poller_fd(p);
    }
}

void dx_poller_wakeup(struct dx_poller *p)
{
    uint64_t once = 1;

    if (p->waker >= 0 && write(p->waker, &once, sizeof once) < 0)
        return; /* readable already */
}

#else

#include <poll.h>

/* There is no descriptor to be had, to be made readable, or to be replaced after fork(). */
static int open_epoll(struct dx_poller *p) { (void)p; return 0; }
int dx_poller_fd(struct dx_poller *p) { (void)p; return -1; }
void dx_poller_wakeup(struct dx_poller *p) { (void)p; }
void dx_poller_renew(struct dx_poller *p) { (void)p; }

int dx_poller_watch(struct dx_poller *p, int fd, int what)
{
    p->watched[fd].what = what;
    return 0;
}

int dx_poller_wait(struct dx_poller *p, struct dx_event *events, int max, int ms)
{
    struct pollfd *fds = calloc((size_t)p->n + 1, sizeof *fds);
    int i, n = 0, found = 0;

    for (i = 0; fds != NULL && i < p->n; i++) {
        int fd = (p->first + i) % p->n, what = p->watched[fd].what;

        fds[n].fd = fd;
        fds[n].events = (short)((what & DX_READ ? POLLIN : 0) | (what & DX_WRITE ? POLLOUT : 0));
        n += what != 0;
    }
    poll(fds, (nfds_t)n, ms);
    for (i = 0; i < n && found < max; i++) {
        int what = fds[i].revents;

        if (what == 0)
            continue;
        p->first = fds[i].fd + 1;
        events[found].fd = fds[i].fd;
        events[found++].what = (what & POLLIN ? DX_READ : 0) | (what & POLLOUT ? DX_WRITE : 0)
            | (what & (POLLERR | POLLHUP | POLLNVAL) ? DX_BROKEN : 0);
    }
    free(fds);
    return found;
}

#endif

int dx_poller_init(struct dx_poller *p)
{
    memset(p, 0, sizeof *p);
    p->fd = p->waker = -1;
    return open_epoll(p);
}

void dx_poller_free(struct dx_poller *p)
{
    if (p->waker >= 0)
        close(p->waker);
    if (p->fd >= 0)
        close(p->fd);
    free(p->watched);
}
