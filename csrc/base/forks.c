/* Counts forks: see forks.h. */
#include "base/forks.h"

#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_watching;
static unsigned forks;

static void count(void)
{
    forks++;
}

static void watch(void)
{
    is_watching = pthread_atfork(NULL, NULL, count) == 0;
}

int dx_forks_watch(void)
{
    return pthread_once(&once, watch) == 0 && is_watching ? 0 : -1;
}

unsigned dx_forks(void)
{
    return forks;
}
