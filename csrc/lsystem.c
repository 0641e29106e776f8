/* (to be written) */
#include "lcore.h"

void dx_open_system(lua_State *L)
{
    (void)L;
}
