/*
 * AWS Signature Version 4, stage by stage: canonical request, string to sign,
 * signing key, signature.
 *
 * A signer holds credentials for one region and service, and an HMAC context
 * with the signing key of the latest day. It reads no clock.
 */
#ifndef DX_SIGV4_H
#define DX_SIGV4_H

#include "base/buf.h"
#include "sign/canonical_headers.h"
#include "sign/digest.h"
#include "base/url.h"

enum {
    DX_DATE_SIZE = 16,     /* "20150830T123600Z" */
    DX_DAY_SIZE = 8,       /* "20150830" */
    DX_SIGNATURE_SIZE = 64 /* in hex */
};

struct dx_signer {
    struct dx_digests digests;
    struct dx_buf key_id;
    struct dx_buf secret;          /* "AWS4" and the secret key */
    struct dx_buf token;           /* empty where there is none */
    struct dx_buf scope;           /* "20150830/us-east-1/service/aws4_request"; the day is that of the key in `digests` */
    size_t region_len, service_len;
    int plain_path;                /* S3: sign the path as it is */
};

/* Expects a zeroed signer. Returns NULL or what is wrong; dx_signer_free is due in any case. */
struct dx_text {
    const char *data;
    size_t len;
};
struct dx_signer_credentials {
    struct dx_text key_id, secret, token, region, service;
};
const char *dx_signer_init(struct dx_signer *s, const struct dx_signer_credentials *credentials);

/* Wipes the keys. A freed signer can't sign. */
void dx_signer_free(struct dx_signer *s);
int dx_signer_is_open(const struct dx_signer *s);

/* Writes the UTC date and time of Unix seconds. Returns 0, or -1 outside of the years 1970 to 9999. */
int dx_date(double epoch, char date[DX_DATE_SIZE]);

struct dx_sigv4_request {
    const char *method;
    size_t method_len;
    const struct dx_url *url;
    struct dx_headers *headers;      /* the headers to sign; the date's and the token's among them */
    const void *body;
    size_t body_len;
    char date[DX_DATE_SIZE];
};

/*
 * Adds the headers of every signature: host (unless given), x-amz-date,
 * x-amz-security-token if there is a token, and those of S3. Uses `scratch`.
 * Returns 0, or -1: no memory.
 */
int dx_sigv4_add_headers(struct dx_signer *s, struct dx_sigv4_request *r, struct dx_buf *scratch);

/* Sorts the headers and appends the canonical request. Uses `scratch`. */
int dx_sigv4_canonical_request(struct dx_signer *s, struct dx_sigv4_request *r, struct dx_buf *out,
                               struct dx_buf *scratch);

/* Appends the string to sign; derives the signing key of a new day. */
int dx_sigv4_string_to_sign(struct dx_signer *s, const char date[DX_DATE_SIZE], const char *canonical, size_t len,
                            struct dx_buf *out);

/* The signature of a string to sign with the key of its day. */
int dx_sigv4_signature(struct dx_signer *s, const char *string_to_sign, size_t len, char hex[DX_SIGNATURE_SIZE]);

/* Appends the Authorization header's value. `names` are the signed headers'; NULL: those of `headers`. */
int dx_sigv4_authorization(struct dx_signer *s, const struct dx_headers *headers, const char *names,
                           const char signature[DX_SIGNATURE_SIZE], struct dx_buf *out);

/* All stages: appends the Authorization header's value. Expects dx_sigv4_add_headers to have been called. */
int dx_sigv4_sign(struct dx_signer *s, struct dx_sigv4_request *r, struct dx_buf *out, struct dx_buf *work,
                  struct dx_buf *scratch);

#endif
