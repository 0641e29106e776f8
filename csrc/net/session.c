/* Sessions: settings, trust and connections of one client; see transfer.h. */
#include "net/session.h"

#include "net/allocator.h"
#include "base/base64.h"
#include "base/url.h"

#include <ctype.h>
#include <dirent.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

static const char no_memory[] = "not enough memory";

/* ---- trust */

/* Whether a name is one that OpenSSL looks for in a directory: a hash of eight digits, a dot, a number. */
static int is_hashed_name(const char *name)
{
    int i;

    for (i = 0; i < 8; i++)
        if (!isxdigit((unsigned char)name[i]))
            return 0;
    return name[8] == '.' && isdigit((unsigned char)name[9]);
}

/* The system's directory of certificates, where there is one that OpenSSL can look things up in: one file is read
 * instead of a bundle of them all. */
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

/* Sets an option that libcurl keeps a copy of. Returns -1 where there is no memory for it: without one of them, a request
 * would go another way, or be trusted to another bundle. What this libcurl does not know is passed over. */
static int set_text(CURL *easy, CURLoption option, const char *text)
{
    return curl_easy_setopt(easy, option, text) == CURLE_OUT_OF_MEMORY ? -1 : 0;
}

static int is_https(const char *url)
{
    return strncmp(url, "https:", 6) == 0;
}

