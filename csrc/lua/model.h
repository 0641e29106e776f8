/* Operations of the model, as arguments of Lua functions. */
#ifndef DX_LMODEL_H
#define DX_LMODEL_H

#include "lua/core.h"
#include "model/model.h"

/* The operation whose id is the argument i; raises an argument error where there is none. */
const struct dx_operation *dx_check_operation(lua_State *L, int i);

#endif
