/*
 * Inside of transfer.c and session.c: what a session holds and how it prepares
 * libcurl's handles. Users of both include transfer.h alone.
 */
#ifndef DX_SESSION_H
#define DX_SESSION_H

#include "transfer.h"

struct dx_session {
    struct dx_cache cache;
    int holders;                /* its owner and the transfers that were not released yet */
    int closed;
    char *ca_bundle, *proxy, *proxy_user, *proxy_password, *no_proxy;
    const char *ca_directory;
    int proxy_for_https_only;
    struct dx_transfer *active; /* in flight */
    struct dx_transfer *spare;
    int nspare;
};

/* How transfer.c finishes what libcurl, or closing, ended. */
void dx_transfer_done(CURL *easy, CURLcode code);
void dx_transfer_conclude(struct dx_transfer *t, CURLcode code);
void dx_transfer_destroy(struct dx_transfer *t);

/* Tells an easy handle all that is the same for every transfer of the session. Returns 0 or -1. */
int dx_session_set_up(struct dx_session *s, CURL *easy);

/* The last holder frees the session. */
void dx_session_release(struct dx_session *s);

#endif
