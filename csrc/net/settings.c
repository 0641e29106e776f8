/* Trust and proxy of a client: see settings.h. */
#include "net/settings.h"

#include "base/base64.h"
#include "base/exchange.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char no_memory[] = "not enough memory";

/* Sets an option that libcurl copies. Returns -1 for lack of memory: without it a request would take another way. An
 * option that this libcurl does not know is passed over. */
static int set_text(CURL *easy, CURLoption option, const char *text)
{
    return curl_easy_setopt(easy, option, text) == CURLE_OUT_OF_MEMORY ? -1 : 0;
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

    if (!is_https(origin) && (s->proxy == NULL || !is_https(s->proxy)))
        return 0;
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    if (s->ca_bundle == NULL && !s->has_looked) {
        s->ca_directory = trust_directory();
        s->has_looked = 1;
    }
    if (s->ca_bundle == NULL && s->ca_directory == NULL)
        return 0; /* as libcurl was built */
    status |= set_text(easy, CURLOPT_CAINFO, s->ca_bundle);
    status |= set_text(easy, CURLOPT_CAPATH, s->ca_directory);
    status |= set_text(easy, CURLOPT_PROXY_CAINFO, s->ca_bundle);
    status |= set_text(easy, CURLOPT_PROXY_CAPATH, s->ca_directory);
    return status;
}

/* ---- the proxy */

/* A copy of a part of a URL; NULL where there is none, or with *failed set. */
static char *copy_part(CURLU *url, CURLUPart part, unsigned flags, int *failed)
{
    char *text, *copy = NULL;
    CURLUcode code = curl_url_get(url, part, &text, flags);

    if (code == CURLUE_OK) {
        copy = strdup(text);
        *failed |= copy == NULL;
        curl_free(text);
    }
    *failed |= code == CURLUE_OUT_OF_MEMORY;
    return copy;
}

static int is_proxy_scheme(const char *scheme)
{
    static const char *const known[] = { "http", "https", "socks4", "socks4a", "socks5", "socks5h" };
    size_t i;

    for (i = 0; scheme != NULL && i < sizeof known / sizeof *known; i++)
        if (strcmp(scheme, known[i]) == 0)
            return 1;
    return 0;
}

/* The header line that tells user and password to a proxy that reads the requests. */
static int write_proxy_line(struct dx_settings *s)
{
    struct dx_buf text;
    int status;

    dx_buf_init(&text, DX_HEAD_MAX);
    status = dx_buf_adds(&text, s->proxy_user) | dx_buf_addc(&text, ':');
    status |= dx_buf_adds(&text, s->proxy_password != NULL ? s->proxy_password : "");
    status |= dx_buf_adds(&s->proxy_line, "Proxy-Authorization: Basic ");
    status |= dx_base64(&s->proxy_line, text.data, text.len);
    status |= dx_buf_add(&s->proxy_line, "\r\n", 3);
    dx_buf_free(&text);
    return status;
}

/* Takes user and password out of the proxy's URL, so that no message of libcurl's shows them. */
static const char *set_proxy(struct dx_settings *s, CURLU *url, const char *text)
{
    char *scheme, *port;
    int known, failed = 0;
    CURLUcode code = curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME | CURLU_DEFAULT_SCHEME);

    if (code != CURLUE_OK)
        return code == CURLUE_OUT_OF_MEMORY ? no_memory : "proxy: expected a URL such as http://host:port";
    scheme = copy_part(url, CURLUPART_SCHEME, 0, &failed);
    known = is_proxy_scheme(scheme);
    port = copy_part(url, CURLUPART_PORT, 0, &failed);
    if (known && port == NULL && scheme[0] == 'h') /* libcurl's default would be 1080 */
        failed |= curl_url_set(url, CURLUPART_PORT, strcmp(scheme, "https") == 0 ? "443" : "80", 0) != CURLUE_OK;
    s->is_http_proxy = known && scheme[0] == 'h';
    free(scheme);
    free(port);
    if (!known && !failed)
        return "proxy: expected a URL with http, https, socks4, socks4a, socks5 or socks5h";
    s->proxy_user = copy_part(url, CURLUPART_USER, CURLU_URLDECODE, &failed);
    s->proxy_password = copy_part(url, CURLUPART_PASSWORD, CURLU_URLDECODE, &failed);
    curl_url_set(url, CURLUPART_USER, NULL, 0);
    curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
    s->proxy = copy_part(url, CURLUPART_URL, 0, &failed);
    if (s->is_http_proxy && s->proxy_user != NULL)
        failed |= write_proxy_line(s) != 0;
    return failed || s->proxy == NULL ? no_memory : NULL;
}

/* ---- settings */

const char *dx_settings_init(struct dx_settings *s, const char *ca_bundle, const char *proxy)
{
    const char *problem = no_memory;
    CURLU *url;

    memset(s, 0, sizeof *s);
    dx_buf_init(&s->proxy_line, DX_HEAD_MAX);
    if (ca_bundle != NULL && (s->ca_bundle = strdup(ca_bundle)) == NULL)
        return no_memory;
    if (proxy == NULL)
        return NULL;
    url = curl_url();
    if (url != NULL)
        problem = set_proxy(s, url, proxy);
    curl_url_cleanup(url);
    return problem;
}

static void wipe_string(char *text)
{
    if (text != NULL)
        dx_wipe(text, strlen(text));
    free(text);
}

void dx_settings_free(struct dx_settings *s)
{
    free(s->ca_bundle);
    wipe_string(s->proxy);
    wipe_string(s->proxy_user);
    wipe_string(s->proxy_password);
    dx_buf_free(&s->proxy_line);
    memset(s, 0, sizeof *s);
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
    status |= set_text(easy, CURLOPT_PROXYUSERNAME, s->proxy_user);
    status |= set_text(easy, CURLOPT_PROXYPASSWORD, s->proxy_password);
    status |= set_text(easy, CURLOPT_NOPROXY, "");
    status |= set_text(easy, CURLOPT_PROXY, s->proxy != NULL ? s->proxy : ""); /* never the environment's */
    return status;
}
