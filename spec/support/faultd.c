/*
 * A server that misbehaves to order: HTTP or TLS on a free loopback port.
 *
 *   faultd [--cycle] [--log FILE] [--tls FILE] [--max-tls 1.1] STEP...
 *   faultd --certificates DIR
 *
 * Prints its port and process id as one line and serves until nobody reads its
 * standard output any more. Each exchange (a request on a connection) takes the
 * next step; the last one stays, or with --cycle the first comes again. A step
 * is a list of words:
 *
 *   @reset @close @hang @send=BYTES   as soon as the connection is there, before TLS and without reading
 *   send=BYTES       percent-encoded
 *   fill=N           N bytes, 0: without end
 *   again=N:BYTES    N times, 0: without end
 *   drip=MS:BYTES    one byte at a time
 *   wait=MS  hang    (hang: until the other side closes)
 *   mark             writes "mark ID" into the log: what was sent before has arrived at the other side
 *   tunnel           as a proxy asked to CONNECT: to that port of the loopback address
 *   tunnel=BYTES     with this answer, percent-encoded
 *   close  reset     without either, the connection is kept for the next request
 *
 * The log has a line "open ID OPEN" for each connection (OPEN: how many are open now), "request ID LENGTH" with the raw
 * bytes behind it, "mark ID", "close ID".
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

enum { REQUEST_MAX = 32 * 1024 * 1024, CONNECTIONS_MAX = 4096, LONGEST = 60000, YEARS = 20 * 365 };

struct connection {
    int fd, id;
    SSL *ssl;
    int gone; /* nothing more can be sent */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char **steps;
static int nsteps, next_step, cycle, log_fd = -1;
static SSL_CTX *tls;
static int open_fds[CONNECTIONS_MAX], nopen;

/* ---- the log */

static void note(const char *head, const char *bytes, size_t n)
{
    char *line;
    size_t length = strlen(head);

    if (log_fd < 0)
        return;
    line = malloc(length + n + 2);
    memcpy(line, head, length);
    line[length] = '\n';
    if (n > 0) {
        memcpy(line + length + 1, bytes, n);
        line[length + 1 + n] = '\n';
    }
    if (write(log_fd, line, length + 1 + (n > 0 ? n + 1 : 0)) < 0)
        perror("log");
    free(line);
}

/* ---- sending and receiving */

static void send_bytes(struct connection *c, const char *bytes, size_t n)
{
    while (n > 0 && !c->gone) {
        ssize_t sent = c->ssl != NULL ? SSL_write(c->ssl, bytes, (int)(n > 65536 ? 65536 : n))
            : send(c->fd, bytes, n, MSG_NOSIGNAL);

        if (sent <= 0) {
            c->gone = 1;
            return;
        }
        bytes += sent;
        n -= (size_t)sent;
    }
}

static ssize_t receive(struct connection *c, char *to, size_t n)
{
    return c->ssl != NULL ? SSL_read(c->ssl, to, (int)n) : recv(c->fd, to, n, 0);
}

/* Waits; returns early when the other side closes. */
static void pass(struct connection *c, int ms)
{
    struct pollfd p = { 0, 0, 0 };

    p.fd = c->fd;
    p.events = POLLRDHUP;
    if (poll(&p, 1, ms) > 0)
        c->gone = 1;
}

static size_t decode(char *text)
{
    char *to = text, *start = text;
    unsigned byte;

    for (; *text != '\0'; text++) {
        if (*text == '%' && sscanf(text + 1, "%2x", &byte) == 1) {
            *to++ = (char)byte;
            text += 2;
        } else {
            *to++ = *text;
        }
    }
    return (size_t)(to - start);
}

static size_t header_length(const char *request)
{
    const char *line = strcasestr(request, "\r\ncontent-length:");

    return line == NULL ? 0 : strtoul(line + 17, NULL, 10);
}

