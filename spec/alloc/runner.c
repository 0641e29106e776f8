/*
 * Makes every allocation fail in turn, and looks whether what asked for it comes through.
 *
 *   runner SCENARIOS LIMIT [ARGUMENT...]
 *
 * SCENARIOS is a Lua file that returns a list of `{name, run = function, check = function, fresh = "state" or "process"}`.
 * Each `run` is called again and again while the n-th allocation fails, for n from 1 until it gets to its end without a
 * failure; with LIMIT (0: none) only as many of the n are tried, spread evenly. Where allocations fail is told by "how":
 * Lua's allocator or C's, and there the n-th (for Lua's: and the next, since Lua collects and asks again), or all from
 * the n-th on. After each failure `check(ok, true, ...)` judges what came of it, and `run` is called once more undisturbed,
 * which must work: `check(ok, false, ...)`. What is fresh has a state, or a process, of its own for each failure, so that
 * what happens only once fails as well.
 *
 * C's allocations are those of the core, which was linked with `malloc` and its like wrapped. Those of libcurl and
 * OpenSSL are their own to test.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#if LUA_VERSION_NUM < 502
#define lua_rawlen lua_objlen
#endif

enum who { NOBODY, LUA, C };

/* What fails: the requests from the n-th on, `count` of them (0: all). */
static struct {
    enum who who;
    long n, count, seen, failed;
} plan;

static int must_fail(enum who who)
{
    if (plan.who != who || ++plan.seen < plan.n || (plan.count > 0 && plan.seen >= plan.n + plan.count))
        return 0;
    plan.failed++;
    return 1;
}

/* ---- C's allocator, as the core sees it */

void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t n)
{
    return must_fail(C) ? NULL : malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return must_fail(C) ? NULL : calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return must_fail(C) ? NULL : realloc(p, n);
}

char *__wrap_strdup(const char *text)
{
    return must_fail(C) ? NULL : strdup(text);
}

/* Modules stay mapped, so that a report of leaks can name their functions. */
int dlclose(void *handle);

int dlclose(void *handle)
{
    (void)handle;
    return 0;
}

/* ---- Lua's; it may not fail when a block shrinks */

static void *lua_alloc(void *unused, void *p, size_t had, size_t n)
{
    (void)unused;
    if (n == 0) {
        free(p);
        return NULL;
    }
    if ((p == NULL || n > had) && must_fail(LUA))
        return NULL;
    return realloc(p, n);
}

/* ---- scenarios */

enum { PATIENCE = 20 }; /* seconds that a run may take before it counts as hanging */

static char doing[200];

static void on_alarm(int signal)
{
    static const char text[] = "FAILED, it hangs: ";

    (void)signal;
    if (write(STDOUT_FILENO, text, sizeof text - 1) < 0 || write(STDOUT_FILENO, doing, strlen(doing)) < 0
        || write(STDOUT_FILENO, "\n", 1) < 0)
        _exit(6);
    _exit(5);
}

static const struct {
    const char *name;
    enum who who;
    long count;
} hows[] = {
    { "Lua's n-th", LUA, 2 },
    { "Lua's from the n-th on", LUA, 0 },
    { "C's n-th", C, 1 },
    { "C's from the n-th on", C, 0 },
};

static const char *file;
static char **arguments;
static int narguments;
static long limit;
static long injections, bad;

static void complain(const char *scenario, size_t how, long n, const char *what)
{
    printf("FAILED %s, %s, n = %ld: %s\n", scenario, hows[how].name, n, what);
    fflush(stdout);
    bad++;
}

/* A state with the list of scenarios at stack index 1. */
static lua_State *new_state(void)
{
    lua_State *L = lua_newstate(lua_alloc, NULL);
    int i;

    if (L == NULL)
        abort();
    luaL_openlibs(L);
    if (luaL_loadfile(L, file) != 0) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        exit(2);
    }
    for (i = 0; i < narguments; i++)
        lua_pushstring(L, arguments[i]);
    if (lua_pcall(L, narguments, 1, 0) != 0) {
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
        exit(2);
    }
    return L;
}

/* Pushes a field of the scenario at stack index 2. */
static void push(lua_State *L, const char *name)
{
    lua_getfield(L, 2, name);
}

/* Calls `check` with what `run` left from stack index 3 on. */
static void check(lua_State *L, const char *scenario, size_t how, long n, int ok)
{
    int results = lua_gettop(L) - 2;

    push(L, "check");
    lua_insert(L, 3);
    lua_pushboolean(L, ok);
    lua_insert(L, 4);
    lua_pushboolean(L, n > 0);
    lua_insert(L, 5);
    if (lua_pcall(L, results + 2, 1, 0) != 0 || lua_type(L, -1) == LUA_TSTRING)
        complain(scenario, how, n, lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "check raised no text");
    lua_settop(L, 2);
}

