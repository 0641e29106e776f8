/*
 * libcurl's memory: every block is overwritten before it is released, so that
 * what was sent through libcurl's buffers does not stay in the process.
 */
#ifndef DX_ALLOCATOR_H
#define DX_ALLOCATOR_H

/* Bytes of an easy handle's receive buffer, through which goes what a proxy says; answers pass it by, but libcurl reads
 * no more than its size at once. */
enum { DX_RECEIVE = 500 * 1024 };

/* Initialises libcurl for this process, with the allocator above. Where somebody else did so first, libcurl keeps the
 * allocator it has. Returns 0, or -1; may be called again. */
int dx_curl_init(void);

#endif
