/*
 * The reader of answers, for Lua: used by transports whose sockets are Lua's.
 * The exchange is an argument of each step, and only compared in between, so
 * that neither object keeps the other alive.
 */
#include "lua/core.h"
#include "net/http1.h"

#define CLASS "dxconnect.reader"

static char class_key;

static struct dx_http1 *check(lua_State *L)
{
    return dx_check_object(L, 1, &class_key, CLASS);
}

/* The exchange at index 2, which must be the reader's. */
static struct dx_exchange *check_own_exchange(lua_State *L, const struct dx_http1 *r)
{
    struct dx_exchange *x = dx_check_exchange(L, 2);

    luaL_argcheck(L, x == r->x, 2, "not the exchange that the answer is for");
    return x;
}

/* core.reader(ex, method) -> reader. Drops the answer in ex. */
static int reader_new(lua_State *L)
{
    struct dx_exchange *x = dx_check_exchange(L, 1);
    const char *method = luaL_checkstring(L, 2);
    struct dx_http1 *r = dx_new_object(L, &class_key, sizeof *r);

    dx_http1_begin(r, x, method);
    return 1;
}

/* Pushes the reader's state; frees its line once it is over. */
static int push_state(lua_State *L, struct dx_http1 *r)
{
    if (dx_http1_is_over(r))
        dx_http1_free(r);
    if (r->state == DX_MALFORMED) {
        lua_pushnil(L);
        lua_pushstring(L, r->problem);
        return 2;
    }
    lua_pushboolean(L, r->state == DX_COMPLETE);
    lua_pushboolean(L, r->state == DX_COMPLETE && r->reusable);
    return 2;
}

/* Sets the exchange's status, or drops an answer that can't be completed. */
static void settle(struct dx_http1 *r, struct dx_exchange *x)
{
    if (r->state == DX_COMPLETE)
        x->status = r->status;
    else if (r->state == DX_MALFORMED)
        dx_exchange_clear_answer(x);
}

/*
 * reader:feed(ex, bytes) -> is_over, is_reusable | nil, message. `is_reusable`: once over, the connection may carry
 * something else; what comes behind an answer makes that false, now or later.
 */
static int reader_feed(lua_State *L)
{
    struct dx_http1 *r = check(L);
    struct dx_exchange *x = check_own_exchange(L, r);
    size_t len, used = 0;
    const char *bytes = luaL_checklstring(L, 3, &len);

    if (!dx_http1_is_over(r)) {
        used = dx_http1_feed(r, bytes, len);
        settle(r, x);
    }
    if (used < len)
        r->reusable = 0;
    return push_state(L, r);
}

/* reader:finish(ex): EOF. Returns as feed does; the answer is over in any case. */
static int reader_finish(lua_State *L)
{
    struct dx_http1 *r = check(L);
    struct dx_exchange *x = check_own_exchange(L, r);
    int was_over = dx_http1_is_over(r);

    dx_http1_end(r);
    if (!was_over)
        settle(r, x);
    return push_state(L, r);
}

/* reader:abandon(ex): gives up; drops an incomplete answer. */
static int reader_abandon(lua_State *L)
{
    struct dx_http1 *r = check(L);
    struct dx_exchange *x = check_own_exchange(L, r);

    if (!dx_http1_is_over(r)) {
        r->state = DX_MALFORMED;
        r->problem = "the answer was given up";
        settle(r, x);
    }
    r->reusable = 0;
    dx_http1_free(r);
    return 0;
}

static int reader_gc(lua_State *L)
{
    dx_http1_free(check(L));
    return 0;
}

static const luaL_Reg methods[] = {
    { "__gc", reader_gc },
    { "feed", reader_feed },
    { "finish", reader_finish },
    { "abandon", reader_abandon },
    { NULL, NULL }
};

static const luaL_Reg functions[] = {
    { "reader", reader_new },
    { NULL, NULL }
};

void dx_open_http1(lua_State *L)
{
    dx_new_class(L, &class_key, CLASS, methods);
    lua_pop(L, 1);
    dx_setfuncs(L, functions);
}
