/*
 * What is the same for all connections of a client: its trust and its proxy,
 * and how they are told to libcurl.
 */
#ifndef DX_SETTINGS_H
#define DX_SETTINGS_H

#include "base/buf.h"

#include <curl/curl.h>

struct dx_settings { /* texts are NUL-terminated, or empty */
    struct dx_buf ca_bundle;    /* a file of PEM certificates instead of the system's */
    struct dx_buf ca_text;      /* the same certificates as PEM, where the file can't be read again; may be empty */
    const char *ca_directory;   /* the system's, looked for at first use */
    int has_looked;
    struct dx_buf proxy;        /* its URL without user and password */
    struct dx_buf proxy_user;   /* "user:password" as in the URL */
    struct dx_buf proxy_line;   /* the same as a header line */
};

/* Returns NULL, or what is wrong with the arguments (a constant); dx_settings_free is due in any case. */
const char *dx_settings_init(struct dx_settings *s, const char *ca_bundle, const char *ca_text, const char *proxy);
void dx_settings_free(struct dx_settings *s); /* wipes them */

/* Sets the options of a handle that connects to an origin, a URL. Returns 0, or -1: no memory. */
int dx_settings_apply(struct dx_settings *s, CURL *easy, const char *origin);

#endif
