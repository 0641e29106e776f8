/* Waiting for many descriptors: see poller.h. */
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
    int stirrer; /* an eventfd; -1: none yet */
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
    p->stirrer = -1;
    return p;
}

void dx_poller_free(struct dx_poller *p)
{
    if (p == NULL)
        return;
    if (p->stirrer >= 0)
        close(p->stirrer);
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
        uint64_t stirs;

        if (found[i].data.fd == p->stirrer) {
            while (read(p->stirrer, &stirs, sizeof stirs) > 0)
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

    if (p->stirrer >= 0)
        return p->fd;
    p->stirrer = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    event.data.fd = p->stirrer;
    event.events = EPOLLIN;
    if (p->stirrer >= 0 && epoll_ctl(p->fd, EPOLL_CTL_ADD, p->stirrer, &event) == 0)
        return p->fd;
    if (p->stirrer >= 0)
        close(p->stirrer);
    p->stirrer = -1;
    return -1;
}

void dx_poller_renew(struct dx_poller *p)
{
    int fd, is_stirred = p->stirrer >= 0;

    close(p->fd); /* first, so that there is one to be had */
    fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd >= 0 && fd != p->fd) {
        dup2(fd, p->fd);
        fcntl(p->fd, F_SETFD, FD_CLOEXEC);
        close(fd);
    }
    if (is_stirred) {
        close(p->stirrer);
        p->stirrer = -1;
        dx_poller_fd(p);
    }
}

void dx_poller_stir(struct dx_poller *p)
{
    uint64_t once = 1;

    if (p->stirrer >= 0 && write(p->stirrer, &once, sizeof once) < 0)
        return; /* it is readable already */
}

#else

#include <poll.h>

struct dx_poller {
    struct pollfd *fds;
    int n, cap;
    int first; /* to be looked at next: each has its turn, however few are asked for */
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

void dx_poller_stir(struct dx_poller *p)
{
    (void)p;
}

#endif
