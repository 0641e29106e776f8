/* Secrets in memory of their own: see secret.h. */
#include "base/secret.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined __APPLE__
#include <sys/random.h>
#endif

#include <openssl/crypto.h>

#include "base/forks.h"
#include "base/base64.h"

int dx_secret_open(struct dx_secret *s, size_t size)
{
    long page = sysconf(_SC_PAGESIZE);
    size_t unit = page > 0 ? (size_t)page : 4096;
    void *data;

    memset(s, 0, sizeof *s);
    size = (size / unit + 1) * unit;
    data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED)
        return -1;
    /* Either may fail: a limit on locked memory must not stop the program. */
    (void)mlock(data, size);
#if defined MADV_DONTDUMP
    (void)madvise(data, size, MADV_DONTDUMP);
#endif
    s->data = data;
    s->size = size;
    return 0;
}

void dx_secret_close(struct dx_secret *s)
{
    if (s->data != NULL) {
        OPENSSL_cleanse(s->data, s->size);
        (void)munlock(s->data, s->size);
        (void)munmap(s->data, s->size);
    }
    memset(s, 0, sizeof *s);
}

const char *dx_secret_data(const struct dx_secret *s)
{
    return s->data;
}

size_t dx_secret_len(const struct dx_secret *s)
{
    return s->len;
}

/* ---- from a file */

static int grow(struct dx_secret *s)
{
    struct dx_secret larger;

    if (dx_secret_open(&larger, s->size * 2) != 0)
        return ENOMEM;
    memcpy(larger.data, s->data, s->len);
    larger.len = s->len;
    dx_secret_close(s);
    *s = larger;
    return 0;
}

static int read_all(struct dx_secret *s, int fd, struct dx_patience *patience)
{
    size_t got;
    int status;

    for (;;) {
        if (s->len == s->size) {
            if (s->len > DX_SECRET_MAX)
                return EFBIG;
            status = grow(s);
            if (status != 0)
                return status;
        }
        status = dx_file_next(fd, s->data + s->len, s->size - s->len, patience, &got);
        if (status != 0 || got == 0)
            return status;
        s->len += got;
    }
}

static void drop_line_end(struct dx_secret *s)
{
    if (s->len > 0 && s->data[s->len - 1] == '\n') {
        s->data[--s->len] = '\0';
        if (s->len > 0 && s->data[s->len - 1] == '\r')
            s->data[--s->len] = '\0';
    }
}

int dx_secret_read(struct dx_secret *s, const char *path, struct dx_patience *patience, int *others)
{
    struct stat info;
    int fd, status = dx_file_open(path, &fd);

    if (status != 0)
        return status;
    status = fstat(fd, &info) == 0 ? 0 : errno;
    if (status == 0 && dx_secret_open(s, 1) != 0)
        status = ENOMEM;
    if (status == 0)
        status = read_all(s, fd, patience);
    if (status == 0 && s->len > DX_SECRET_MAX)
        status = EFBIG;
    (void)close(fd);
    if (status != 0) {
        dx_secret_close(s);
        return status;
    }
    drop_line_end(s);
    *others = S_ISREG(info.st_mode) && (info.st_mode & (S_IRGRP | S_IROTH)) != 0;
    return 0;
}

/* ---- random */

int dx_random(void *to, size_t n)
{
    char *at = to;
    size_t part;

    for (; n > 0; n -= part, at += part) {
        part = n < 256 ? n : 256;
        if (getentropy(at, part) != 0)
            return errno;
    }
    return 0;
}

/* Random bytes drawn ahead, per thread: one system call serves many small draws. */
static __thread struct {
    unsigned char bytes[256];
    size_t left;
    unsigned forks; /* of the process that drew them: a child must not use its parent's */
} ahead;

/* As dx_random, for a few bytes that need not be secret. */
static int random_ahead(void *to, size_t n)
{
    int status;

    if (dx_forks_watch() != 0)
        return dx_random(to, n);
    if (ahead.left < n || ahead.forks != dx_forks()) {
        ahead.left = 0;
        status = dx_random(ahead.bytes, sizeof ahead.bytes);
        if (status != 0)
            return status;
        ahead.left = sizeof ahead.bytes;
        ahead.forks = dx_forks();
    }
    ahead.left -= n;
    memcpy(to, ahead.bytes + ahead.left, n);
    return 0;
}

static void write_uuid(unsigned char bytes[16], char text[DX_UUID_SIZE])
{
    char hex[32];

    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    dx_hex(bytes, 16, hex);
    memcpy(text, hex, 8);
    memcpy(text + 9, hex + 8, 4);
    memcpy(text + 14, hex + 12, 4);
    memcpy(text + 19, hex + 16, 4);
    memcpy(text + 24, hex + 20, 12);
    text[8] = text[13] = text[18] = text[23] = '-';
}

int dx_uuid(char text[DX_UUID_SIZE])
{
    unsigned char bytes[16];
    int status = dx_random(bytes, sizeof bytes);

    if (status == 0)
        write_uuid(bytes, text);
    return status;
}

int dx_quick_uuid(char text[DX_UUID_SIZE])
{
    unsigned char bytes[16];
    int status = random_ahead(bytes, sizeof bytes);

    if (status == 0)
        write_uuid(bytes, text);
    return status;
}

int dx_secret_random_hex(struct dx_secret *s, size_t n)
{
    size_t i;
    int status;
    unsigned char byte;

    if (dx_secret_open(s, 2 * n) != 0)
        return ENOMEM;
    /* The bytes go into the upper half; the digits overwrite them from below. */
    status = dx_random(s->data + n, n);
    if (status != 0) {
        dx_secret_close(s);
        return status;
    }
    for (i = 0; i < n; i++) {
        byte = (unsigned char)s->data[n + i];
        dx_hex(&byte, 1, s->data + 2 * i);
    }
    OPENSSL_cleanse(&byte, 1);
    s->len = 2 * n;
    return 0;
}
