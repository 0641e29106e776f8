/*
 * Secrets in pages of their own, which are locked, kept out of core dumps, and
 * wiped before they are unmapped.
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

/* Maps pages for at least `size` bytes; `len` is 0. Returns 0, or -1: no memory. Locking may fail unnoticed. */
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

/* n random bytes from the system, as 2n hex digits. Returns 0 or an errno value. */
int dx_secret_random_hex(struct dx_secret *s, size_t n);

/* n random bytes from the system. Returns 0 or an errno value. */
int dx_random(void *to, size_t n);

/* A random UUID, version 4. Returns 0 or an errno value. */
enum { DX_UUID_SIZE = 36 };
int dx_uuid(char text[DX_UUID_SIZE]);

/* As dx_uuid, mostly without a system call: for ids that need not be secret. */
int dx_quick_uuid(char text[DX_UUID_SIZE]);

#endif
