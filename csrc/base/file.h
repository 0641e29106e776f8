/*
 * Files: read within a limit and a deadline, and written so that readers see
 * the old content or the new, never a part.
 */
#ifndef DX_FILE_H
#define DX_FILE_H

#include "base/buf.h"

enum { DX_FILE_MAX = 16 * 1024 * 1024 };

/* How long a reader waits for a pipe or device that has no data yet. */
struct dx_patience {
    double seconds;                   /* from now; less than 0: forever */
    int (*is_interrupted)(void *);    /* asked now and then while waiting; may be NULL */
    void *context;
};

/*
 * Opens a file for dx_file_next. Does not block, not even on a FIFO without a
 * writer. Returns 0 and sets *fd, or returns an errno value.
 */
int dx_file_open(const char *path, int *fd);

/*
 * Reads up to n bytes, and sets *got: 0 at the end of the file. Uses up the
 * patience given. Returns 0 or an errno value: ETIMEDOUT, EINTR where the wait
 * was interrupted.
 */
int dx_file_next(int fd, void *to, size_t n, struct dx_patience *patience, size_t *got);

/* Appends a whole file to `out`. Returns 0 or an errno value: EFBIG where it does not fit. */
int dx_file_read(const char *path, struct dx_buf *out, struct dx_patience *patience);

/* What to do where the path that is written to is there already. */
enum dx_file_mode {
    DX_FILE_UPDATE,  /* replace the file; a symbolic link stays, the file it points to is replaced */
    DX_FILE_REPLACE, /* replace the file, or the symbolic link itself */
    DX_FILE_NEW      /* fail with EEXIST, also where it is a dangling link */
};

/*
 * Writes content to a temporary file in the same directory, which only its
 * owner can read, and renames it to `path`: at any moment the file is whole,
 * the old one or the new, or not there. Returns 0 or an errno value: ENOTSUP
 * where a device, a FIFO or a socket is there, which stays as it is. No
 * temporary file is left behind, unless the process is killed.
 */
int dx_file_write(const char *path, const char *content, size_t len, enum dx_file_mode mode);

#endif
