/* Files: see file.h. */
#ifdef __linux__
#define _GNU_SOURCE 1 /* renameat2 */
#endif
#define _XOPEN_SOURCE 700

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    PATH_SIZE = 4096 + 16,
    POLL_MS = 100,          /* between two looks whether the wait was interrupted */
    CHUNK = 64 * 1024
};

/* ---- reading */

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int dx_file_open(const char *path, int *fd)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    return *fd < 0 ? errno : 0;
}

/* Waits until there is something to read, or the end. A FIFO that nobody has written to yet has neither. */
static int await_input(int fd, struct dx_patience *patience)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    double start = now();
    int n, status;

    for (;;) {
        double left = patience->seconds < 0 ? 1 : patience->seconds - (now() - start);

        n = poll(&p, 1, left <= 0 ? 0 : left * 1000 < POLL_MS ? (int)(left * 1000) + 1 : POLL_MS);
        status = n < 0 ? errno : 0;
        if (n > 0 || (n < 0 && status != EINTR))
            break;
        status = ETIMEDOUT;
        if (n == 0 && left <= 0)
            break;
        status = EINTR;
        if (patience->is_interrupted != NULL && patience->is_interrupted(patience->context))
            break;
    }
    if (patience->seconds >= 0)
        patience->seconds -= now() - start;
    return n > 0 ? 0 : status;
}

int dx_file_next(int fd, void *to, size_t n, struct dx_patience *patience, size_t *got)
{
    ssize_t count;
    int status;

    *got = 0;
    for (;;) {
        status = await_input(fd, patience);
        if (status != 0)
            return status;
        count = read(fd, to, n);
        if (count >= 0)
            break;
        if (errno != EINTR && errno != EAGAIN)
            return errno;
    }
    *got = (size_t)count;
    return 0;
}

static int read_all(int fd, struct dx_buf *out, struct dx_patience *patience)
{
    size_t got;
    int status;

    for (;;) {
        size_t room = out->max - out->len;

        if (room == 0)
            return EFBIG;
        if (room > CHUNK)
            room = CHUNK;
        if (dx_buf_reserve(out, room) != 0)
            return ENOMEM;
        status = dx_file_next(fd, out->data + out->len, room, patience, &got);
        if (status != 0 || got == 0)
            return status;
        out->len += got;
    }
}

int dx_file_read(const char *path, struct dx_buf *out, struct dx_patience *patience)
{
    int fd, status = dx_file_open(path, &fd);

    if (status != 0)
        return status;
    status = read_all(fd, out, patience);
    (void)close(fd);
    return status;
}

/* ---- writing */

static int write_all(int fd, const char *at, size_t len)
{
    ssize_t n;

    while (len > 0) {
        n = write(fd, at, len);
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        }
    }
    return fsync(fd) == 0 ? 0 : errno;
}

/* Follows symbolic links, if asked to. A path that does not exist yet stays as it is. */
static int resolve(const char *path, char to[PATH_SIZE], int follows)
{
    char real[PATH_MAX + 1];
    const char *from = path;

    if (follows && realpath(path, real) != NULL)
        from = real;
    else if (follows && errno != ENOENT)
        return errno;
    if (strlen(from) + 16 > PATH_SIZE)
        return ENAMETOOLONG;
    strcpy(to, from);
    return 0;
}

/* Makes the new directory entry survive a crash. Some file systems can't sync directories: that is no error. */
static void sync_directory(char *path)
{
    char *slash = strrchr(path, '/');
    int fd;

    if (slash == path)
        slash[1] = '\0';
    else if (slash != NULL)
        *slash = '\0';
    fd = open(slash != NULL ? path : ".", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

/*
 * Gives a file a name that is free. Where the file system can't rename without
 * replacing, by a second link.
 */
static int rename_new(const char *from, const char *to)
{
#ifdef RENAME_NOREPLACE
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
#endif
    if (link(from, to) != 0)
        return errno;
    (void)unlink(from);
    return 0;
}

/* Puts a template for mkstemp into `to`: a short name in the directory of `path`. */
static void name_temporary(const char *path, char to[PATH_SIZE])
{
    const char *slash = strrchr(path, '/');
    size_t len = slash != NULL ? (size_t)(slash - path) + 1 : 0;

    memcpy(to, path, len);
    strcpy(to + len, ".dx-XXXXXX");
}

/* A rename would put a file in the place of a device, a FIFO or a socket, for every other program too. */
static int is_special(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISLNK(info.st_mode) && !S_ISDIR(info.st_mode);
}

int dx_file_write(const char *path, const char *content, size_t len, enum dx_file_mode mode)
{
    char target[PATH_SIZE], temporary[PATH_SIZE];
    int fd, status = resolve(path, target, mode == DX_FILE_UPDATE);

    if (status != 0)
        return status;
    if (mode != DX_FILE_NEW && is_special(target))
        return ENOTSUP;
    name_temporary(target, temporary);
    fd = mkstemp(temporary); /* mode 0600 */
    if (fd < 0)
        return errno;
    status = write_all(fd, content, len);
    if (close(fd) != 0 && status == 0)
        status = errno;
    if (status == 0 && mode == DX_FILE_NEW)
        status = rename_new(temporary, target);
    else if (status == 0 && rename(temporary, target) != 0)
        status = errno;
    if (status != 0)
        (void)unlink(temporary);
    else
        sync_directory(target);
    return status;
}
