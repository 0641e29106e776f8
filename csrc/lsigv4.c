/* (to be written) */
#include "lcore.h"

void dx_open_sigv4(lua_State *L)
{
    (void)L;
}
