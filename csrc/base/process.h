/*
 * Child processes of the shell, whose output is read with patience.
 */
#ifndef DX_PROCESS_H
#define DX_PROCESS_H

#include "base/file.h"

#include <sys/types.h>

struct dx_process {
    pid_t pid;      /* 0: there is none, or it has been waited for */
    pid_t owner;    /* the process that started it: a forked copy leaves it alone */
    int fd;         /* its standard output; valid while is_open */
    int is_open;
    int is_group;   /* it leads a process group of its own */
};

/*
 * Runs `sh -c command`. Standard input and error are ours. On a terminal of
 * ours the command stays in our process group, so that it can ask its user and
 * Ctrl-C reaches it; elsewhere it gets a group, which dx_process_kill ends as a
 * whole. Returns 0 or an errno value.
 */
int dx_process_start(struct dx_process *p, const char *command);

/*
 * Reads until the command has closed its output and ended. Returns 0 and sets
 * *status, as a shell tells it (128 and the signal where one ended the command;
 * 0 where somebody else collected it); or an errno value: ETIMEDOUT, EINTR,
 * EFBIG where the output does not fit. May be called again after the first two.
 */
int dx_process_wait(struct dx_process *p, struct dx_buf *output, struct dx_patience *patience, int *status);

/* Ends the command if it still runs. Idempotent. */
void dx_process_kill(struct dx_process *p);

#endif
