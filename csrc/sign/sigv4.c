/* AWS Signature Version 4: see sigv4.h. */
#include "sign/sigv4.h"
#include "base/base64.h"

#include <string.h>

#include <openssl/crypto.h>

static const char ALGORITHM[] = "AWS4-HMAC-SHA256";
static const char REQUEST_TYPE[] = "aws4_request";

enum { KEY_MAX = 4096, TOKEN_MAX = 64 * 1024, NAME_MAX_SIZE = 256 };

/* ---- the signer */

static int has_control(struct dx_text t)
{
    size_t i;

    for (i = 0; i < t.len; i++)
        if ((unsigned char)t.data[i] < ' ' || t.data[i] == 0x7f)
            return 1;
    return 0;
}

static int is_scope_part(struct dx_text t)
{
    size_t i;

    for (i = 0; i < t.len; i++)
        if ((unsigned char)t.data[i] <= ' ' || t.data[i] == 0x7f || t.data[i] == '/' || t.data[i] == ',')
            return 0;
    return t.len > 0 && t.len <= NAME_MAX_SIZE;
}

static struct dx_text trimmed(struct dx_text t)
{
    while (t.len > 0 && t.data[0] == ' ') {
        t.data++;
        t.len--;
    }
    while (t.len > 0 && t.data[t.len - 1] == ' ')
        t.len--;
    return t;
}

static int starts_with(struct dx_text t, const char *start)
{
    size_t n = strlen(start);

    return t.len >= n && memcmp(t.data, start, n) == 0;
}

static const char *check_credentials(const struct dx_signer_credentials *k)
{
    if (k->key_id.len == 0 || k->key_id.len > KEY_MAX || has_control(k->key_id))
        return "the access key id is empty, too long or holds control characters";
    if (k->secret.len == 0 || k->secret.len > KEY_MAX)
        return "the secret access key is empty or too long";
    if (k->token.len > TOKEN_MAX || has_control(k->token))
        return "the session token is too long or holds control characters";
    if (!is_scope_part(k->region))
        return "the region is not a name";
    if (!is_scope_part(k->service))
        return "the service is not a name";
    return NULL;
}

const char *dx_signer_init(struct dx_signer *s, const struct dx_signer_credentials *credentials)
{
    const char *problem = check_credentials(credentials);
    struct dx_text token = trimmed(credentials->token);
    int status = 0;

    if (problem != NULL)
        return problem;
    dx_buf_init(&s->key_id, KEY_MAX);
    dx_buf_init(&s->secret, KEY_MAX + 4);
    dx_buf_init(&s->token, TOKEN_MAX);
    dx_buf_init(&s->scope, 4 * NAME_MAX_SIZE);
    s->region_len = credentials->region.len;
    s->service_len = credentials->service.len;
    s->plain_path = (credentials->service.len == 2 && starts_with(credentials->service, "s3")) || starts_with(credentials->service, "s3-");
    status |= dx_buf_add(&s->key_id, credentials->key_id.data, credentials->key_id.len);
    status |= dx_buf_adds(&s->secret, "AWS4");
    status |= dx_buf_add(&s->secret, credentials->secret.data, credentials->secret.len);
    status |= dx_buf_add(&s->token, token.data, token.len);
    status |= dx_buf_adds(&s->scope, "00000000/"); /* no day yet */
    status |= dx_buf_add(&s->scope, credentials->region.data, credentials->region.len);
    status |= dx_buf_addc(&s->scope, '/');
    status |= dx_buf_add(&s->scope, credentials->service.data, credentials->service.len);
    status |= dx_buf_addc(&s->scope, '/');
    status |= dx_buf_adds(&s->scope, REQUEST_TYPE);
    return status == 0 ? NULL : "not enough memory";
}

void dx_signer_free(struct dx_signer *s)
{
    dx_digests_close(&s->digests);
    dx_buf_free(&s->key_id);
    dx_buf_free(&s->secret);
    dx_buf_free(&s->token);
    dx_buf_free(&s->scope);
}

int dx_signer_is_open(const struct dx_signer *s)
{
    return s->scope.len > 0;
}

/* ---- the date */

static void two_digits(char *to, int n)
{
    to[0] = (char)('0' + n / 10);
    to[1] = (char)('0' + n % 10);
}

