/* Trust and proxy of a client: see settings.h. */
#include "net/settings.h"

#include "base/base64.h"
#include "base/exchange.h"
#include "base/file.h"
#include "base/url.h"

#include <ctype.h>
#include <dirent.h>
#include <string.h>

static const char no_memory[] = "not enough memory";

/* Sets an option that libcurl copies. Returns -1 for lack of memory: without it a request would take another way. An
 * option that this libcurl does not know is passed over. */
static int set_text(CURL *easy, CURLoption option, const char *text)
{
    return curl_easy_setopt(easy, option, text) == CURLE_OUT_OF_MEMORY ? -1 : 0;
}

/* Sets an option to bytes that outlive the handle. Returns as set_text. */
static int set_blob(CURL *easy, CURLoption option, struct dx_buf *bytes)
{
    struct curl_blob blob;

    blob.data = bytes->data;
    blob.len = bytes->len;
    blob.flags = CURL_BLOB_NOCOPY;
    return curl_easy_setopt(easy, option, &blob) == CURLE_OUT_OF_MEMORY ? -1 : 0;
}

/* ---- trust */

/* True for a name that OpenSSL looks for in a directory: a hash of eight digits, a dot, a number. */
static int is_hashed_name(const char *name)
{
    int i;

    for (i = 0; i < 8; i++)
        if (!isxdigit((unsigned char)name[i]))
            return 0;
    return name[8] == '.' && isdigit((unsigned char)name[9]);
}

/* The system's directory of certificates, if OpenSSL can look things up in it. Reading one file costs less than
 * reading a bundle of them all. */
static const char *trust_directory(void)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    const struct dirent *entry;
    int found = 0;
    DIR *dir;

    if (info->age < CURLVERSION_SEVENTH || info->capath == NULL)
        return NULL;
    dir = opendir(info->capath);
    if (dir == NULL)
        return NULL;
    while (!found && (entry = readdir(dir)) != NULL)
        found = is_hashed_name(entry->d_name);
    closedir(dir);
    return found ? info->capath : NULL;
}

static int is_https(const char *url)
{
    return strncmp(url, "https:", 6) == 0;
}

static int apply_trust(struct dx_settings *s, CURL *easy, const char *origin)
{
    int status = 0;

    if (!is_https(origin) && (s->proxy.len == 0 || !is_https(s->proxy.data)))
        return 0;
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    if (s->ca_bundle.len == 0 && !s->has_looked) {
        s->ca_directory = trust_directory();
        s->has_looked = 1;
    }
    if (s->ca_text.len > 0)
        return set_blob(easy, CURLOPT_CAINFO_BLOB, &s->ca_text) | set_blob(easy, CURLOPT_PROXY_CAINFO_BLOB, &s->ca_text);
    if (s->ca_bundle.len == 0 && s->ca_directory == NULL)
        return 0; /* as libcurl was built */
    status |= set_text(easy, CURLOPT_CAINFO, s->ca_bundle.data);
    status |= set_text(easy, CURLOPT_CAPATH, s->ca_directory);
    status |= set_text(easy, CURLOPT_PROXY_CAINFO, s->ca_bundle.data);
    status |= set_text(easy, CURLOPT_PROXY_CAPATH, s->ca_directory);
    return status;
}

/* ---- the proxy */

static char *put_decoded(char *to, const char *at, const char *end)
{
    for (; at < end; at++) {
        int high = end - at > 2 && *at == '%' ? dx_hex_value(at[1]) : -1, low = high >= 0 ? dx_hex_value(at[2]) : -1;

        *to++ = low >= 0 ? (char)(high * 16 + low) : *at;
        at += low >= 0 ? 2 : 0;
    }
    return to;
}

