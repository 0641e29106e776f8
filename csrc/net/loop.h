/*
 * The event loop: drives the connections and transfers of many clients in one
 * thread. It looks what has happened, and tells the transfers; they and the
 * connections call nothing of its.
 *
 * A session is one client's way to the network, with its proxy, its trust, its
 * connections and its transfers. What leaves is the exchange's header lines and
 * body as they stand, with Host and Content-Length, once. Redirects are not
 * followed. Lua's handle and the sessions hold the loop.
 */
#ifndef DX_LOOP_H
#define DX_LOOP_H

#include "net/transfer.h"

struct dx_loop *dx_loop_new(void); /* NULL: no memory or no descriptor */
void dx_loop_release(struct dx_loop *l);

/* Handles what has happened; waits at most `us` microseconds (-1: some time) for the first event. */
void dx_loop_wait(struct dx_loop *l, long long us);

/* Microseconds until dx_loop_wait(l, 0) must be called though the descriptor shows nothing; -1: never. */
long long dx_loop_due(const struct dx_loop *l);

int dx_loop_fd(struct dx_loop *l);      /* see dx_poller_fd */
void dx_loop_wakeup(struct dx_loop *l); /* see dx_poller_wakeup */

/* At most n connections, idle ones included; 0: any number. Closes idle ones beyond it. */
void dx_loop_set_limit(struct dx_loop *l, int n);

/* Each text may be NULL: a file of PEM certificates instead of the system's; their text, where the file can't be read
 * again; a proxy's URL. Returns NULL where one can't be used; *message then says why (a constant). */
struct dx_session *dx_session_new(struct dx_loop *l, const char *ca_bundle, const char *ca_text, const char *proxy,
                                  const char **message);

/* Ends the transfers as DX_CANCELLED, closes the connections, wipes what was kept. */
void dx_session_close(struct dx_session *s);
void dx_session_free(struct dx_session *s); /* closes it */

/* Begins to send x's request, see dx_transfer_start. NULL: no memory, or the session is closed. */
struct dx_transfer *dx_session_start(struct dx_session *s, struct dx_exchange *x, long connect_ms, long total_ms,
    long long id, struct dx_link *queue);

/* Cancels the loop's active transfer with this id. */
void dx_loop_cancel(struct dx_loop *l, long long id);

#endif
