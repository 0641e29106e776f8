/*
 * What the client is measured against: the least that a C program does over libcurl and OpenSSL. Requests are those that
 * the client sends, but for the signature and its date; answers are thrown away.
 *
 *   bare calls URL TARGET BODY N [CA]          one after the other, over one connection that is kept
 *   bare together URL TARGET BODY N WIDTH      WIDTH of them in flight, over a multi handle
 *   bare once URL TARGET BODY [CA]             a single one, and the process ends
 *   bare sign BODY N                           the digests and the HMAC of a signature
 *   bare spawn COMMAND [ARGUMENT...]           another program, from its start to its end
 *
 * Prints one line "cpu=US wall=US peak=KB": microseconds for each call, kilobytes of the process at its largest. What
 * comes before the first measured call (connecting, say) is not counted, except by `spawn`, which adds "status=N".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

enum { WARM_UP = 20, WIDTH_MAX = 1024 };

static void die(const char *why)
{
    fprintf(stderr, "bare: %s\n", why);
    exit(1);
}

/* ---- measuring */

struct mark {
    double cpu, wall;
};

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double read_clock(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct mark now(void)
{
    struct mark m;

    m.cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID); /* user's and system's, as getrusage has it, but in finer grains */
    m.wall = read_clock(CLOCK_MONOTONIC);
    return m;
}

static void report(struct mark from, struct mark to, long n, long peak)
{
    printf("cpu=%.3f wall=%.3f peak=%ld\n", (to.cpu - from.cpu) * 1e6 / (double)n,
        (to.wall - from.wall) * 1e6 / (double)n, peak);
}

static void report_since(struct mark from, long n)
{
    struct mark to = now();
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    report(from, to, n, u.ru_maxrss);
}

/* ---- calls */

static size_t throw_away(char *bytes, size_t one, size_t n, void *data)
{
    (void)bytes;
    (void)one;
    *(size_t *)data += n;
    return n;
}

static struct curl_slist *headers_of(const char *target)
{
    static const char *const same[] = {
        "content-type: application/x-amz-json-1.1",
        "user-agent: dxconnect/0.1.0 ua/2.1 os/linux lang/lua#5.4 cfg/retry-mode#standard",
        "amz-sdk-invocation-id: 3f0b2f2c-6c9b-4c1b-8f4e-0d7c3c1c7a55",
        "amz-sdk-request: attempt=1; max=3",
        "Accept:",
        "Expect:"
    };
    struct curl_slist *list;
    char line[256];
    size_t i;

    snprintf(line, sizeof line, "x-amz-target: %s", target);
    list = curl_slist_append(NULL, line);
    for (i = 0; i < sizeof same / sizeof *same; i++)
        list = curl_slist_append(list, same[i]);
    return list;
}

static CURL *new_easy(const char *url, struct curl_slist *headers, const char *body, const char *ca, size_t *bytes)
{
    CURL *easy = curl_easy_init();

    if (easy == NULL)
        die("no memory");
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, throw_away);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, bytes);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    if (ca != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, ca);
    return easy;
}

static void perform(CURL *easy)
{
    CURLcode code = curl_easy_perform(easy);
    long status = 0;

    if (code != CURLE_OK)
        die(curl_easy_strerror(code));
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        die("the answer is not 200");
}

static int calls(const char *url, const char *target, const char *body, long n, const char *ca)
{
    struct curl_slist *headers = headers_of(target);
    size_t bytes = 0;
    CURL *easy = new_easy(url, headers, body, ca, &bytes);
    long i, warm_up = n < WARM_UP ? 1 : WARM_UP;
    struct mark from;

    for (i = 0; i < warm_up; i++)
        perform(easy);
    from = now();
    for (i = 0; i < n; i++)
        perform(easy);
    report_since(from, n);
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    return 0;
}

/* A call that fails, as it does where the system's trust store does not know the server, is one all the same. */
static int once(const char *url, const char *target, const char *body, const char *ca)
{
    struct curl_slist *headers = headers_of(target);
    size_t bytes = 0;
    CURL *easy = new_easy(url, headers, body, ca, &bytes);
    CURLcode code = curl_easy_perform(easy);

    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
    return code == CURLE_OK ? 0 : 2;
}

static void collect(CURLM *multi, long *left, long *done)
{
    CURLMsg *message;
    int queued;

    while ((message = curl_multi_info_read(multi, &queued)) != NULL) {
        CURL *easy = message->easy_handle;

        if (message->data.result != CURLE_OK)
            die(curl_easy_strerror(message->data.result));
        curl_multi_remove_handle(multi, easy);
        ++*done;
        if (*left > 0) {
            --*left;
            curl_multi_add_handle(multi, easy);
        }
    }
}

