/* Digests and HMAC: see digest.h. */
#include "sign/digest.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

/* Opens what is not open yet. Returns 0, or -1: no memory. */
static int open_digests(struct dx_digests *d)
{
    if (d->hmac != NULL)
        return 0;
    if (d->sha256 == NULL)
        d->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (d->md == NULL)
        d->md = EVP_MD_CTX_new();
    if (d->mac == NULL)
        d->mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    if (d->sha256 != NULL && d->md != NULL && d->mac != NULL)
        d->hmac = EVP_MAC_CTX_new(d->mac);
    if (d->hmac != NULL)
        return 0;
    ERR_clear_error();
    return -1;
}

void dx_digests_close(struct dx_digests *d)
{
    EVP_MAC_CTX_free(d->hmac);
    EVP_MAC_free(d->mac);
    EVP_MD_CTX_free(d->md);
    EVP_MD_free(d->sha256);
    memset(d, 0, sizeof *d);
}

static int failed(void)
{
    ERR_clear_error();
    return -1;
}

static int digest(EVP_MD_CTX *ctx, const EVP_MD *md, const void *data, size_t len, unsigned char *out)
{
    if (!EVP_DigestInit_ex2(ctx, md, NULL) || !EVP_DigestUpdate(ctx, data, len) ||
        !EVP_DigestFinal_ex(ctx, out, NULL))
        return failed();
    return 0;
}

int dx_sha256(struct dx_digests *d, const void *data, size_t len, unsigned char *out)
{
    if (open_digests(d) != 0)
        return -1;
    return digest(d->md, d->sha256, data, len, out);
}

int dx_sha1(struct dx_digests *d, const void *data, size_t len, unsigned char *out)
{
    EVP_MD *sha1;
    int status = -1;

    if (open_digests(d) != 0)
        return -1;
    sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
    if (sha1 != NULL)
        status = digest(d->md, sha1, data, len, out);
    EVP_MD_free(sha1);
    return status == 0 ? 0 : failed();
}

int dx_hmac_key(struct dx_digests *d, const void *key, size_t len)
{
    static char name[] = "SHA256";
    static const unsigned char none[1] = { 0 };
    OSSL_PARAM params[2];

    if (open_digests(d) != 0)
        return -1;
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
    params[1] = OSSL_PARAM_construct_end();
    if (!EVP_MAC_init(d->hmac, len > 0 ? key : none, len, params))
        return failed();
    return 0;
}

int dx_hmac(struct dx_digests *d, const void *data, size_t len, unsigned char *out)
{
    size_t n;

    if (d->hmac == NULL || !EVP_MAC_init(d->hmac, NULL, 0, NULL) || !EVP_MAC_update(d->hmac, data, len) ||
        !EVP_MAC_final(d->hmac, out, &n, DX_SHA256_SIZE))
        return failed();
    return 0;
}
