/*
 * A libFuzzer target around a Lua state: what it does with an input, and what must hold then, is in TARGET.lua, which
 * returns a function of the input. An error that this function raises is a finding.
 *
 * The core is compiled into the program with libFuzzer's own coverage. Lines of the project's Lua count as coverage too,
 * so that the fuzzer finds its way through parsers written in Lua as well.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

int luaopen_dxconnect_core(lua_State *L);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COUNTERS = 8192 }; /* a power of two */

__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t counters[COUNTERS];

static lua_State *L;

/* Counts the line together with the one before it, as libFuzzer counts edges. */
static void on_line(lua_State *state, lua_Debug *at)
{
    static unsigned before;
    unsigned here = 5381, edge;
    const char *p;

    lua_getinfo(state, "S", at);
    if (strstr(at->source, "lua/dxconnect/") == NULL)
        return;
    for (p = at->source; *p != '\0'; p++)
        here = here * 33 + (unsigned char)*p;
    here = here * 33 + (unsigned)at->currentline;
    edge = (here ^ before >> 1) % COUNTERS;
    before = here;
    if (counters[edge] < 255)
        counters[edge]++;
}

static void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, lua_tostring(L, -1));
    abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    L = luaL_newstate();
    luaL_openlibs(L);
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "preload");
    lua_pushcfunction(L, luaopen_dxconnect_core);
    lua_setfield(L, -2, "dxconnect.core");
    lua_settop(L, 0);
    if (luaL_dostring(L, "package.path = './lua/?.lua;./lua/?/init.lua;./?.lua;' .. package.path") != 0
        || luaL_dofile(L, "spec/fuzz/" TARGET ".lua") != 0)
        die("the target can't be loaded");
    if (!lua_isfunction(L, -1))
        abort();
    lua_sethook(L, on_line, LUA_MASKLINE, 0);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    lua_pushvalue(L, 1);
    lua_pushlstring(L, (const char *)data, size);
    if (lua_pcall(L, 1, 0, 0) != 0)
        die("found");
    return 0;
}
