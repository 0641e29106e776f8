/*
 * Digests and HMAC, all of it OpenSSL's.
 *
 * What OpenSSL looks up by name is looked up once, at first use, and the
 * contexts are used again from call to call: a lookup costs more than hashing
 * a request.
 */
#ifndef DX_SHA256_H
#define DX_SHA256_H

#include <stddef.h>

enum { DX_SHA256_SIZE = 32, DX_SHA1_SIZE = 20 };

struct dx_digests {
    struct evp_md_st *sha256;
    struct evp_md_ctx_st *md;
    struct evp_mac_st *mac;
    struct evp_mac_ctx_st *hmac; /* keeps the key it was last given */
};

/* A zeroed struct is a closed one. */
void dx_digests_close(struct dx_digests *d);

/* These open what they need; they return 0, or -1 where memory is short. */
int dx_sha256(struct dx_digests *d, const void *data, size_t len, unsigned char *out);
int dx_sha1(struct dx_digests *d, const void *data, size_t len, unsigned char *out);

/* HMAC-SHA256 in two steps: the key stays until the next one, for any number of messages. */
int dx_hmac_key(struct dx_digests *d, const void *key, size_t len);
int dx_hmac(struct dx_digests *d, const void *data, size_t len, unsigned char *out);

/* Lower-case hex, 2 * len characters, no NUL. */
void dx_hex(const unsigned char *bytes, size_t len, char *out);

#endif
