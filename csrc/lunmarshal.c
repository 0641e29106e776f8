/* (to be written) */
#include "lcore.h"

void dx_open_unmarshal(lua_State *L)
{
    (void)L;
}
