/* The nearest name to a misspelt one. */
#ifndef DX_NEAREST_H
#define DX_NEAREST_H

#include <stddef.h>

enum { DX_NEAREST_MAX = 64 }; /* longer words have no nearest name */

/*
 * How many single-character changes (insert, delete, replace, swap of
 * neighbours; letters in either case are equal) lead from one word to the
 * other; anything above `limit` comes back as limit + 1.
 */
int dx_distance(const char *a, size_t na, const char *b, size_t nb, int limit);

/* The largest distance at which a name still counts as near to a word of that length. */
int dx_near(size_t len);

#endif
