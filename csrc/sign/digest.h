/*
 * Digests and HMAC by OpenSSL.
 *
 * Algorithms are fetched once, at first use, and the contexts are reused: a
 * fetch costs more than hashing a request.
 */
#ifndef DX_DIGEST_H
#define DX_DIGEST_H

#include <stddef.h>

enum { DX_SHA256_SIZE = 32, DX_SHA1_SIZE = 20 };

struct dx_digests {
    struct evp_md_st *sha256;
    struct evp_md_ctx_st *md;
    struct evp_mac_st *mac;
    struct evp_mac_ctx_st *hmac; /* keeps its key */
};

/* A zeroed struct is closed. */
void dx_digests_close(struct dx_digests *d);

/* Open what they need. Return 0, or -1: no memory. */
int dx_sha256(struct dx_digests *d, const void *data, size_t len, unsigned char *out);
int dx_sha1(struct dx_digests *d, const void *data, size_t len, unsigned char *out);

/* HMAC-SHA256 in two steps: one key serves any number of messages. */
int dx_hmac_key(struct dx_digests *d, const void *key, size_t len);
int dx_hmac(struct dx_digests *d, const void *data, size_t len, unsigned char *out);

#endif