/* Runs n calls over the handles, which are in no multi handle before and after. */
static void run(CURLM *multi, CURL **easy, long width, long n)
{
    long i, left = n, done = 0;
    int running;

    for (i = 0; i < width && left > 0; i++, left--)
        curl_multi_add_handle(multi, easy[i]);
    while (done < n) {
        if (curl_multi_perform(multi, &running) != CURLM_OK)
            die("the multi handle failed");
        collect(multi, &left, &done);
        if (done < n && curl_multi_poll(multi, NULL, 0, 1000, NULL) != CURLM_OK)
            die("the multi handle failed");
    }
}

static int together(const char *url, const char *target, const char *body, long n, long width)
{
    struct curl_slist *headers = headers_of(target);
    CURL *easy[WIDTH_MAX];
    size_t bytes = 0;
    CURLM *multi = curl_multi_init();
    struct mark from;
    long i;

    if (multi == NULL || width < 1 || width > WIDTH_MAX)
        die("expected a width from 1 to 1024");
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, width);
    for (i = 0; i < width; i++)
        easy[i] = new_easy(url, headers, body, NULL, &bytes);
    run(multi, easy, width, width);
    from = now();
    run(multi, easy, width, n);
    report_since(from, n);
    for (i = 0; i < width; i++)
        curl_easy_cleanup(easy[i]);
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    return 0;
}

/* ---- a signature */

static void hex(const unsigned char *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    for (i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
}

static void digest(EVP_MD_CTX *ctx, EVP_MD *md, const char *text, size_t len, char *out)
{
    unsigned char hash[32];

    if (!EVP_DigestInit_ex2(ctx, md, NULL) || !EVP_DigestUpdate(ctx, text, len) || !EVP_DigestFinal_ex(ctx, hash, NULL))
        die("the digest failed");
    hex(hash, sizeof hash, out);
}

static int sign(const char *body, long n)
{
    static const char before[] =
        "POST\n/\n\namz-sdk-invocation-id:3f0b2f2c-6c9b-4c1b-8f4e-0d7c3c1c7a55\namz-sdk-request:attempt=1; max=3\n"
        "content-type:application/x-amz-json-1.1\nhost:directconnect.us-east-1.amazonaws.com\n"
        "x-amz-date:20260102T030405Z\nx-amz-target:OvertureService.AssociateMacSecKey\n\n"
        "amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;x-amz-target\n";
    static const char scope[] = "AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/us-east-1/directconnect/aws4_request\n";
    static char name[] = "SHA256";
    EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *keyed = EVP_MAC_CTX_new(mac);
    OSSL_PARAM params[2];
    unsigned char key[32] = { 1 }, hash[32];
    char request[sizeof before + 64], text[sizeof scope + 64], signature[65] = "";
    size_t len;
    struct mark from;
    long i;

    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
    params[1] = OSSL_PARAM_construct_end();
    if (md == NULL || ctx == NULL || !EVP_MAC_init(keyed, key, sizeof key, params))
        die("OpenSSL has no HMAC");
    from = now();
    for (i = 0; i < n; i++) {
        memcpy(request, before, sizeof before - 1);
        digest(ctx, md, body, strlen(body), request + sizeof before - 1);
        memcpy(text, scope, sizeof scope - 1);
        digest(ctx, md, request, sizeof before - 1 + 64, text + sizeof scope - 1);
        if (!EVP_MAC_init(keyed, NULL, 0, NULL) || !EVP_MAC_update(keyed, (unsigned char *)text, sizeof scope - 1 + 64)
            || !EVP_MAC_final(keyed, hash, &len, sizeof hash))
            die("the HMAC failed");
        hex(hash, sizeof hash, signature);
    }
    report_since(from, n);
    EVP_MAC_CTX_free(keyed);
    EVP_MAC_free(mac);
    EVP_MD_CTX_free(ctx);
    EVP_MD_free(md);
    return signature[0] == '\0';
}

/* ---- other programs */

static int spawn(char **command)
{
    struct mark from = { 0, 0 }, to;
    struct rusage u;
    int status = 0;
    pid_t pid;

    from.wall = read_clock(CLOCK_MONOTONIC);
    pid = fork();
    if (pid == 0) {
        execvp(command[0], command);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &u) != pid)
        die("the program could not be started");
    to.wall = read_clock(CLOCK_MONOTONIC);
    to.cpu = seconds(u.ru_utime) + seconds(u.ru_stime);
    status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    printf("status=%d ", status);
    report(from, to, 1, u.ru_maxrss);
    return status;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";

    if (strcmp(mode, "calls") == 0 && (argc == 6 || argc == 7))
        return calls(argv[2], argv[3], argv[4], atol(argv[5]), argv[6]);
    if (strcmp(mode, "together") == 0 && argc == 7)
        return together(argv[2], argv[3], argv[4], atol(argv[5]), atol(argv[6]));
    if (strcmp(mode, "once") == 0 && (argc == 5 || argc == 6))
        return once(argv[2], argv[3], argv[4], argv[5]);
    if (strcmp(mode, "sign") == 0 && argc == 4)
        return sign(argv[2], atol(argv[3]));
    if (strcmp(mode, "spawn") == 0 && argc > 2)
        return spawn(argv + 2);
    die("expected calls, together, once, sign or spawn, and its arguments");
    return 1;
}
