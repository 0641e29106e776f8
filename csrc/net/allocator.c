/* libcurl's memory: see allocator.h. */
#define _GNU_SOURCE /* dladdr */
#include "net/allocator.h"

#include "base/buf.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#if defined __APPLE__
#include <malloc/malloc.h>
#define block_size(p) malloc_size(p)
#else
#include <malloc.h>
#define block_size(p) malloc_usable_size(p)
#endif

#include <curl/curl.h>

enum { ROUNDING = 8192 }; /* what an allocator may add to a block */

/* Whether a block is a receive buffer, by its size, which no other block of libcurl's has: nothing that we send was ever
 * in it, and hardly any of its pages were ever touched, as overwriting would. */
static int is_receive_buffer(size_t size)
{
    return size > DX_RECEIVE && size < DX_RECEIVE + ROUNDING;
}

static void wiping_free(void *p)
{
    size_t size;

    if (p == NULL)
        return;
    size = block_size(p);
    if (!is_receive_buffer(size))
        dx_wipe(p, size);
    free(p);
}

/* Not realloc: a block that moves would leave its bytes behind. */
static void *wiping_realloc(void *p, size_t n)
{
    size_t had;
    void *q;

    if (p == NULL)
        return malloc(n);
    had = block_size(p);
    if (n <= had && n >= had / 2)
        return p;
    q = malloc(n);
    if (q == NULL)
        return NULL;
    memcpy(q, p, n < had ? n : had);
    wiping_free(p);
    return q;
}

/* libcurl keeps pointers into this object for as long as the process lives, whatever Lua unloads. */
static int stay_loaded(void)
{
    static const char here = 0;
    Dl_info info;

    if (dladdr(&here, &info) == 0 || info.dli_fname == NULL)
        return -1;
    return dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE) == NULL ? -1 : 0;
}

int dx_curl_init(void)
{
    static int done; /* once a process: libcurl's own state is global too */

    if (done)
        return 0;
    if (stay_loaded() != 0)
        return -1;
    if (curl_global_init_mem(CURL_GLOBAL_ALL, malloc, wiping_free, wiping_realloc, strdup, calloc) != CURLE_OK)
        return -1;
    done = 1;
    return 0;
}