/* Reads one request. Returns its bytes, NUL-terminated, or NULL. */
static char *read_request(struct connection *c, size_t *length)
{
    size_t n = 0, cap = 65536, want = 0;
    char *request = malloc(cap), *end;

    for (;;) {
        ssize_t got = receive(c, request + n, cap - n - 1);

        if (got <= 0)
            break;
        n += (size_t)got;
        request[n] = '\0';
        if (want == 0 && (end = strstr(request, "\r\n\r\n")) != NULL)
            want = (size_t)(end - request) + 4 + header_length(request);
        if (want > 0 && n >= want) {
            *length = n;
            return request;
        }
        if (n + 1 >= cap && cap < REQUEST_MAX)
            request = realloc(request, cap *= 2);
    }
    free(request);
    return NULL;
}

/* ---- steps */

static char *take_step(void)
{
    char *step;

    pthread_mutex_lock(&mutex);
    if (next_step >= nsteps)
        next_step = cycle ? 0 : nsteps - 1;
    step = strdup(steps[next_step++]);
    pthread_mutex_unlock(&mutex);
    return step;
}

static void mark(const struct connection *c)
{
    char head[64];

    snprintf(head, sizeof head, "mark %d", c->id);
    pthread_mutex_lock(&mutex);
    note(head, NULL, 0);
    pthread_mutex_unlock(&mutex);
}

static void fill(struct connection *c, unsigned long long n)
{
    static char block[65536];
    int endless = n == 0;

    memset(block, 'x', sizeof block);
    while ((endless || n > 0) && !c->gone) {
        size_t part = endless || n > sizeof block ? sizeof block : (size_t)n;

        send_bytes(c, block, part);
        n -= endless ? 0 : part;
    }
}

static void again(struct connection *c, char *word)
{
    unsigned long long i, times = strtoull(word, &word, 10);
    size_t n = decode(++word);

    for (i = 0; (times == 0 || i < times) && !c->gone; i++)
        send_bytes(c, word, n);
}

static void drip(struct connection *c, char *word)
{
    long ms = strtol(word, &word, 10);
    size_t i, n = decode(++word);

    for (i = 0; i < n && !c->gone; i++) {
        send_bytes(c, word + i, 1);
        pass(c, (int)ms);
    }
}

static void tunnel(struct connection *c, const char *request, const char *answer, size_t len)
{
    struct sockaddr_in to = { 0 };
    const char *port = request != NULL ? strchr(request, ':') : NULL;
    struct pollfd p[2] = { { 0 } };
    char bytes[16384];
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port != NULL ? (uint16_t)atoi(port + 1) : 0);
    c->gone = 1;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return;
    }
    if (send(c->fd, answer, len, MSG_NOSIGNAL) < 0)
        perror("tunnel");
    p[0].fd = c->fd;
    p[1].fd = fd;
    p[0].events = p[1].events = POLLIN;
    while (poll(p, 2, LONGEST) > 0) {
        int from = p[0].revents != 0 ? 0 : 1;
        ssize_t n = recv(p[from].fd, bytes, sizeof bytes, 0);

        if (n <= 0 || send(p[1 - from].fd, bytes, (size_t)n, MSG_NOSIGNAL) != n)
            break;
    }
    close(fd);
}

static void end(struct connection *c, int with_reset)
{
    struct linger now = { 1, 0 };

    if (with_reset)
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    else if (c->ssl != NULL && !c->gone)
        SSL_shutdown(c->ssl);
    c->gone = 1;
}

static void do_word(struct connection *c, char *word, const char *request)
{
    static const char established[] = "HTTP/1.1 200 Connection established\r\n\r\n";

    if (strncmp(word, "send=", 5) == 0)
        send_bytes(c, word + 5, decode(word + 5));
    else if (strncmp(word, "fill=", 5) == 0)
        fill(c, strtoull(word + 5, NULL, 10));
    else if (strncmp(word, "again=", 6) == 0)
        again(c, word + 6);
    else if (strncmp(word, "drip=", 5) == 0)
        drip(c, word + 5);
    else if (strncmp(word, "wait=", 5) == 0)
        pass(c, atoi(word + 5));
    else if (strcmp(word, "hang") == 0)
        pass(c, LONGEST), c->gone = 1;
    else if (strcmp(word, "close") == 0)
        end(c, 0);
    else if (strcmp(word, "reset") == 0)
        end(c, 1);
    else if (strcmp(word, "mark") == 0)
        mark(c);
    else if (strcmp(word, "tunnel") == 0)
        tunnel(c, request, established, sizeof established - 1);
    else if (strncmp(word, "tunnel=", 7) == 0)
        tunnel(c, request, word + 7, decode(word + 7));
    else
        fprintf(stderr, "faultd: what is \"%s\"?\n", word);
}

