/*
 * libcurl's memory: every block is overwritten before it is released, so that
 * what was sent through libcurl's buffers does not stay in the process.
 */
#ifndef DX_ALLOCATOR_H
#define DX_ALLOCATOR_H

/* Bytes of an easy handle's receive buffer, which holds answers only: for most answers, and after one that was large. */
enum { DX_RECEIVE_SMALL = 40 * 1024, DX_RECEIVE_LARGE = 500 * 1024 };

/* Initialises libcurl for this process, with the allocator above. Where somebody else did so first, libcurl keeps the
 * allocator it has. Returns 0, or -1; may be called again. */
int dx_curl_init(void);

#endif
