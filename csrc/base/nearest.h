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

/* A search for the name nearest to `word`: begin it, try each known name, then read `best`. */
struct dx_nearest {
    const char *word;
    size_t len;
    int limit;        /* the largest distance that the next name may have */
    int direction;    /* of the word: see nearest.c */
    const char *best; /* the nearest name tried, or NULL: none is near */
};

/* `word` must outlive the search. */
void dx_nearest_begin(struct dx_nearest *search, const char *word, size_t len);

/*
 * Tries a known name, which must outlive the search. Of names equally near the
 * first one wins. A name that means the opposite (connection_down for
 * connection_up, remove for add) never does.
 */
void dx_nearest_try(struct dx_nearest *search, const char *name, size_t len);

#endif
