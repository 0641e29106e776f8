/* What the text modules ask of a terminal: columns of a text, and of the terminal itself. */
#include "lua/core.h"
#include "base/width.h"

#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LOCALE "dxconnect.locale"

static char locale_key;

static int locale_gc(lua_State *L)
{
    locale_t *locale = dx_check_object(L, 1, &locale_key, LOCALE);

    if (*locale != (locale_t)0)
        freelocale(*locale);
    *locale = (locale_t)0;
    return 0;
}

/*
 * core.text_width(text[, limit]) -> columns, bytes; nil: the text is not UTF-8
 * Counts at most `limit` columns, and tells how many bytes stand in them.
 */
static int text_width(lua_State *L)
{
    locale_t *locale = lua_touserdata(L, lua_upvalueindex(1));
    size_t len, end;
    const char *text = luaL_checklstring(L, 1, &len);
    lua_Number limit = luaL_optnumber(L, 2, INT_MAX);
    long width;

    if (*locale == (locale_t)0)
        *locale = dx_width_locale();
    width = dx_width(*locale, text, len, limit >= 0 && limit < INT_MAX ? (long)limit : INT_MAX, &end);
    if (width < 0)
        return 0;
    lua_pushinteger(L, (lua_Integer)width);
    lua_pushinteger(L, (lua_Integer)end);
    return 2;
}

/* core.terminal_columns() -> the width of the terminal that standard output is; nil: it is none */
static int terminal_columns(lua_State *L)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 0;
    lua_pushinteger(L, size.ws_col);
    return 1;
}

static const luaL_Reg locale_methods[] = {
    { "__gc", locale_gc },
    { NULL, NULL }
};

void dx_open_text(lua_State *L)
{
    dx_new_class(L, &locale_key, LOCALE, locale_methods);
    lua_pop(L, 1);
    dx_new_object(L, &locale_key, sizeof(locale_t));
    lua_pushcclosure(L, text_width, 1);
    lua_setfield(L, -2, "text_width");
    lua_pushcfunction(L, terminal_columns);
    lua_setfield(L, -2, "terminal_columns");
}
