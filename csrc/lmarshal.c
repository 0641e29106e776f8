/* (to be written) */
#include "lcore.h"

void dx_open_marshal(lua_State *L)
{
    (void)L;
}