/* Writes the header line that tells user and password to a proxy that reads the requests. */
static int write_proxy_line(struct dx_settings *s, const struct dx_url *u)
{
    const char *end = u->userinfo + u->userinfo_len;
    struct dx_buf text;
    int status;

    dx_buf_init(&text, DX_HEAD_MAX);
    status = dx_buf_reserve(&text, u->userinfo_len + 1);
    if (status == 0) {
        text.len = (size_t)(put_decoded(text.data, u->userinfo, end) - text.data);
        if (memchr(u->userinfo, ':', u->userinfo_len) == NULL)
            text.data[text.len++] = ':';
    }
    status |= dx_buf_adds(&s->proxy_line, "Proxy-Authorization: Basic ");
    status |= dx_base64(&s->proxy_line, text.data, text.len);
    status |= dx_buf_add(&s->proxy_line, "\r\n", 3);
    status |= dx_buf_add(&s->proxy_user, u->userinfo, u->userinfo_len) | dx_buf_addc(&s->proxy_user, '\0');
    dx_buf_free(&text);
    return status;
}

/* Takes the user and the password out of the URL, so that no message of libcurl's shows them. */
static const char *set_proxy(struct dx_settings *s, const char *text)
{
    struct dx_url u;
    int status;

    if (dx_url_parse(&u, text, strlen(text)) != NULL)
        return "proxy: expected a URL such as http://host:port";
    status = dx_buf_adds(&s->proxy, u.https ? "https://" : "http://") | dx_url_host(&s->proxy, &u);
    if (u.port == 0 || u.port == (u.https ? 443 : 80)) /* left out by dx_url_host; libcurl's default would be 1080 */
        status |= dx_buf_adds(&s->proxy, u.https ? ":443" : ":80");
    status |= dx_buf_addc(&s->proxy, '\0');
    if (u.userinfo != NULL)
        status |= write_proxy_line(s, &u);
    return status == 0 ? NULL : no_memory;
}

/* ---- settings */

const char *dx_settings_init(struct dx_settings *s, const char *ca_bundle, const char *ca_text, const char *proxy)
{
    memset(s, 0, sizeof *s);
    dx_buf_init(&s->ca_bundle, DX_HEAD_MAX);
    dx_buf_init(&s->ca_text, DX_FILE_MAX);
    dx_buf_init(&s->proxy, DX_HEAD_MAX);
    dx_buf_init(&s->proxy_user, DX_HEAD_MAX);
    dx_buf_init(&s->proxy_line, DX_HEAD_MAX);
    if (ca_bundle != NULL && dx_buf_add(&s->ca_bundle, ca_bundle, strlen(ca_bundle) + 1) != 0)
        return no_memory;
    if (ca_text != NULL && dx_buf_adds(&s->ca_text, ca_text) != 0)
        return no_memory;
    return proxy != NULL ? set_proxy(s, proxy) : NULL;
}

void dx_settings_free(struct dx_settings *s)
{
    dx_buf_free(&s->ca_bundle);
    dx_buf_free(&s->ca_text);
    dx_buf_free(&s->proxy);
    dx_buf_free(&s->proxy_user);
    dx_buf_free(&s->proxy_line);
}

static void set_protocols(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

/*
 * 1 if libcurl is to leave signals alone. Before 7.87, OpenSSL writes to the
 * sockets and raises SIGPIPE when the other side is gone; libcurl prevents that
 * unless it leaves signals alone. Where it looks names up without a thread,
 * however, it would set an alarm.
 */
static long leaves_signals(void)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

    return info->version_num >= 0x075700 || (info->features & CURL_VERSION_ASYNCHDNS) == 0;
}

int dx_settings_apply(struct dx_settings *s, CURL *easy, const char *origin)
{
    int status;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, leaves_signals());
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a time-out does not wait for the resolver's thread */
#endif
    set_protocols(easy);
    status = set_text(easy, CURLOPT_URL, origin);
    status |= apply_trust(s, easy, origin);
    status |= set_text(easy, CURLOPT_PROXYUSERPWD, s->proxy_user.data);
    status |= set_text(easy, CURLOPT_NOPROXY, "");
    status |= set_text(easy, CURLOPT_PROXY, s->proxy.len > 0 ? s->proxy.data : ""); /* never the environment's */
    return status;
}
