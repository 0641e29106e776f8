/* ECDSA on P-256: see es256.h. */
#include "sign/es256.h"

#include <limits.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

static const char NO_KEY[] = "the key is not a private key of the curve P-256";

/* Never asks the terminal for a password. */
static int no_password(char *to, int size, int for_writing, void *context)
{
    (void)to;
    (void)size;
    (void)for_writing;
    (void)context;
    return 0;
}

static int is_p256(EVP_PKEY *key)
{
    char group[64];

    return EVP_PKEY_is_a(key, "EC") &&
           EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, NULL) &&
           strcmp(group, "prime256v1") == 0;
}

static EVP_PKEY *read_key(const char *text, size_t len)
{
    EVP_PKEY *key = NULL;
    const unsigned char *der = (const unsigned char *)text;
    BIO *bio;

    if (len == 0 || len > INT_MAX)
        return NULL;
    if (text[0] == 0x30) {
        key = d2i_AutoPrivateKey(NULL, &der, (long)len);
    } else {
        bio = BIO_new_mem_buf(text, (int)len);
        if (bio != NULL)
            key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
        BIO_free(bio);
    }
    if (key != NULL && !is_p256(key)) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return key;
}

/* Parses a signature in DER, of at most 72 bytes. */
static int split_signature(const unsigned char *der, size_t len, unsigned char *to)
{
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
    int ok = sig != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), to, DX_P256_SIZE) == DX_P256_SIZE &&
             BN_bn2binpad(ECDSA_SIG_get0_s(sig), to + DX_P256_SIZE, DX_P256_SIZE) == DX_P256_SIZE;

    ECDSA_SIG_free(sig);
    return ok;
}

const char *dx_es256_sign(const char *key, size_t key_len, const void *data, size_t len,
                          unsigned char signature[2 * DX_P256_SIZE])
{
    EVP_PKEY *pkey = read_key(key, key_len);
    EVP_MD_CTX *ctx = NULL;
    unsigned char der[128];
    size_t der_len = sizeof der;
    const char *problem = NO_KEY;

    if (pkey != NULL) {
        problem = "the key can't sign";
        ctx = EVP_MD_CTX_new();
        if (ctx != NULL && EVP_DigestSignInit_ex(ctx, NULL, "SHA256", NULL, NULL, pkey, NULL) &&
            EVP_DigestSign(ctx, der, &der_len, data, len) && split_signature(der, der_len, signature))
            problem = NULL;
    }
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    if (problem != NULL)
        ERR_clear_error();
    return problem;
}

const char *dx_es256_public(const char *key, size_t key_len, unsigned char point[2 * DX_P256_SIZE])
{
    EVP_PKEY *pkey = read_key(key, key_len);
    BIGNUM *x = NULL, *y = NULL;
    const char *problem = NO_KEY;

    if (pkey != NULL && EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_EC_PUB_X, &x) &&
        EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, &y) &&
        BN_bn2binpad(x, point, DX_P256_SIZE) == DX_P256_SIZE &&
        BN_bn2binpad(y, point + DX_P256_SIZE, DX_P256_SIZE) == DX_P256_SIZE)
        problem = NULL;
    BN_free(x);
    BN_free(y);
    EVP_PKEY_free(pkey);
    if (problem != NULL)
        ERR_clear_error();
    return problem;
}