int dx_date(double epoch, char date[DX_DATE_SIZE])
{
    long long seconds, days;
    int era_day, era_year, year_day, month, year;

    if (!(epoch >= 0 && epoch < 253402300800.0))
        return -1;
    seconds = (long long)epoch;
    days = seconds / 86400 + 719468; /* since 0000-03-01 */
    seconds %= 86400;
    era_day = (int)(days % 146097);
    era_year = (era_day - era_day / 1460 + era_day / 36524 - era_day / 146096) / 365;
    year_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
    month = (5 * year_day + 2) / 153;
    year = era_year + (int)(days / 146097) * 400 + (month >= 10);
    two_digits(date, year / 100);
    two_digits(date + 2, year % 100);
    two_digits(date + 4, month < 10 ? month + 3 : month - 9);
    two_digits(date + 6, year_day - (153 * month + 2) / 5 + 1);
    date[8] = 'T';
    two_digits(date + 9, (int)(seconds / 3600));
    two_digits(date + 11, (int)(seconds / 60 % 60));
    two_digits(date + 13, (int)(seconds % 60));
    date[15] = 'Z';
    return 0;
}

/* ---- the stages */

static int add_header(struct dx_headers *f, const char *name, const char *value, size_t len)
{
    return dx_headers_add(f, name, strlen(name), value, len);
}

static int hash_hex(struct dx_signer *s, const void *data, size_t len, char hex[2 * DX_SHA256_SIZE])
{
    unsigned char hash[DX_SHA256_SIZE];

    if (dx_sha256(&s->digests, data, len, hash) != 0)
        return -1;
    dx_hex(hash, sizeof hash, hex);
    return 0;
}

int dx_sigv4_add_headers(struct dx_signer *s, struct dx_sigv4_request *r, struct dx_buf *scratch)
{
    char hex[2 * DX_SHA256_SIZE];
    int status = 0;

    if (dx_headers_find(r->headers, "host") == NULL) {
        dx_buf_reset(scratch);
        if (dx_url_host(scratch, r->url) != 0)
            return -1;
        status |= add_header(r->headers, "host", scratch->data, scratch->len);
    }
    status |= add_header(r->headers, "x-amz-date", r->date, DX_DATE_SIZE);
    if (s->token.len > 0)
        status |= add_header(r->headers, "x-amz-security-token", s->token.data, s->token.len);
    if (s->plain_path && dx_headers_find(r->headers, "x-amz-content-sha256") == NULL) {
        if (hash_hex(s, r->body, r->body_len, hex) != 0)
            return -1;
        status |= add_header(r->headers, "x-amz-content-sha256", hex, sizeof hex);
    }
    return status;
}

int dx_sigv4_canonical_request(struct dx_signer *s, struct dx_sigv4_request *r, struct dx_buf *out,
                               struct dx_buf *scratch)
{
    const struct dx_header *given = dx_headers_find(r->headers, "x-amz-content-sha256");
    char hex[2 * DX_SHA256_SIZE];
    size_t i;
    int status = 0;

    for (i = 0; i < r->method_len; i++)
        status |= dx_buf_addc(out, r->method[i] >= 'a' && r->method[i] <= 'z' ? (char)(r->method[i] - 32)
                                                                               : r->method[i]);
    status |= dx_buf_addc(out, '\n');
    status |= s->plain_path ? dx_url_plain_path(out, r->url) : dx_url_normal_path(out, r->url);
    status |= dx_buf_addc(out, '\n');
    status |= dx_url_canonical_query(out, r->url, scratch);
    status |= dx_buf_addc(out, '\n');
    if (given != NULL) {
        status |= dx_buf_reserve(scratch, given->value_len); /* sorting moves what `given` points to */
        if (status != 0)
            return -1;
        dx_buf_reset(scratch);
        dx_buf_add(scratch, r->headers->text.data + given->value, given->value_len);
    } else {
        dx_buf_reset(scratch);
        if (hash_hex(s, r->body, r->body_len, hex) != 0 || dx_buf_add(scratch, hex, sizeof hex) != 0)
            return -1;
    }
    dx_headers_sort(r->headers);
    status |= dx_headers_canonical(r->headers, out);
    status |= dx_buf_addc(out, '\n');
    status |= dx_headers_names(r->headers, out);
    status |= dx_buf_addc(out, '\n');
    return status | dx_buf_add(out, scratch->data, scratch->len);
}

