/*
 * Tells a forked process from the one that it comes from, at the price of a
 * comparison.
 */
#ifndef DX_FORKS_H
#define DX_FORKS_H

/* To be called once before dx_forks is. Returns 0, or -1: no memory. */
int dx_forks_watch(void);

/* A number that is another in each process that this one was forked from, and in each that is forked from it. */
unsigned dx_forks(void);

#endif
