/* (to be written) */
#include "lcore.h"

void dx_open_secret(lua_State *L)
{
    (void)L;
}
