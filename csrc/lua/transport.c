/* Sessions and their loop, for Lua: transfers that block, and transfers for a scheduler. */
#include "lua/core.h"
#include "net/loop.h"

#include <limits.h>
#include <string.h>

#define LOOP "dxconnect.loop"
#define SESSION "dxconnect.session"

struct loop {
    struct dx_loop *loop;
    struct dx_link finished; /* transfers that nobody has taken yet, oldest first */
};

struct session {
    struct dx_session *session;
};

static char loop_class_key, session_class_key;

/* Keys of the registry: the state's loop, and the exchanges in flight by the id of their transfer. */
static char loop_key, flying_key;

static const char *const kinds[] = { NULL, "connect", "tls", "timeout", "reset", "cancelled", "config" };

/* The loop at stack index 1. A finalizer that runs while Lua ends may meet a closed one. */
static struct loop *check_loop(lua_State *L)
{
    struct loop *l = dx_check_object(L, 1, &loop_class_key, LOOP);

    if (l->loop == NULL)
        luaL_error(L, "the loop is closed: Lua is ending");
    return l;
}

static struct session *check_session(lua_State *L)
{
    return dx_check_object(L, 1, &session_class_key, SESSION);
}

static struct dx_transfer *transfer_at(struct dx_link *link)
{
    return DX_OWNER(link, struct dx_transfer, link);
}

static struct dx_transfer *first_finished(struct loop *l)
{
    return dx_list_is_empty(&l->finished) ? NULL : transfer_at(l->finished.next);
}

/* Seconds as microseconds; -1 for none. */
static long long opt_microseconds(lua_State *L, int i)
{
    lua_Number seconds = luaL_optnumber(L, i, -1);

    if (!(seconds >= 0))
        return -1;
    return seconds > 1e9 ? (long long)1e15 : (long long)(seconds * 1e6);
}

/* Seconds as milliseconds, rounded up; 0 for none. */
static long opt_milliseconds(lua_State *L, int i)
{
    lua_Number ms = luaL_optnumber(L, i, 0) * 1000;

    if (!(ms > 0))
        return 0;
    if (ms >= INT_MAX)
        return INT_MAX;
    return (long)ms + ((lua_Number)(long)ms < ms);
}

/* ---- the loop */

/* Pushes the state's loop, made when first asked for. */
static struct loop *push_loop(lua_State *L)
{
    struct loop *l;

    if (dx_rawgetp(L, LUA_REGISTRYINDEX, &loop_key) == LUA_TUSERDATA)
        return lua_touserdata(L, -1);
    lua_pop(L, 1);
    l = dx_new_object(L, &loop_class_key, sizeof *l);
    dx_list_init(&l->finished);
    l->loop = dx_loop_new();
    if (l->loop == NULL)
        dx_no_memory(L);
    lua_newtable(L);
    dx_rawsetp(L, LUA_REGISTRYINDEX, &flying_key);
    lua_pushvalue(L, -1);
    dx_rawsetp(L, LUA_REGISTRYINDEX, &loop_key);
    return l;
}

static int loop_get(lua_State *L)
{
    push_loop(L);
    return 1;
}

static int loop_gc(lua_State *L)
{
    struct loop *l = dx_check_object(L, 1, &loop_class_key, LOOP);

    if (l->loop == NULL)
        return 0;
    while (first_finished(l) != NULL)
        dx_transfer_release(first_finished(l));
    dx_loop_release(l->loop);
    l->loop = NULL;
    return 0;
}

static int loop_wait(lua_State *L)
{
    struct loop *l = check_loop(L);
    long long us = opt_microseconds(L, 2);

    dx_loop_wait(l->loop, first_finished(l) != NULL ? 0 : us);
    return 0;
}