static int trust(struct dx_session *s, CURL *easy)
{
    int status = 0;

    if (!is_https(s->place.origin.data) && (s->proxy == NULL || !is_https(s->proxy)))
        return 0;
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

/* A copy of a part; NULL where there is none, or with *failed set: no memory. */
static char *copy_part(CURLU *url, CURLUPart part, unsigned flags, int *failed)
{
    char *text, *copy = NULL;

    switch (curl_url_get(url, part, &text, flags)) {
    case CURLUE_OK:
        copy = strdup(text);
        *failed |= copy == NULL;
        curl_free(text);
        break;
    case CURLUE_OUT_OF_MEMORY:
        *failed = 1;
        break;
    default:
        break;
    }
    return copy;
}

static void wipe_string(char **text)
{
    if (*text == NULL)
        return;
    OPENSSL_cleanse(*text, strlen(*text));
    free(*text);
    *text = NULL;
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

/* The line in which the user and the password are sent to a proxy that reads the requests. */
static int write_proxy_line(struct dx_session *s)
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

/* Takes the proxy's URL apart, so that its user and password appear in no message of libcurl's. */
static const char *set_proxy(struct dx_session *s, CURLU *url, const char *text)
{
    char *scheme, *port;
    int known, failed = 0;
    CURLUcode code = curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME | CURLU_DEFAULT_SCHEME);

    if (code != CURLUE_OK)
        return code == CURLUE_OUT_OF_MEMORY ? no_memory : "proxy: expected a URL such as http://host:port";
    scheme = copy_part(url, CURLUPART_SCHEME, 0, &failed);
    known = is_proxy_scheme(scheme);
    port = copy_part(url, CURLUPART_PORT, 0, &failed);
    if (known && port == NULL && scheme[0] == 'h') /* libcurl's own default would be 1080 */
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

/* ---- easy handles */

static void set_protocols(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

static int set_security(struct dx_session *s, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    return trust(s, easy);
}

/* Whether libcurl is to leave signals alone. Releases before 7.87 have OpenSSL write to the sockets, which raises SIGPIPE
 * where the other side is gone; unless told to leave signals alone, they see to it that this ends no process. Where they
 * look names up without a thread, however, they would set an alarm. */
static long leaves_signals(void)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

    return info->version_num >= 0x075700 || (info->features & CURL_VERSION_ASYNCHDNS) == 0;
}

int dx_session_set_up(struct dx_session *s, CURL *easy)
{
    int status = 0;

    dx_cache_own_sockets(&s->cache, easy);
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
    status |= set_security(s, easy);
    status |= set_text(easy, CURLOPT_PROXYUSERNAME, s->proxy_user);
    status |= set_text(easy, CURLOPT_PROXYPASSWORD, s->proxy_password);
    status |= set_text(easy, CURLOPT_NOPROXY, "");
    status |= set_text(easy, CURLOPT_PROXY, s->proxy != NULL ? s->proxy : ""); /* never the environment's */
    /* connections are kept, so few are made again; and releases of libcurl free an entry of the cache twice where memory
     * runs out while it is made */
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    return status;
}

/* ---- places */

static void init_place(struct dx_place *p)
{
    dx_buf_init(&p->url, DX_HEAD_MAX);
    dx_buf_init(&p->origin, DX_HEAD_MAX);
    dx_buf_init(&p->target, DX_HEAD_MAX);
    dx_buf_init(&p->host, DX_HEAD_MAX);
}

static void free_place(struct dx_place *p)
{
    dx_buf_free(&p->url);
    dx_buf_free(&p->origin);
    dx_buf_free(&p->target);
    dx_buf_free(&p->host);
}

/* What follows from a URL. Returns 0, or -1: no memory. */
static int fill_place(struct dx_place *p, const struct dx_url *u)
{
    int status = dx_url_host(&p->host, u);

    dx_buf_reset(&p->origin);
    status |= dx_buf_adds(&p->origin, u->https ? "https://" : "http://");
    status |= dx_buf_add(&p->origin, p->host.data, p->host.len);
    if (p->is_proxied)
        status |= dx_buf_add(&p->target, p->origin.data, p->origin.len);
    status |= dx_buf_addc(&p->origin, '\0');
    status |= u->path_len > 0 ? dx_buf_add(&p->target, u->path, u->path_len) : dx_buf_addc(&p->target, '/');
    if (u->query != NULL) {
        status |= dx_buf_addc(&p->target, '?');
        status |= dx_buf_add(&p->target, u->query, u->query_len);
    }
    return status;
}

const char *dx_session_go_to(struct dx_session *s, const struct dx_buf *url)
{
    struct dx_place *p = &s->place;
    const char *problem;
    struct dx_url u;

    if (url->len > 0 && p->url.len == url->len && memcmp(p->url.data, url->data, url->len) == 0)
        return NULL;
    dx_buf_reset(&p->url);
    dx_buf_reset(&p->host);
    dx_buf_reset(&p->target);
    problem = dx_url_parse(&u, url->len > 0 ? url->data : "", url->len > 0 ? url->len - 1 : 0);
    if (problem != NULL)
        return problem;
    if (u.userinfo != NULL)
        return "it may not hold a user name or password";
    p->is_proxied = s->is_http_proxy && !u.https;
    if (fill_place(p, &u) != 0 || dx_buf_add(&p->url, url->data, url->len) != 0) {
        dx_buf_reset(&p->url);
        p->url.failed = DX_BUF_NOMEM;
        return no_memory;
    }
    return NULL;
}

/* ---- sessions */

static char *copy(const char *text, int *failed)
{
    char *made = text != NULL ? strdup(text) : NULL;

    *failed |= text != NULL && made == NULL;
    return made;
}

static void end_idle(struct dx_session *s)
{
    while (s->idle != NULL)
        dx_connection_close(s->idle);
}

static struct dx_session *session_of(struct dx_cache *c)
{
    return (struct dx_session *)(void *)((char *)c - offsetof(struct dx_session, cache));
}

static void on_connected(CURL *easy, CURLcode code)
{
    struct dx_connection *c = NULL;

    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &c);
    dx_transfer_connected(c, code);
}

static void on_tend(struct dx_cache *c, long long now)
{
    dx_transfer_tend(session_of(c), now);
}

static void on_broken(struct dx_cache *c, const char *why)
{
    struct dx_session *s = session_of(c);

    while (s->active != NULL)
        dx_transfer_conclude(s->active, s->active->sent ? DX_RESET : DX_CONNECT, why);
    end_idle(s);
}

static const struct dx_cache_owner owner = { on_connected, on_tend, on_broken };

struct dx_session *dx_session_new(struct dx_loop *l, const struct dx_settings *settings, const char **message)
{
    struct dx_session *s = NULL;
    CURLU *url = NULL;
    int failed = 0;

    *message = no_memory;
    if (dx_curl_init() != 0 || (s = calloc(1, sizeof *s)) == NULL)
        return NULL;
    s->holders = 1;
    dx_cache_init(&s->cache, l, &owner);
    dx_buf_init(&s->proxy_line, DX_HEAD_MAX);
    init_place(&s->place);
    s->ca_bundle = copy(settings->ca_bundle, &failed);
    if (failed)
        goto fail;
    if (settings->proxy != NULL) {
        url = curl_url();
        if (url == NULL)
            goto fail;
        *message = set_proxy(s, url, settings->proxy);
        curl_url_cleanup(url);
        if (*message != NULL)
            goto fail;
    }
    *message = NULL;
    return s;

fail:
    dx_session_free(s);
    return NULL;
}

void dx_session_close(struct dx_session *s)
{
    struct dx_transfer *t;

    if (s->closed)
        return;
    dx_loop_own(s->cache.loop);
    s->closed = 1;
    while (s->active != NULL)
        dx_transfer_conclude(s->active, DX_CANCELLED, "the client was closed meanwhile");
    end_idle(s);
    while ((t = s->spare) != NULL) {
        s->spare = t->next;
        dx_transfer_destroy(t);
    }
    s->nspare = 0;
    dx_cache_free(&s->cache);
    wipe_string(&s->ca_bundle);
    wipe_string(&s->proxy);
    wipe_string(&s->proxy_user);
    wipe_string(&s->proxy_password);
    dx_buf_free(&s->proxy_line);
    free_place(&s->place);
}

int dx_session_is_closed(const struct dx_session *s)
{
    return s->closed;
}

void dx_session_release(struct dx_session *s)
{
    if (--s->holders > 0)
        return;
    free(s);
}

void dx_session_free(struct dx_session *s)
{
    dx_session_close(s);
    dx_session_release(s);
}