/* Does the words of a step that belong before the request (at = 1), or behind it. */
static void do_words(struct connection *c, const char *step, int at, const char *request)
{
    char *copy = strdup(step), *rest = copy, *word;

    while (!c->gone && (word = strsep(&rest, " ")) != NULL)
        if (*word != '\0' && (*word == '@') == at)
            do_word(c, word + at, request);
    free(copy);
}

/* ---- connections */

static void log_request(const struct connection *c, const char *request, size_t n)
{
    char head[64];

    snprintf(head, sizeof head, "request %d %zu", c->id, n);
    pthread_mutex_lock(&mutex);
    note(head, request, n);
    pthread_mutex_unlock(&mutex);
}

static void note_resumed(const struct connection *c)
{
    char head[64];

    snprintf(head, sizeof head, "resumed %d", c->id);
    pthread_mutex_lock(&mutex);
    note(head, NULL, 0);
    pthread_mutex_unlock(&mutex);
}

static void exchanges(struct connection *c)
{
    char *step = take_step(), *request;
    struct pollfd p = { 0, POLLIN, 0 };
    size_t n;

    do_words(c, step, 1, NULL);
    if (!c->gone && tls != NULL) {
        c->ssl = SSL_new(tls);
        SSL_set_fd(c->ssl, c->fd);
        if (SSL_accept(c->ssl) != 1)
            c->gone = 1;
        else if (SSL_session_reused(c->ssl))
            note_resumed(c);
    }
    while (!c->gone) {
        request = read_request(c, &n);
        if (request == NULL)
            break;
        log_request(c, request, n);
        do_words(c, step, 0, request);
        free(request);
        free(step);
        step = NULL;
        p.fd = c->fd;
        /* the next step is taken when the next request comes, not while the connection is idle */
        if (c->gone || poll(&p, 1, LONGEST) <= 0 || recv(c->fd, &n, 1, MSG_PEEK) <= 0)
            break;
        step = take_step();
    }
    free(step);
}

/* Connections that both sides still hold open. */
static int count_open(void)
{
    int i, n = 0;

    for (i = 0; i < nopen; i++) {
        struct tcp_info info;
        socklen_t size = sizeof info;

        if (getsockopt(open_fds[i], IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_state == TCP_ESTABLISHED)
            n++;
    }
    return n;
}

static void *serve(void *data)
{
    struct connection *c = data;
    char head[64];
    int i;

    exchanges(c);
    if (c->ssl != NULL)
        SSL_free(c->ssl);
    pthread_mutex_lock(&mutex);
    for (i = 0; open_fds[i] != c->fd; i++)
        ;
    open_fds[i] = open_fds[--nopen];
    close(c->fd);
    snprintf(head, sizeof head, "close %d", c->id);
    note(head, NULL, 0);
    pthread_mutex_unlock(&mutex);
    free(c);
    return NULL;
}

static void accept_one(int listener)
{
    static int last_id;
    struct connection *c = calloc(1, sizeof *c);
    pthread_attr_t attributes;
    pthread_t thread;
    char head[64];
    int on = 1;

    c->fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (c->fd < 0) {
        free(c);
        return;
    }
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pthread_mutex_lock(&mutex);
    c->id = ++last_id;
    open_fds[nopen++] = c->fd;
    snprintf(head, sizeof head, "open %d %d", c->id, count_open());
    note(head, NULL, 0);
    pthread_mutex_unlock(&mutex);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    if (pthread_create(&thread, &attributes, serve, c) != 0)
        abort();
    pthread_attr_destroy(&attributes);
}

static int listen_on_loopback(int *port)
{
    struct sockaddr_in address = { 0 };
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 512) != 0
        || getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return -1;
    *port = ntohs(address.sin_port);
    return fd;
}

