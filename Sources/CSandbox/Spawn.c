// Starts a child with its limits. Between fork and exec only async-signal-safe calls are made: the caller has threads.
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAXIMUM_MOUNTS 16

// Steps of the child, in the order in which they are taken; the number goes through the pipe.
enum step {
    STEP_FORK, STEP_PIPE, STEP_CGROUP, STEP_SESSION, STEP_UNSHARE, STEP_PRIVATE, STEP_STAGE, STEP_MOUNT_POINT, STEP_MOUNT,
    STEP_LIMIT, STEP_DIRECTORY, STEP_GROUPS, STEP_GID, STEP_UID, STEP_PRIVILEGES, STEP_PARENT, STEP_OUTPUT,
    STEP_FILTER, STEP_EXEC,
};

static const char *const step_names[] = {
    "fork", "pipe", "join cgroup", "setsid", "unshare mounts", "make mounts private", "mount stage", "make mount point",
    "mount", "setrlimit", "fchdir", "setgroups", "setgid", "setuid", "no_new_privs", "parent death signal",
    "redirect output", "filter system calls", "exec",
};

struct report {
    int step;
    int code;
};

static void fail(int pipe, enum step step) {
    struct report report = {step, errno};
    ssize_t written = write(pipe, &report, sizeof report);
    (void)written;
    _exit(127);
}

static void make_stage(const vibe_spawn_request *request, int pipe) {
    // Copies of the mounts are taken by descriptor before the namespace is left: each is the very file or folder that the
    // server opened, whatever its path leads to now.
    int trees[MAXIMUM_MOUNTS];
    if (request->mount_count > MAXIMUM_MOUNTS) {
        errno = E2BIG;
        fail(pipe, STEP_MOUNT);
    }
    for (size_t i = 0; i < request->mount_count; i++) {
        trees[i] = (int)syscall(SYS_open_tree, request->mounts[i].source, "",
                                AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
        if (trees[i] < 0) fail(pipe, STEP_MOUNT);
    }
    if (unshare(CLONE_NEWNS) != 0) fail(pipe, STEP_UNSHARE);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail(pipe, STEP_PRIVATE);
    if (mount("tmpfs", request->stage, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64k") != 0) fail(pipe, STEP_STAGE);
    int stage = open(request->stage, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (stage < 0 || fchdir(stage) != 0) fail(pipe, STEP_STAGE);
    for (size_t i = 0; i < request->mount_count; i++) {
        const vibe_spawn_mount *each = &request->mounts[i];
        if (each->is_directory) {
            if (mkdir(each->name, 0755) != 0) fail(pipe, STEP_MOUNT_POINT);
        } else {
            int file = open(each->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
            if (file < 0) fail(pipe, STEP_MOUNT_POINT);
            close(file);
        }
        if (syscall(SYS_move_mount, trees[i], "", AT_FDCWD, each->name, MOVE_MOUNT_F_EMPTY_PATH) != 0)
            fail(pipe, STEP_MOUNT);
    }
}

static void run_child(const vibe_spawn_request *request, int pipe, pid_t parent) {
    for (size_t i = 0; i < request->cgroup_count; i++)
        if (write(request->cgroups[i], "0", 1) != 1) fail(pipe, STEP_CGROUP);
    if (setsid() < 0) fail(pipe, STEP_SESSION);
    if (request->stage != NULL) make_stage(request, pipe);
    if (request->directory >= 0) {
        if (fchdir(request->directory) != 0) fail(pipe, STEP_DIRECTORY);
    } else if (request->stage != NULL && chdir("/") != 0) {
        fail(pipe, STEP_DIRECTORY);
    }

    // Raw calls: the C library's own would try to change threads that do not exist after the fork.
    if (request->changes_uid) {
        if (syscall(SYS_setgroups, 0, NULL) != 0) fail(pipe, STEP_GROUPS);
        if (syscall(SYS_setresgid, request->uid, request->uid, request->uid) != 0) fail(pipe, STEP_GID);
        if (syscall(SYS_setresuid, request->uid, request->uid, request->uid) != 0) fail(pipe, STEP_UID);
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail(pipe, STEP_PRIVILEGES);
    // After the change of user, which clears it.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail(pipe, STEP_PARENT);
    if (getppid() != parent) _exit(127);

    int input = open("/dev/null", O_RDONLY);
    if (input < 0 || dup2(input, 0) < 0 || dup2(request->output, 1) < 0 || dup2(request->output, 2) < 0)
        fail(pipe, STEP_OUTPUT);
    // The pipe closes with the exec; so does whatever another thread opened without O_CLOEXEC.
    if (dup2(pipe, 3) < 0 || fcntl(3, F_SETFD, FD_CLOEXEC) != 0) fail(pipe, STEP_OUTPUT);
    if (syscall(SYS_close_range, 4, ~0U, 0) != 0) fail(3, STEP_OUTPUT);
    // Last, for nothing can be opened past its own limit while the server's descriptors are still there.
    for (size_t i = 0; i < request->limit_count; i++) {
        struct rlimit limit = {request->limits[i].value, request->limits[i].value};
        if (setrlimit(request->limits[i].resource, &limit) != 0) fail(3, STEP_LIMIT);
    }

    // Now that few descriptors are open, and with low numbers: a limit on them holds for the next one.
    for (size_t i = 0; i < request->limit_count; i++) {
        struct rlimit limit = {request->limits[i].value, request->limits[i].value};
        if (setrlimit(request->limits[i].resource, &limit) != 0) fail(3, STEP_LIMIT);
    }

    for (int signal = 1; signal < NSIG; signal++) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_handler = SIG_DFL;
        sigaction(signal, &action, NULL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // A keyring of its own: what is in the server's session is not to be had by who inherits it. Not every kernel has any.
    syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
    if (request->filters_system_calls && vibe_filter_system_calls() != 0) fail(3, STEP_FILTER);
    execve(request->program, request->arguments, request->environment);
    fail(3, STEP_EXEC);
}

static pid_t failed(vibe_spawn_failure *failure, enum step step, int code) {
    failure->operation = step_names[step];
    failure->code = code;
    return -1;
}

pid_t vibe_spawn(const vibe_spawn_request *request, vibe_spawn_failure *failure) {
    int ends[2];
    failure->code = 0;
    failure->operation = NULL;
    if (pipe2(ends, O_CLOEXEC) != 0) return failed(failure, STEP_PIPE, errno);

    // No signal handler of the server may run in the child.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) run_child(request, ends[1], parent);
    int code = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return failed(failure, STEP_FORK, code);
    }

    // Ends with the exec, or with what failed before it.
    struct report report;
    ssize_t count;
    do count = read(ends[0], &report, sizeof report); while (count < 0 && errno == EINTR);
    close(ends[0]);
    if (count != (ssize_t)sizeof report) return child;
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return failed(failure, (enum step)report.step, report.code);
}
