/*
 * A session: one client's way to the network, with its proxy, its trust, its
 * connections and its transfers.
 *
 * What leaves is the exchange's header lines and body as they stand, with Host
 * and Content-Length, once. Redirects are not followed.
 */
#ifndef DX_SESSION_H
#define DX_SESSION_H

#include "net/transfer.h"

struct dx_session;

/* Each text may be NULL: a file of PEM certificates instead of the system's; their text, where the file can't be read
 * again; a proxy's URL. Returns NULL where one can't be used; *message then says why (a constant). */
struct dx_session *dx_session_new(struct dx_loop *l, const char *ca_bundle, const char *ca_text, const char *proxy,
                                  const char **message);

/* Ends the transfers as DX_CANCELLED, closes the connections, wipes what was kept. */
void dx_session_close(struct dx_session *s);
int dx_session_is_closed(const struct dx_session *s);
struct dx_loop *dx_session_loop(struct dx_session *s); /* of one that is open */

void dx_session_free(struct dx_session *s); /* closes it */

/* Begins to send x's request, see dx_transfer_start. NULL: no memory, or the session is closed. */
struct dx_transfer *dx_session_start(struct dx_session *s, struct dx_exchange *x, long connect_ms, long total_ms,
    long long id, struct dx_link *queue);

/* Cancels the active transfer with this id. */
void dx_session_cancel(struct dx_session *s, long long id);

#endif
