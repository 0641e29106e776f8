/*
 * Detects fork() at the price of a comparison.
 */
#ifndef DX_FORKS_H
#define DX_FORKS_H

/* Call it before dx_forks. Returns 0, or -1: no memory. */
int dx_forks_watch(void);

/* How often this process and its ancestors were forked: it differs between parent and child. */
unsigned dx_forks(void);

#endif
