/* Waits for descriptors: see poller.h. */
#include "net/poller.h"

#include <stdlib.h>

#if defined __linux__

#include <fcntl.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { BATCH = 64 };

struct dx_poller {
    int fd;
    int waker; /* an eventfd; -1: none yet */
};

struct dx_poller *dx_poller_new(void)
{
    struct dx_poller *p = malloc(sizeof *p);

    if (p == NULL)
        return NULL;
    p->fd = epoll_create1(EPOLL_CLOEXEC);
    if (p->fd < 0) {
        free(p);
        return NULL;
    }
    p->waker = -1;
    return p;
}

void dx_poller_free(struct dx_poller *p)
{
    if (p == NULL)
        return;
    if (p->waker >= 0)
        close(p->waker);
    close(p->fd);
    free(p);
}

int dx_poller_watch(struct dx_poller *p, int fd, int before, int what)
{
    struct epoll_event event = { 0 };

    if (what == before)
        return 0;
    event.data.fd = fd;
    event.events = (what & DX_READ ? EPOLLIN | EPOLLRDHUP : 0) | (what & DX_WRITE ? EPOLLOUT : 0);
    return epoll_ctl(p->fd, what == 0 ? EPOLL_CTL_DEL : before == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
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

struct dx_poller {
    struct pollfd *fds;
    int n, cap;
    int first; /* where the next look begins, so that each gets its turn */
};

struct dx_poller *dx_poller_new(void)
{
    return calloc(1, sizeof(struct dx_poller));
}

void dx_poller_free(struct dx_poller *p)
{
    if (p == NULL)
        return;
    free(p->fds);
    free(p);
}

void dx_poller_renew(struct dx_poller *p)
{
    p->n = 0;
}

int dx_poller_watch(struct dx_poller *p, int fd, int before, int what)
{
    int i;

    for (i = 0; i < p->n && p->fds[i].fd != fd; i++)
        ;
    if (what == 0) {
        if (i < p->n)
            p->fds[i] = p->fds[--p->n];
        return 0;
    }
    (void)before;
    if (i == p->cap) {
        int cap = p->cap ? p->cap * 2 : 16;
        struct pollfd *fds = realloc(p->fds, (size_t)cap * sizeof *fds);

        if (fds == NULL)
            return -1;
        p->fds = fds;
        p->cap = cap;
    }
    if (i == p->n)
        p->n++;
    p->fds[i].fd = fd;
    p->fds[i].events = (short)((what & DX_READ ? POLLIN : 0) | (what & DX_WRITE ? POLLOUT : 0));
    return 0;
}

int dx_poller_wait(struct dx_poller *p, struct dx_event *events, int max, int ms)
{
    int i, k, n = 0;

    if (poll(p->fds, (nfds_t)p->n, ms) <= 0)
        return 0;
    for (k = 0; k < p->n && n < max; k++) {
        int what;

        i = (p->first + k) % p->n;
        what = p->fds[i].revents;
        if (what == 0)
            continue;
        events[n].fd = p->fds[i].fd;
        events[n].what = (what & POLLIN ? DX_READ : 0) | (what & POLLOUT ? DX_WRITE : 0)
            | (what & (POLLERR | POLLHUP | POLLNVAL) ? DX_BROKEN : 0);
        n++;
    }
    p->first = p->n > 0 ? (p->first + k) % p->n : 0;
    return n;
}

int dx_poller_fd(struct dx_poller *p)
{
    (void)p;
    return -1;
}

void dx_poller_wakeup(struct dx_poller *p)
{
    (void)p;
}

#endif
