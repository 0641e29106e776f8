/* Waiting for many descriptors: see poller.h. */
#include "poller.h"

#include <stdlib.h>

#if defined __linux__

#include <sys/epoll.h>
#include <unistd.h>

enum { BATCH = 64 };

struct dx_poller {
    int fd;
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
    return p;
}

void dx_poller_free(struct dx_poller *p)
{
    if (p == NULL)
        return;
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
    int i, n = epoll_wait(p->fd, found, max < BATCH ? max : BATCH, ms);

    for (i = 0; i < n; i++) {
        unsigned what = found[i].events;

        events[i].fd = found[i].data.fd;
        events[i].what = (what & (EPOLLIN | EPOLLRDHUP) ? DX_READ : 0) | (what & EPOLLOUT ? DX_WRITE : 0)
            | (what & (EPOLLERR | EPOLLHUP) ? DX_BROKEN : 0);
    }
    return n < 0 ? 0 : n;
}

int dx_poller_fd(const struct dx_poller *p)
{
    return p->fd;
}

#else

#include <poll.h>

struct dx_poller {
    struct pollfd *fds;
    int n, cap;
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
    int i, n = 0;

    if (poll(p->fds, (nfds_t)p->n, ms) <= 0)
        return 0;
    for (i = 0; i < p->n && n < max; i++) {
        int what = p->fds[i].revents;

        if (what == 0)
            continue;
        events[n].fd = p->fds[i].fd;
        events[n].what = (what & POLLIN ? DX_READ : 0) | (what & POLLOUT ? DX_WRITE : 0)
            | (what & (POLLERR | POLLHUP | POLLNVAL) ? DX_BROKEN : 0);
        n++;
    }
    return n;
}

int dx_poller_fd(const struct dx_poller *p)
{
    (void)p;
    return -1;
}

#endif
