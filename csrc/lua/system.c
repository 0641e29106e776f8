/*
 * What the core offers of the operating system and of cryptography: clocks,
 * waiting, random bytes, files replaced as a whole, digests, base64, ES256.
 */
#include "lua/core.h"
#include "base/base64.h"
#include "base/file.h"
#include "base/json_scalar.h"
#include "sign/es256.h"
#include "sign/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STATE "dxconnect.system"
#define TEXT "dxconnect.system.text"

enum { RANDOM_MAX = 64 * 1024 };

#define LONGEST_NAP 0.1 /* seconds */

static char state_key, text_key;

/* One per Lua state: what the functions share. */
struct state {
    struct dx_digests digests;
};

static struct state *state_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

static int state_gc(lua_State *L)
{
    struct state *state = dx_check_object(L, 1, &state_key, STATE);

    dx_digests_close(&state->digests);
    return 0;
}

/*
 * Pushes an empty buffer for a result on its way to a string. Each call has one of its own: making the string may
 * collect garbage, and a finalizer may call here as well.
 */
static struct dx_buf *new_text(lua_State *L)
{
    struct dx_buf *text = dx_new_object(L, &text_key, sizeof *text);

    dx_buf_init(text, DX_RESPONSE_MAX);
    return text;
}

static int text_gc(lua_State *L)
{
    struct dx_buf *text = dx_check_object(L, 1, &text_key, TEXT);

    dx_buf_free(text);
    return 0;
}

/* Pushes the text's bytes, and empties it; `status` tells whether memory sufficed. */
static int push_text(lua_State *L, struct dx_buf *text, int status)
{
    if (status != 0)
        return dx_no_memory(L);
    lua_pushlstring(L, text->len > 0 ? text->data : "", text->len);
    dx_buf_free(text);
    return 1;
}

static int fail(lua_State *L, const char *problem)
{
    lua_pushnil(L);
    lua_pushstring(L, problem);
    return 2;
}

/* ---- time */

static double seconds_of(const struct timespec *t)
{
    return (double)t->tv_sec + (double)t->tv_nsec * 1e-9;
}

static double monotonic(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return seconds_of(&now);
}

/* core.clock() -> Unix seconds */
static int system_clock(lua_State *L)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    lua_pushnumber(L, seconds_of(&now));
    return 1;
}

/* core.monotonic() -> seconds of a clock that is never set */
static int system_monotonic(lua_State *L)
{
    lua_pushnumber(L, monotonic());
    return 1;
}

/* The next part of a wait: short, since the signal may reach another thread and interrupt nothing here. */
static struct timespec part_of(double seconds)
{
    struct timespec part;

    part.tv_sec = 0;
    part.tv_nsec = seconds < LONGEST_NAP ? (long)(seconds * 1e9) : (long)(LONGEST_NAP * 1e9);
    return part;
}

/* core.sleep(seconds): returns early only where Lua was interrupted. */
static int system_sleep(lua_State *L)
{
    lua_Number seconds = luaL_checknumber(L, 1);
    struct dx_hook hook = dx_get_hook(L);
    double left, end = monotonic() + seconds;

    while ((left = end - monotonic()) > 0 && !dx_is_interrupted(&hook)) {
        struct timespec part = part_of(left);

        nanosleep(&part, NULL);
    }
    return 0;
}

/* ---- random */

/* core.random_bytes(n) -> string */
static int system_random_bytes(lua_State *L)
{
    lua_Integer n = luaL_checkinteger(L, 1);
    struct dx_buf *text;
    int status;

    luaL_argcheck(L, n >= 0 && n <= RANDOM_MAX, 1, "out of range");
    text = new_text(L);
    if (dx_buf_reserve(text, (size_t)n + 1) != 0)
        return dx_no_memory(L);
    status = dx_random(text->data, (size_t)n);
    if (status != 0)
        return luaL_error(L, "the system gives no random bytes: %s", strerror(status));
    text->len = (size_t)n;
    return push_text(L, text, 0);
}

/* core.uuid() -> a random one, version 4 */
static int system_uuid(lua_State *L)
{
    char text[DX_UUID_SIZE];
    int status = dx_uuid(text);

    if (status != 0)
        return luaL_error(L, "the system gives no random bytes: %s", strerror(status));
    lua_pushlstring(L, text, sizeof text);
    return 1;
}

/* ---- files */

/*
 * core.read_file(path, seconds | nil) -> content | nil, message
 * Waits at most so many seconds (ten) for a pipe or device that has nothing to read yet.
 */
static int system_read_file(lua_State *L)
{
    size_t path_len;
    const char *path = luaL_checklstring(L, 1, &path_len);
    struct dx_hook hook = dx_get_hook(L);
    struct dx_patience patience = dx_opt_patience(L, 2, &hook);
    struct dx_buf *text;
    int status;

    if (strlen(path) != path_len)
        return fail(L, "the path holds a NUL");
    text = new_text(L);
    text->max = DX_FILE_MAX + 1;
    status = dx_file_read(path, text, &patience);
    if (status == 0)
        return push_text(L, text, 0);
    dx_buf_free(text);
    if (status == ENOMEM)
        return dx_no_memory(L);
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", path, status == EFBIG ? "it is larger than 16 MiB"
                                     : status == ETIMEDOUT ? "nothing was written to it in time" : strerror(status));
    return 2;
}