/* Gives the HMAC context the signing key of a day, unless it has it. */
static int derive_key(struct dx_signer *s, const char *day)
{
    unsigned char key[DX_SHA256_SIZE];
    const char *region = s->scope.data + DX_DAY_SIZE + 1;
    const char *service = region + s->region_len + 1;
    struct dx_digests *d = &s->digests;
    int failed;

    if (memcmp(s->scope.data, day, DX_DAY_SIZE) == 0)
        return 0;
    memset(s->scope.data, '0', DX_DAY_SIZE); /* no day until the last step has succeeded */
    failed = dx_hmac_key(d, s->secret.data, s->secret.len) != 0 || dx_hmac(d, day, DX_DAY_SIZE, key) != 0 ||
             dx_hmac_key(d, key, sizeof key) != 0 || dx_hmac(d, region, s->region_len, key) != 0 ||
             dx_hmac_key(d, key, sizeof key) != 0 || dx_hmac(d, service, s->service_len, key) != 0 ||
             dx_hmac_key(d, key, sizeof key) != 0 || dx_hmac(d, REQUEST_TYPE, sizeof REQUEST_TYPE - 1, key) != 0 ||
             dx_hmac_key(d, key, sizeof key) != 0;
    OPENSSL_cleanse(key, sizeof key);
    if (failed)
        return -1;
    memcpy(s->scope.data, day, DX_DAY_SIZE);
    return 0;
}

int dx_sigv4_string_to_sign(struct dx_signer *s, const char date[DX_DATE_SIZE], const char *canonical, size_t len,
                            struct dx_buf *out)
{
    char hex[2 * DX_SHA256_SIZE];
    int status = 0;

    if (derive_key(s, date) != 0 || hash_hex(s, canonical, len, hex) != 0)
        return -1;
    status |= dx_buf_adds(out, ALGORITHM);
    status |= dx_buf_addc(out, '\n');
    status |= dx_buf_add(out, date, DX_DATE_SIZE);
    status |= dx_buf_addc(out, '\n');
    status |= dx_buf_add(out, s->scope.data, s->scope.len);
    status |= dx_buf_addc(out, '\n');
    return status | dx_buf_add(out, hex, sizeof hex);
}

int dx_sigv4_signature(struct dx_signer *s, const char *string_to_sign, size_t len, char hex[DX_SIGNATURE_SIZE])
{
    unsigned char mac[DX_SHA256_SIZE];

    if (dx_hmac(&s->digests, string_to_sign, len, mac) != 0)
        return -1;
    dx_hex(mac, sizeof mac, hex);
    return 0;
}

int dx_sigv4_authorization(struct dx_signer *s, const struct dx_headers *headers, const char *names,
                           const char signature[DX_SIGNATURE_SIZE], struct dx_buf *out)
{
    int status = 0;

    status |= dx_buf_adds(out, ALGORITHM);
    status |= dx_buf_adds(out, " Credential=");
    status |= dx_buf_add(out, s->key_id.data, s->key_id.len);
    status |= dx_buf_addc(out, '/');
    status |= dx_buf_add(out, s->scope.data, s->scope.len);
    status |= dx_buf_adds(out, ", SignedHeaders=");
    status |= names != NULL ? dx_buf_adds(out, names) : dx_headers_names(headers, out);
    status |= dx_buf_adds(out, ", Signature=");
    return status | dx_buf_add(out, signature, DX_SIGNATURE_SIZE);
}

int dx_sigv4_sign(struct dx_signer *s, struct dx_sigv4_request *r, struct dx_buf *out, struct dx_buf *work,
                  struct dx_buf *scratch)
{
    char signature[DX_SIGNATURE_SIZE];
    size_t canonical;

    dx_buf_reset(work);
    if (dx_sigv4_canonical_request(s, r, work, scratch) != 0)
        return -1;
    canonical = work->len;
    if (dx_sigv4_string_to_sign(s, r->date, work->data, canonical, work) != 0 ||
        dx_sigv4_signature(s, work->data + canonical, work->len - canonical, signature) != 0)
        return -1;
    return dx_sigv4_authorization(s, r->headers, NULL, signature, out);
}
