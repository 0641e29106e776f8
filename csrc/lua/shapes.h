/*
 * Types of the tables of a result: one metatable for each shape of the model,
 * and one each for lists and maps without a shape. A metatable is made when its
 * first table is, and tells its type by an integer in the field `__shape`: the
 * shape's index in dx_shapes plus one, or DX_SHAPE_LIST or DX_SHAPE_MAP. Types
 * that text/types.lua makes have a table there: {kind = "list" or another,
 * secret = {name = true}, ...}.
 */
#ifndef DX_SHAPES_H
#define DX_SHAPES_H

#include "lua/core.h"
#include "model/model.h"

/* The types without a shape follow the shapes. */
#define DX_SHAPE_LIST (dx_nshapes + 1)
#define DX_SHAPE_MAP (dx_nshapes + 2)


/* Pushes the table of metatables, by type. Some may not be made yet. */
void dx_push_shapes(lua_State *L);

/* Makes the metatable of a type, keeps it in the table at index `shapes` and pushes it. */
void dx_make_shape(lua_State *L, int shapes, int type);

/* Sets the metatable of a type for the table on top; `shapes` is the index of the table of metatables. */
static inline void dx_set_shape(lua_State *L, int shapes, int type)
{
    lua_rawgeti(L, shapes, type);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        dx_make_shape(L, shapes, type);
    }
    lua_setmetatable(L, -2);
}

/*
 * Whether a member of that name is hidden wherever it stands: one that the model knows as secret, or one named like
 * those or like a secret of credentials, in any case and with words joined in any way ("auth_key", "newCak").
 */
int dx_is_hidden_name(const char *name, size_t len);

#endif