/*
 * core.write_file(path, content [, mode]) -> true | nil, message
 * By default an existing file is replaced, and a symbolic link followed; "replace" replaces the link, "new" nothing.
 */
static int system_write_file(lua_State *L)
{
    static const char *const names[] = { "update", "replace", "new", NULL };
    static const enum dx_file_mode modes[] = { DX_FILE_UPDATE, DX_FILE_REPLACE, DX_FILE_NEW };
    size_t path_len, len;
    const char *path = luaL_checklstring(L, 1, &path_len);
    const char *content = luaL_checklstring(L, 2, &len);
    enum dx_file_mode mode = modes[luaL_checkoption(L, 3, "update", names)];
    int status;

    if (strlen(path) != path_len)
        return fail(L, "the path holds a NUL");
    status = dx_file_write(path, content, len, mode);
    if (status != 0) {
        lua_pushnil(L);
        lua_pushfstring(L, "%s: %s", path, status == ENOTSUP ? "it is not a regular file" : strerror(status));
        return 2;
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* core.is_file(path) -> whether it is a regular file */
static int system_is_file(lua_State *L)
{
    struct stat info;

    lua_pushboolean(L, stat(luaL_checkstring(L, 1), &info) == 0 && S_ISREG(info.st_mode));
    return 1;
}

/* core.home() -> the home folder in the user database | nil */
static int system_home(lua_State *L)
{
    char room[1024];
    struct passwd entry, *found = NULL;

    if (getpwuid_r(getuid(), &entry, room, sizeof room, &found) != 0 || found == NULL)
        return 0;
    lua_pushstring(L, found->pw_dir);
    return 1;
}

/* core.is_tty(file or descriptor) -> boolean */
static int system_is_tty(lua_State *L)
{
    int fd = -1;
    FILE *stream;

    if (lua_type(L, 1) == LUA_TNUMBER) {
        lua_Number n = lua_tonumber(L, 1);

        fd = n >= 0 && n <= INT_MAX ? (int)n : -1;
    } else if (lua_isuserdata(L, 1) && lua_getmetatable(L, 1)) {
        luaL_getmetatable(L, "FILE*"); /* LUA_FILEHANDLE in every Lua */
        stream = lua_rawequal(L, -1, -2) ? dx_tostream(L, 1) : NULL;
        if (stream != NULL)
            fd = fileno(stream);
    }
    lua_pushboolean(L, fd >= 0 && isatty(fd));
    return 1;
}

/* core.settle_streams(): from now on, writing to a pipe that nobody reads is an error, not the end of the process; and
 * a standard stream that is closed leads nowhere, instead of into the next file or socket that is opened.
 * The command calls it; a library must not. */
static int system_settle_streams(lua_State *L)
{
    int fd;

    (void)L;
    signal(SIGPIPE, SIG_IGN);
    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        (void)close(fd);
    return 0;
}

/* Set by SIGTERM, once somebody asked to be told. Of the process, as signals are. */
static volatile sig_atomic_t is_terminated;

static void on_terminate(int signal_number)
{
    (void)signal_number;
    is_terminated = 1;
}

/* core.catch_termination(): from now on SIGTERM doesn't end the process; core.is_terminated() tells that it came. For
 * the command, which has a state to write at the end. */
static int system_catch_termination(lua_State *L)
{
    struct sigaction action;

    (void)L;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_terminate;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    return 0;
}

static int system_is_terminated(lua_State *L)
{
    lua_pushboolean(L, is_terminated);
    return 1;
}

/* ---- digests and texts */

/* core.read_time(text) -> Unix seconds, or nothing: ISO 8601, the dates of HTTP and mail, or digits */
static int system_read_time(lua_State *L)
{
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    double seconds;

    if (!dx_read_time(text, len, &seconds))
        return 0;
    lua_pushnumber(L, seconds);
    return 1;
}

/* core.sha256(s) -> 32 bytes */
static int system_sha256(lua_State *L)
{
    unsigned char hash[DX_SHA256_SIZE];
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);

    if (dx_sha256(&state_of(L)->digests, text, len, hash) != 0)
        return dx_no_memory(L);
    lua_pushlstring(L, (const char *)hash, sizeof hash);
    return 1;
}

/* core.sha1(s) -> 20 bytes; the names of cached tokens are made with it */
static int system_sha1(lua_State *L)
{
    unsigned char hash[DX_SHA1_SIZE];
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);

    if (dx_sha1(&state_of(L)->digests, text, len, hash) != 0)
        return dx_no_memory(L);
    lua_pushlstring(L, (const char *)hash, sizeof hash);
    return 1;
}

