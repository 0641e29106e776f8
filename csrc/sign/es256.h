/* ECDSA on P-256 with SHA-256, as RFC 7518 calls ES256. */
#ifndef DX_ES256_H
#define DX_ES256_H

#include <stddef.h>

enum { DX_P256_SIZE = 32 };

/* Signs data with a private key in PEM or DER; writes r, then s. Returns NULL or what is wrong. */
const char *dx_es256_sign(const char *key, size_t key_len, const void *data, size_t len,
                          unsigned char signature[2 * DX_P256_SIZE]);

/* Writes the public key of a private one: x, then y. Returns NULL or what is wrong. */
const char *dx_es256_public(const char *key, size_t key_len, unsigned char point[2 * DX_P256_SIZE]);

#endif
