/* (to be written) */
#include "lcore.h"

void dx_open_model(lua_State *L)
{
    (void)L;
}