/* core.hmac_sha256(key, s) -> 32 bytes */
static int system_hmac_sha256(lua_State *L)
{
    unsigned char mac[DX_SHA256_SIZE];
    size_t key_len, len;
    const char *key = luaL_checklstring(L, 1, &key_len);
    const char *text = luaL_checklstring(L, 2, &len);
    struct dx_digests *d = &state_of(L)->digests;

    if (dx_hmac_key(d, key, key_len) != 0 || dx_hmac(d, text, len, mac) != 0)
        return dx_no_memory(L);
    lua_pushlstring(L, (const char *)mac, sizeof mac);
    return 1;
}

/* core.hex(s) -> lower-case hex */
static int system_hex(lua_State *L)
{
    size_t len;
    const char *bytes = luaL_checklstring(L, 1, &len);
    struct dx_buf *text = new_text(L);

    if (dx_buf_reserve(text, 2 * len) != 0)
        return dx_no_memory(L);
    dx_hex((const unsigned char *)bytes, len, text->data);
    text->len = 2 * len;
    return push_text(L, text, 0);
}

/* core.base64(s) -> text with padding */
static int system_base64(lua_State *L)
{
    size_t len;
    const char *bytes = luaL_checklstring(L, 1, &len);
    struct dx_buf *text = new_text(L);

    return push_text(L, text, dx_base64(text, bytes, len));
}

/* core.base64url(s) -> text without padding */
static int system_base64url(lua_State *L)
{
    size_t len;
    const char *bytes = luaL_checklstring(L, 1, &len);
    struct dx_buf *text = new_text(L);

    return push_text(L, text, dx_base64url(text, bytes, len));
}

/* core.unbase64(s) -> bytes | nil, message */
static int system_unbase64(lua_State *L)
{
    size_t len;
    const char *digits = luaL_checklstring(L, 1, &len);
    struct dx_buf *text = new_text(L);

    if (dx_unbase64(text, digits, len) != 0)
        return text->failed ? dx_no_memory(L) : fail(L, "it is not base64");
    return push_text(L, text, 0);
}

/* core.es256(key, data) -> signature of 64 bytes | nil, message; the key is private, in PEM or DER */
static int system_es256(lua_State *L)
{
    unsigned char signature[2 * DX_P256_SIZE];
    size_t key_len, len;
    const char *key = luaL_checklstring(L, 1, &key_len);
    const char *data = luaL_checklstring(L, 2, &len);
    const char *problem = dx_es256_sign(key, key_len, data, len, signature);

    if (problem != NULL)
        return fail(L, problem);
    lua_pushlstring(L, (const char *)signature, sizeof signature);
    return 1;
}

/* core.es256_jwk(key) -> x, y of its public key, in base64url | nil, message */
static int system_es256_jwk(lua_State *L)
{
    unsigned char point[2 * DX_P256_SIZE];
    const char *half = (const char *)point;
    size_t key_len, first;
    const char *key = luaL_checklstring(L, 1, &key_len);
    const char *problem = dx_es256_public(key, key_len, point);
    struct dx_buf *text;

    if (problem != NULL)
        return fail(L, problem);
    text = new_text(L);
    if (dx_base64url(text, half, DX_P256_SIZE) != 0)
        return dx_no_memory(L);
    first = text->len;
    if (dx_base64url(text, half + DX_P256_SIZE, DX_P256_SIZE) != 0)
        return dx_no_memory(L);
    lua_pushlstring(L, text->data, first);
    lua_pushlstring(L, text->data + first, text->len - first);
    return 2;
}

static const luaL_Reg text_methods[] = {
    { "__gc", text_gc },
    { NULL, NULL }
};

static const luaL_Reg state_methods[] = {
    { "__gc", state_gc },
    { NULL, NULL }
};

static const luaL_Reg functions[] = {
    { "clock", system_clock },
    { "monotonic", system_monotonic },
    { "sleep", system_sleep },
    { "random_bytes", system_random_bytes },
    { "uuid", system_uuid },
    { "read_file", system_read_file },
    { "write_file", system_write_file },
    { "home", system_home },
    { "is_file", system_is_file },
    { "is_tty", system_is_tty },
    { "settle_streams", system_settle_streams },
    { "catch_termination", system_catch_termination },
    { "is_terminated", system_is_terminated },
    { "read_time", system_read_time },
    { "sha256", system_sha256 },
    { "sha1", system_sha1 },
    { "hmac_sha256", system_hmac_sha256 },
    { "hex", system_hex },
    { "base64", system_base64 },
    { "base64url", system_base64url },
    { "unbase64", system_unbase64 },
    { "es256", system_es256 },
    { "es256_jwk", system_es256_jwk },
    { NULL, NULL }
};

void dx_open_system(lua_State *L)
{
    const luaL_Reg *f;
    int module = lua_gettop(L);

    dx_new_class(L, &text_key, TEXT, text_methods);
    dx_new_class(L, &state_key, STATE, state_methods);
    lua_pop(L, 2);
    dx_new_object(L, &state_key, sizeof(struct state));
    for (f = functions; f->name != NULL; f++) {
        lua_pushvalue(L, -1);
        lua_pushcclosure(L, f->func, 1);
        lua_setfield(L, module, f->name);
    }
    lua_pop(L, 1);
}
