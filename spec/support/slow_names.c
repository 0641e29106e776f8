/*
 * A resolver for specs, to be preloaded: the name slow.example is looked up for
 * as long as the file $DXCONNECT_HOLD exists; its address is 127.0.0.1 then.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (node != NULL && strcmp(node, "slow.example") == 0) {
        while (access(getenv("DXCONNECT_HOLD"), F_OK) == 0)
            usleep(1000);
        node = "127.0.0.1";
    }
    return real(node, service, hints, found);
}