/* Lets the exchange of a finished transfer be collected. */
static void forget(lua_State *L, lua_Integer id)
{
    dx_rawgetp(L, LUA_REGISTRYINDEX, &flying_key);
    lua_pushinteger(L, id);
    lua_pushnil(L);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* Pushes true, or nil, message, kind, sent. */
static int push_outcome(lua_State *L, enum dx_kind kind, const char *message, int sent)
{
    if (kind == DX_DONE) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushnil(L);
    lua_pushstring(L, message);
    lua_pushstring(L, kinds[kind]);
    lua_pushboolean(L, sent);
    return 4;
}

/* next() -> id, outcome of a finished transfer | nothing */
static int loop_next(lua_State *L)
{
    struct dx_transfer *t = first_finished(check_loop(L));
    int n;

    if (t == NULL)
        return 0;
    lua_pushinteger(L, (lua_Integer)t->id);
    n = push_outcome(L, t->kind, t->message, t->sent) + 1;
    forget(L, (lua_Integer)t->id);
    dx_transfer_release(t);
    return n;
}

static int loop_now(lua_State *L)
{
    lua_pushnumber(L, (lua_Number)dx_now() / 1e6);
    return 1;
}

/* due() -> seconds until wait(0) must be called though the descriptor shows nothing, or nil */
static int loop_due(lua_State *L)
{
    struct loop *l = check_loop(L);
    long long us = first_finished(l) != NULL ? 0 : dx_loop_due(l->loop);

    if (us < 0)
        return 0;
    lua_pushnumber(L, (lua_Number)us / 1e6);
    return 1;
}

static int loop_fd(lua_State *L)
{
    int fd = dx_loop_fd(check_loop(L)->loop);

    if (fd < 0)
        return 0;
    lua_pushinteger(L, fd);
    return 1;
}

static int loop_wakeup(lua_State *L)
{
    dx_loop_wakeup(check_loop(L)->loop);
    return 0;
}

static int loop_limit(lua_State *L)
{
    lua_Number n = luaL_optnumber(L, 2, 0);

    dx_loop_set_limit(check_loop(L)->loop, !(n > 0) ? 0 : n < INT_MAX ? (int)n : INT_MAX);
    return 0;
}

/* ---- sessions */

static const char *opt_field(lua_State *L, const char *name)
{
    lua_getfield(L, 1, name); /* stays on the stack: the string must live */
    return luaL_optstring(L, -1, NULL);
}

static int session_new(lua_State *L)
{
    const char *ca_bundle, *ca_text, *proxy, *message;
    struct session *s;
    struct loop *l;

    luaL_checktype(L, 1, LUA_TTABLE);
    ca_bundle = opt_field(L, "ca_bundle");
    ca_text = opt_field(L, "ca_text");
    proxy = opt_field(L, "proxy");
    l = push_loop(L);
    if (l->loop == NULL)
        return luaL_error(L, "the loop is closed: Lua is ending");
    s = dx_new_object(L, &session_class_key, sizeof *s);
    s->session = dx_session_new(l->loop, ca_bundle, ca_text, proxy, &message);
    if (s->session == NULL) {
        lua_pushnil(L);
        lua_pushstring(L, message);
        return 2;
    }
    return 1;
}

static int session_close(lua_State *L)
{
    struct session *s = check_session(L);

    if (s->session != NULL)
        dx_session_close(s->session);
    return 0;
}

static int session_gc(lua_State *L)
{
    struct session *s = check_session(L);

    if (s->session != NULL)
        dx_session_free(s->session);
    s->session = NULL;
    return 0;
}

/* Pushes the failure of a transfer that could not begin. */
static int push_no_start(lua_State *L, const struct session *s)
{
    int closed = s->session == NULL || s->session->is_closed;

    if (closed)
        return push_outcome(L, DX_CANCELLED, "the client is closed", 0);
    return push_outcome(L, DX_CONNECT, "not enough memory", 0);
}

/* perform(ex, connect_timeout, timeout) -> true, or nil, message, kind, sent */
static int session_perform(lua_State *L)
{
    struct session *s = check_session(L);
    struct dx_exchange *x = dx_check_exchange(L, 2);
    long connect_ms = opt_milliseconds(L, 3), total_ms = opt_milliseconds(L, 4);
    struct dx_transfer *t = NULL;
    struct dx_loop *l;
    struct dx_hook hook = dx_get_hook(L);
    char message[sizeof t->message];
    enum dx_kind kind;
    int sent;

    if (s->session != NULL)
        t = dx_session_start(s->session, x, connect_ms, total_ms, 0, NULL);
    if (t == NULL)
        return push_no_start(L, s);
    l = s->session->loop;
    while (!t->finished && !dx_is_interrupted(&hook))
        dx_loop_wait(l, -1);
    if (!t->finished) /* Lua raises "interrupted!" as soon as this returns */
        dx_transfer_fail(t, DX_CANCELLED, "interrupted");
    kind = t->kind;
    sent = t->sent;
    memcpy(message, t->message, sizeof message);
    dx_transfer_release(t); /* before Lua is called, which may raise */
    return push_outcome(L, kind, message, sent);
}

/* start(id, ex, connect_timeout, timeout) -> true, or as perform. The loop's next() returns the outcome. */
static int session_start(lua_State *L)
{
    struct session *s = check_session(L);
    lua_Integer id = luaL_checkinteger(L, 2);
    struct dx_exchange *x = dx_check_exchange(L, 3);
    long connect_ms = opt_milliseconds(L, 4), total_ms = opt_milliseconds(L, 5);
    struct loop *l = push_loop(L);
    struct dx_transfer *t = NULL;

    dx_rawgetp(L, LUA_REGISTRYINDEX, &flying_key);
    lua_pushinteger(L, id);
    lua_pushvalue(L, 3);
    lua_rawset(L, -3);
    if (s->session != NULL && l->loop != NULL)
        t = dx_session_start(s->session, x, connect_ms, total_ms, id, &l->finished);
    if (t == NULL) {
        forget(L, id);
        return push_no_start(L, s);
    }
    lua_pushboolean(L, 1);
    return 1;
}

/* cancel(id): cancels a transfer and closes its connection */
static int session_cancel(lua_State *L)
{
    lua_Integer id = luaL_checkinteger(L, 2);
    struct loop *l = push_loop(L);
    struct dx_transfer *t;

    check_session(L);
    if (l->loop == NULL)
        return 0;
    t = dx_transfers_find(&l->finished, id);
    if (t != NULL)
        dx_transfer_release(t);
    else
        dx_loop_cancel(l->loop, id);
    forget(L, id);
    return 0;
}

static const luaL_Reg loop_meta[] = {
    { "__gc", loop_gc },
    { "wait", loop_wait },
    { "next", loop_next },
    { "now", loop_now },
    { "due", loop_due },
    { "fd", loop_fd },
    { "wakeup", loop_wakeup },
    { "limit", loop_limit },
    { NULL, NULL }
};

static const luaL_Reg session_meta[] = {
    { "__gc", session_gc },
    { "perform", session_perform },
    { "start", session_start },
    { "cancel", session_cancel },
    { "close", session_close },
    { NULL, NULL }
};

static const luaL_Reg functions[] = {
    { "loop", loop_get },
    { "session", session_new },
    { NULL, NULL }
};

void dx_open_curl(lua_State *L)
{
    dx_new_class(L, &loop_class_key, LOOP, loop_meta);
    dx_new_class(L, &session_class_key, SESSION, session_meta);
    lua_pop(L, 2);
    dx_setfuncs(L, functions);
}
