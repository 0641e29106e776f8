/*
 * Secrets in memory of their own: whole pages that the system is asked not to
 * swap out or dump, wiped before they are given back.
 */
#ifndef DX_SECRET_H
#define DX_SECRET_H

#include "base/file.h"

enum { DX_SECRET_MAX = 1024 * 1024 };

struct dx_secret {
    char *data;    /* NULL where it is closed */
    size_t len;
    size_t size;   /* of the pages */
};

/* Pages for at least `size` bytes; `len` is 0. Returns 0, or -1 where memory is short. Works where locking is not permitted. */
int dx_secret_open(struct dx_secret *s, size_t size);
void dx_secret_close(struct dx_secret *s);

/* The bytes, NULL where it is closed. */
const char *dx_secret_data(const struct dx_secret *s);
size_t dx_secret_len(const struct dx_secret *s);

/*
 * Reads a file straight into the secret, and drops one line end at its end.
 * Returns 0 and sets *others if group or others may read the file; or returns
 * an errno value: EFBIG beyond DX_SECRET_MAX, those of dx_file_next.
 */
int dx_secret_read(struct dx_secret *s, const char *path, struct dx_patience *patience, int *others);

/* n random bytes of the operating system's, as 2n hex digits. Returns 0 or an errno value. */
int dx_secret_random_hex(struct dx_secret *s, size_t n);

/* n random bytes of the operating system's. Returns 0 or an errno value. */
int dx_random(void *to, size_t n);

/* A random UUID, version 4. Returns 0 or an errno value. */
enum { DX_UUID_SIZE = 36 };
int dx_uuid(char text[DX_UUID_SIZE]);

/* As dx_uuid, mostly without a call of the system's: for what only tells calls apart, and buys nothing. */
int dx_quick_uuid(char text[DX_UUID_SIZE]);

#endif
