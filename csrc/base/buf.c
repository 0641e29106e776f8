/* Growing byte buffers: see buf.h. */
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

enum { FIRST_CAP = 256 };

void dx_wipe(void *p, size_t n)
{
#if defined __GNUC__
    memset(p, 0, n);
    __asm__ __volatile__("" : : "r"(p) : "memory"); /* keeps the compiler from removing the memset */
#else
    OPENSSL_cleanse(p, n);
#endif
}

void dx_buf_init(struct dx_buf *b, size_t max)
{
    memset(b, 0, sizeof *b);
    b->max = max;
}

int dx_buf_reserve(struct dx_buf *b, size_t extra)
{
    size_t need, cap;
    char *data;

    if (extra <= b->cap - b->len)
        return 0;
    if (extra > b->max - b->len) {
        b->failed = DX_BUF_FULL;
        return -1;
    }
    need = b->len + extra;
    cap = b->cap ? b->cap : need > FIRST_CAP ? need : FIRST_CAP; /* the first request is often the only one */
    while (cap < need)
        cap = cap > b->max / 4 ? b->max : cap * 2; /* the last growth early: it needs the old block, too */
    if (cap > b->max)
        cap = b->max;
    /* Not realloc: it would leave the bytes in the old block. */
    data = malloc(cap);
    if (data == NULL) {
        b->failed = DX_BUF_NOMEM;
        return -1;
    }
    if (b->data != NULL) {
        memcpy(data, b->data, b->len);
        dx_wipe(b->data, b->cap); /* bytes behind `len` may be secret, too */
        free(b->data);
    }
    b->data = data;
    b->cap = cap;
    return 0;
}

int dx_buf_add(struct dx_buf *b, const void *bytes, size_t n)
{
    if (n > b->cap - b->len && dx_buf_reserve(b, n) != 0)
        return -1;
    if (n > 0)
        memcpy(b->data + b->len, bytes, n);
    b->len += n;
    return 0;
}

int dx_buf_addc(struct dx_buf *b, char c)
{
    return dx_buf_add(b, &c, 1);
}

int dx_buf_adds(struct dx_buf *b, const char *text)
{
    return dx_buf_add(b, text, strlen(text));
}

char *dx_put_number(char *to, size_t n)
{
    char digits[24];
    int i = 0;

    do {
        digits[i++] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    while (i > 0)
        *to++ = digits[--i];
    return to;
}

void dx_buf_reset(struct dx_buf *b)
{
    b->len = 0;
    b->failed = 0;
}

void dx_buf_wipe(struct dx_buf *b)
{
    if (b->data != NULL)
        dx_wipe(b->data, b->cap);
    dx_buf_reset(b);
}

void dx_buf_free(struct dx_buf *b)
{
    dx_buf_wipe(b);
    free(b->data);
    b->data = NULL;
    b->cap = 0;
}
