/*
 * An exchange: a request and its answer.
 *
 * Lua holds it as a userdata ("dxconnect.exchange") and reuses it from call to
 * call. The marshaller fills `body`, the signer `url` and `head`; a transport
 * sends these and fills the answer, which the decoder reads. No stage copies
 * what an earlier one wrote.
 */
#ifndef DX_EXCHANGE_H
#define DX_EXCHANGE_H

#include "base/buf.h"

#define DX_EXCHANGE "dxconnect.exchange" /* name of its metatable */

enum {
    DX_REQUEST_MAX = 16 * 1024 * 1024,   /* bytes of a request's body */
    DX_HEAD_MAX = 256 * 1024,            /* bytes of all header lines, either way */
    DX_RESPONSE_MAX = 64 * 1024 * 1024,  /* bytes of an answer's body */
    DX_HEADERS_MAX = 1000,               /* header lines of an answer read from the network */
    DX_SECRETS_MAX = 16                  /* secret values of one request that are remembered */
};

/* A secret value in the request's body, without its quotes. */
struct dx_span {
    size_t at, len;
};

struct dx_exchange {
    /* the request */
    char method[16];         /* "POST", NUL-terminated */
    struct dx_buf url;       /* NUL-terminated */
    struct dx_buf head;      /* lines "name: value", each ended by a NUL */
    struct dx_buf body;
    const char *target;      /* "OvertureService.X", NULL where the request is not a call */
    char target_text[128];   /* room for the target of an operation outside the model */
    int secret;              /* the request holds a secret: wipe it when the call is over */
    char invocation_id[40];  /* the same in each attempt at a call; empty until the first */
    struct dx_span secrets[DX_SECRETS_MAX];
    int nsecrets;            /* the marshaller notes the first DX_SECRETS_MAX, */
    int has_more_secrets;    /* and that there are more */
    struct dx_buf scratch;   /* for the stage that runs */

    /* the answer */
    int status;              /* 0 until there is one */
    struct dx_buf rhead;     /* lines "name: value", names in lower case, each ended by a NUL */
    struct dx_buf rbody;
};

void dx_exchange_init(struct dx_exchange *x);

/* Forgets the answer, so that the request can be sent (again). */
void dx_exchange_clear_answer(struct dx_exchange *x);

/* Forgets request and answer, wipes secrets, releases large blocks. */
void dx_exchange_clear(struct dx_exchange *x);

void dx_exchange_free(struct dx_exchange *x);

/* The value of the first line of that name (lower case) in a head, NUL-terminated; NULL where there is none. */
const char *dx_exchange_line(const struct dx_buf *head, const char *name);

/* The same for the answer's head. */
const char *dx_exchange_header(const struct dx_exchange *x, const char *name);

#endif
