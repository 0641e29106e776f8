/* Child processes, as Lua holds them. */
#include "lua/core.h"
#include "base/process.h"

#include <errno.h>
#include <string.h>

#define CLASS "dxconnect.process"

static char class_key;

struct process {
    struct dx_process process;
    struct dx_buf output;
    int is_ended;
};

static struct process *check(lua_State *L)
{
    return dx_check_object(L, 1, &class_key, CLASS);
}

static int fail(lua_State *L, const char *what)
{
    lua_pushnil(L);
    lua_pushstring(L, what);
    return 2;
}

/* core.process(command) -> process | nil, message: runs it by the shell */
static int process_new(lua_State *L)
{
    size_t len;
    const char *command = luaL_checklstring(L, 1, &len);
    struct process *p;
    int status;

    if (strlen(command) != len)
        return fail(L, "the command holds a NUL");
    p = dx_new_object(L, &class_key, sizeof *p);
    dx_buf_init(&p->output, DX_FILE_MAX);
    status = dx_process_start(&p->process, command);
    if (status == 0)
        return 1;
    p->is_ended = 1;
    return fail(L, strerror(status));
}

/*
 * process:wait(seconds) -> output, status | nil, nil while it runs | nil, message
 * Ends early where a signal asks Lua to stop. After output, status or a message the process is gone.
 */
static int process_wait(lua_State *L)
{
    struct process *p = check(L);
    struct dx_hook hook = dx_get_hook(L);
    struct dx_patience patience = dx_opt_patience(L, 2, &hook);
    int status = 0, problem;

    if (p->is_ended)
        return fail(L, "the process is closed");
    problem = dx_process_wait(&p->process, &p->output, &patience, &status);
    if (problem == ETIMEDOUT || problem == EINTR) {
        lua_pushnil(L);
        return 1;
    }
    p->is_ended = 1;
    dx_process_kill(&p->process);
    if (problem == 0)
        lua_pushlstring(L, p->output.len > 0 ? p->output.data : "", p->output.len);
    dx_buf_free(&p->output);
    if (problem != 0)
        return fail(L, problem == EFBIG ? "the process printed more than 16 MiB" : strerror(problem));
    lua_pushinteger(L, status);
    return 2;
}

/* process:close(): ends it, if it still runs. Also when it is collected. */
static int process_close(lua_State *L)
{
    struct process *p = check(L);

    if (!p->is_ended)
        dx_process_kill(&p->process);
    dx_buf_free(&p->output);
    p->is_ended = 1;
    return 0;
}

static const luaL_Reg methods[] = {
    { "wait", process_wait },
    { "close", process_close },
    { "__gc", process_close },
    { NULL, NULL }
};

static const luaL_Reg functions[] = {
    { "process", process_new },
    { NULL, NULL }
};

void dx_open_process(lua_State *L)
{
    dx_new_class(L, &class_key, CLASS, methods);
    lua_pop(L, 1);
    dx_setfuncs(L, functions);
}