static SSL_CTX *make_tls(const char *file, const char *max)
{
    SSL_CTX *made = SSL_CTX_new(TLS_server_method());

    SSL_CTX_set_cipher_list(made, "ALL:@SECLEVEL=0");
    SSL_CTX_set_min_proto_version(made, TLS1_VERSION);
    if (max != NULL)
        SSL_CTX_set_max_proto_version(made, strcmp(max, "1.1") == 0 ? TLS1_1_VERSION : TLS1_2_VERSION);
    if (SSL_CTX_use_certificate_chain_file(made, file) != 1
        || SSL_CTX_use_PrivateKey_file(made, file, SSL_FILETYPE_PEM) != 1) {
        ERR_print_errors_fp(stderr);
        exit(1);
    }
    return made;
}

static int run(void)
{
    struct pollfd p[2] = { { 0 } };
    int port;

    p[0].fd = listen_on_loopback(&port);
    if (p[0].fd < 0) {
        perror("faultd");
        return 1;
    }
    printf("%d %ld\n", port, (long)getpid());
    fflush(stdout);
    p[0].events = POLLIN;
    p[1].fd = STDOUT_FILENO; /* broken when nobody reads it */
    while (poll(p, 2, -1) >= 0 && (p[1].revents & (POLLERR | POLLHUP)) == 0)
        if (p[0].revents & POLLIN)
            accept_one(p[0].fd);
    return 0;
}

/* ---- certificates */

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static X509 *certify(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *signer, const char *names, long days)
{
    static long serial = 1000;
    X509 *made = X509_new();
    X509_NAME *subject = X509_get_subject_name(made);

    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made), -60L * 86400);
    X509_gmtime_adj(X509_getm_notAfter(made), days * 86400);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(issuer != NULL ? issuer : made));
    X509_set_pubkey(made, key);
    if (names != NULL)
        add_extension(made, issuer != NULL ? issuer : made, NID_subject_alt_name, names);
    else
        add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(made, signer, EVP_sha256());
    return made;
}

static void save(const char *dir, const char *name, X509 *certificate, EVP_PKEY *key)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.pem", dir, name);
    file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    PEM_write_X509(file, certificate);
    if (key != NULL)
        PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    fclose(file);
}

static int make_certificates(const char *dir)
{
    EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256"), *other_key = EVP_EC_gen("P-256");
    const char *here = "DNS:localhost,IP:127.0.0.1";
    X509 *ca = certify("Spec CA", ca_key, NULL, ca_key, NULL, YEARS);

    save(dir, "ca", ca, NULL);
    save(dir, "other-ca", certify("Another CA", other_key, NULL, other_key, NULL, YEARS), NULL);
    save(dir, "good", certify("localhost", key, ca, ca_key, here, YEARS), key);
    save(dir, "expired", certify("localhost", key, ca, ca_key, here, -1), key);
    save(dir, "wrong-name", certify("elsewhere.example", key, ca, ca_key, "DNS:elsewhere.example", YEARS), key);
    save(dir, "self-signed", certify("localhost", key, NULL, key, here, YEARS), key);
    return 0;
}

int main(int argc, char **argv)
{
    const char *certificate = NULL, *max_tls = NULL;
    int i;

    signal(SIGPIPE, SIG_IGN);
    for (i = 1; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        if (strcmp(argv[i], "--cycle") == 0)
            cycle = 1;
        else if (strcmp(argv[i], "--certificates") == 0 && i + 1 < argc)
            return make_certificates(argv[i + 1]);
        else if (strcmp(argv[i], "--log") == 0 && i + 1 < argc)
            log_fd = open(argv[++i], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
        else if (strcmp(argv[i], "--tls") == 0 && i + 1 < argc)
            certificate = argv[++i];
        else if (strcmp(argv[i], "--max-tls") == 0 && i + 1 < argc)
            max_tls = argv[++i];
    }
    steps = argv + i;
    nsteps = argc - i;
    if (nsteps == 0)
        return 2;
    if (certificate != NULL)
        tls = make_tls(certificate, max_tls);
    return run();
}
