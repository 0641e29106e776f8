/* (to be written) */
#include "lcore.h"

void dx_open_curl(lua_State *L)
{
    (void)L;
}
