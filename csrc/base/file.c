/* Files replaced as a whole: see file.h. */
#define _XOPEN_SOURCE 700

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 + 16 };

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

/* The file that a path means, its links followed; of a file that is not there yet, the path itself. */
static int resolve(const char *path, char to[PATH_SIZE])
{
    char real[PATH_MAX + 1];
    const char *from = path;

    if (realpath(path, real) != NULL)
        from = real;
    else if (errno != ENOENT)
        return errno;
    if (strlen(from) + 8 > PATH_SIZE)
        return ENAMETOOLONG;
    strcpy(to, from);
    return 0;
}

/* The name's entry in its directory outlives a crash as well; where directories can't be synced, so be it. */
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

int dx_file_write(const char *path, const char *content, size_t len)
{
    char target[PATH_SIZE], temporary[PATH_SIZE];
    int fd, status = resolve(path, target);

    if (status != 0)
        return status;
    strcpy(temporary, target);
    strcat(temporary, ".XXXXXX");
    fd = mkstemp(temporary); /* mode 0600 */
    if (fd < 0)
        return errno;
    status = write_all(fd, content, len);
    if (close(fd) != 0 && status == 0)
        status = errno;
    if (status == 0 && rename(temporary, target) != 0)
        status = errno;
    if (status != 0)
        (void)unlink(temporary);
    else
        sync_directory(target);
    return status;
}