/* Calls `run` with the n-th allocation failing, n 0: with none. Returns whether one failed. */
static int run(lua_State *L, const char *scenario, size_t how, long n)
{
    int status;

    push(L, "run");
    if (n > 0) {
        plan.n = n;
        plan.count = hows[how].count;
        plan.seen = plan.failed = 0;
        plan.who = hows[how].who;
    }
    snprintf(doing, sizeof doing, "%s, %s, n = %ld", scenario, hows[how].name, n);
    alarm(PATIENCE);
    status = lua_pcall(L, 0, LUA_MULTRET, 0);
    alarm(0);
    plan.who = NOBODY;
    check(L, scenario, how, n, status == 0);
    return n > 0 && plan.failed > 0;
}

static void select_scenario(lua_State *L, size_t i)
{
    lua_settop(L, 1);
    lua_rawgeti(L, 1, (int)i);
}

/* Fails once and tries again, in a state of its own. Returns whether an allocation failed. */
static int run_fresh(size_t i, const char *scenario, size_t how, long n)
{
    lua_State *L = new_state();
    int failed;

    select_scenario(L, i);
    failed = run(L, scenario, how, n);
    run(L, scenario, how, 0);
    lua_close(L);
    return failed;
}

/* As run_fresh, in a process of its own, which says by its status what happened. */
static int run_process(size_t i, const char *scenario, size_t how, long n)
{
    int status = 0;
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        int failed;

        bad = 0;
        failed = run_fresh(i, scenario, how, n);
        fflush(stdout);
        if (bad > 0)
            _exit(4);
        if (limit == 0)
            exit(failed ? 3 : 0); /* with a look for leaks */
        _exit(failed ? 3 : 0);
    }
    waitpid(pid, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 4)
        bad++;
    else if (!WIFEXITED(status) || (WEXITSTATUS(status) != 3 && WEXITSTATUS(status) != 0))
        complain(scenario, how, n, "the process died");
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

enum fresh { NO, STATE, PROCESS };

static int once(lua_State *L, enum fresh fresh, size_t i, const char *name, size_t how, long n)
{
    switch (fresh) {
    case STATE:
        return run_fresh(i, name, how, n);
    case PROCESS:
        return run_process(i, name, how, n);
    default:
        return run(L, name, how, n);
    }
}

/* How many requests the scenario makes. */
static long count(lua_State *L, enum fresh fresh, size_t i, const char *name, size_t how)
{
    long low = 0, high = 1;

    if (fresh == NO) {
        once(L, fresh, i, name, how, 1000000000);
        return plan.seen;
    }
    if (fresh == STATE) {
        run_fresh(i, name, how, 1000000000);
        return plan.seen;
    }
    while (high < 1000000 && once(L, fresh, i, name, how, high))
        low = high, high *= 2;
    while (high - low > 1 && (limit == 0 || high - low > low / 8)) {
        long middle = low + (high - low) / 2;

        if (once(L, fresh, i, name, how, middle))
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void scenario(size_t i)
{
    lua_State *L = new_state();
    const char *name, *text;
    enum fresh fresh;
    size_t how;

    select_scenario(L, i);
    push(L, "name");
    name = strdup(lua_tostring(L, -1));
    push(L, "fresh");
    text = lua_tostring(L, -1);
    fresh = text == NULL ? NO : strcmp(text, "state") == 0 ? STATE : PROCESS;
    lua_settop(L, 2);
    if (fresh == NO) /* warm */
        run(L, name, 0, 0);
    for (how = 0; how < sizeof hows / sizeof *hows; how++) {
        long n, last = 0, tried = 0, total = count(L, fresh, i, name, how);
        long most = fresh == PROCESS && limit > 8 ? limit / 8 : limit;
        long step = most == 0 || total <= most ? 1 : (total + most - 1) / most;

        for (n = 1; n <= total + step; n += step) {
            int failed = once(L, fresh, i, name, how, n);

            if (fresh == NO)
                run(L, name, how, 0);
            if (!failed)
                break;
            tried++;
            last = n;
        }
        injections += tried;
        if (tried > 0)
            printf("%-34s %-24s %6ld of %6ld\n", name, hows[how].name, tried, last > total ? last : total);
    }
    lua_close(L);
    free((void *)name);
}

int main(int argc, char **argv)
{
    lua_State *L;
    size_t i, n;

    if (argc < 3)
        return 2;
    file = argv[1];
    limit = atol(argv[2]);
    arguments = argv + 3;
    narguments = argc - 3;
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGALRM, on_alarm);
    L = new_state();
    n = lua_rawlen(L, 1);
    lua_close(L);
    for (i = 1; i <= n; i++)
        scenario(i);
    printf("%ld allocations failed, %ld of them badly\n", injections, bad);
    return bad > 0;
}
