/* Child processes: see process.h. */
#define _XOPEN_SOURCE 700

#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum {
    CHUNK = 4096,
    STEP_MS = 5     /* between two looks whether a command that closed its output has ended */
};

/* Whether a user sits at the terminal and could answer or interrupt the command. */
static int is_interactive(void)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    int answer = fd >= 0 && tcgetpgrp(fd) == getpgrp();

    if (fd >= 0)
        (void)close(fd);
    return answer;
}

/* Makes a pipe whose ends no other child inherits. */
static int open_pipe(int fds[2])
{
    if (pipe(fds) != 0)
        return errno;
    (void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    (void)fcntl(fds[0], F_SETFL, O_NONBLOCK);
    return 0;
}

/* The command starts with the signals of a fresh process, whatever ours blocks or ignores. */
static int set_attributes(posix_spawnattr_t *attributes, int is_group)
{
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    sigset_t signals;
    int status;

    sigemptyset(&signals);
    status = posix_spawnattr_setsigmask(attributes, &signals);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGCHLD);
    if (status == 0)
        status = posix_spawnattr_setsigdefault(attributes, &signals);
    if (is_group)
        flags |= POSIX_SPAWN_SETPGROUP;
    if (status == 0)
        status = posix_spawnattr_setflags(attributes, flags);
    return status;
}

static int spawn(struct dx_process *p, char *command, int output)
{
    static char shell[] = "sh", option[] = "-c";
    char *arguments[] = { shell, option, command, NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int status = posix_spawn_file_actions_init(&actions);

    if (status != 0)
        return status;
    status = posix_spawnattr_init(&attributes);
    if (status == 0) {
        status = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        if (status == 0)
            status = set_attributes(&attributes, p->is_group);
        if (status == 0)
            status = posix_spawn(&p->pid, "/bin/sh", &actions, &attributes, arguments, environ);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return status;
}

int dx_process_start(struct dx_process *p, const char *command)
{
    int fds[2], status;
    char *copy = strdup(command); /* execve takes no constant text */

    p->pid = 0;
    if (copy == NULL)
        return ENOMEM;
    status = open_pipe(fds);
    if (status != 0) {
        free(copy);
        return status;
    }
    p->owner = getpid();
    p->is_group = !is_interactive();
    status = spawn(p, copy, fds[1]);
    free(copy);
    (void)close(fds[1]);
    if (status != 0) {
        (void)close(fds[0]);
        p->pid = 0;
        return status;
    }
    p->fd = fds[0];
    p->is_open = 1;
    return 0;
}

static void close_output(struct dx_process *p)
{
    if (p->is_open)
        (void)close(p->fd);
    p->is_open = 0;
}

static int read_output(struct dx_process *p, struct dx_buf *output, struct dx_patience *patience)
{
    size_t got;
    int status;

    while (p->is_open) {
        if (output->max - output->len < CHUNK)
            return EFBIG;
        if (dx_buf_reserve(output, CHUNK) != 0)
            return ENOMEM;
        status = dx_file_next(p->fd, output->data + output->len, CHUNK, patience, &got);
        if (status != 0)
            return status;
        output->len += got;
        if (got == 0)
            close_output(p);
    }
    return 0;
}

/* Collects the command. Returns 0, ETIMEDOUT where it still runs, or EINTR. */
static int reap(struct dx_process *p, struct dx_patience *patience, int *status)
{
    const struct timespec step = { .tv_sec = 0, .tv_nsec = STEP_MS * 1000000L };
    pid_t ended;
    int code = 0;

    for (;;) {
        ended = waitpid(p->pid, &code, WNOHANG);
        if (ended > 0 || (ended < 0 && errno == ECHILD))
            break;
        if (patience->is_interrupted != NULL && patience->is_interrupted(patience->context))
            return EINTR;
        if (patience->seconds == 0)
            return ETIMEDOUT;
        (void)nanosleep(&step, NULL);
        if (patience->seconds > 0)
            patience->seconds = patience->seconds > STEP_MS * 1e-3 ? patience->seconds - STEP_MS * 1e-3 : 0;
    }
    p->pid = 0;
    *status = ended < 0 ? 0 : WIFSIGNALED(code) ? 128 + WTERMSIG(code) : WEXITSTATUS(code);
    return 0;
}

int dx_process_wait(struct dx_process *p, struct dx_buf *output, struct dx_patience *patience, int *status)
{
    int problem = read_output(p, output, patience);

    if (patience->seconds < 0 && problem == ETIMEDOUT)
        patience->seconds = 0;
    return problem != 0 ? problem : reap(p, patience, status);
}

void dx_process_kill(struct dx_process *p)
{
    close_output(p);
    if (p->pid > 0 && p->owner == getpid()) {
        (void)kill(p->is_group ? -p->pid : p->pid, SIGKILL);
        while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    p->pid = 0;
}
