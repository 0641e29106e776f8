/*
 * Growing byte buffers with a cap.
 *
 * A buffer owns one block of memory and never grows past `max`. An append that
 * fails leaves the content as it was, sets `failed` and returns -1; a series of
 * appends can be checked once at its end. A block is overwritten before it is
 * released.
 */
#ifndef DX_BUF_H
#define DX_BUF_H

#include <stddef.h>
#include <string.h>

struct dx_buf {
    char *data;   /* the block; NULL until the first append */
    size_t len;   /* bytes in use */
    size_t cap;   /* bytes allocated */
    size_t max;   /* bytes it may ever hold */
    int failed;   /* 0, or why an append failed: DX_BUF_NOMEM, DX_BUF_FULL */
};

enum { DX_BUF_NOMEM = 1, DX_BUF_FULL = 2 };

/* Overwrites memory before it is released: a memset that the compiler keeps. Faster than OPENSSL_cleanse. */
void dx_wipe(void *p, size_t n);

void dx_buf_init(struct dx_buf *b, size_t max);

/* Room for `extra` more bytes. Returns 0, or -1 with `failed` set. */
int dx_buf_reserve(struct dx_buf *b, size_t extra);

int dx_buf_add(struct dx_buf *b, const void *bytes, size_t n);
int dx_buf_addc(struct dx_buf *b, char c);
int dx_buf_adds(struct dx_buf *b, const char *text); /* a C string, without its NUL */

/* Write a text, or a number in decimal, to memory that has room for it. Return the end. */
static inline char *dx_put(char *to, const char *text, size_t len)
{
    if (len > 0)
        memcpy(to, text, len);
    return to + len;
}

char *dx_put_number(char *to, size_t n);

#define DX_PUT(to, literal) dx_put((to), (literal), sizeof(literal) - 1)

/* Empties the buffer and clears `failed`; keeps the block as it is. */
void dx_buf_reset(struct dx_buf *b);

/* As dx_buf_reset, and overwrites the whole block. */
void dx_buf_wipe(struct dx_buf *b);

/* Wipes and releases the block; the buffer can be used again. */
void dx_buf_free(struct dx_buf *b);

#endif
