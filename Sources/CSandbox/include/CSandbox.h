// System calls that neither Glibc's Swift module nor Foundation expose.
#ifndef VIBE_CSANDBOX_H
#define VIBE_CSANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Opens `path` below the directory descriptor `directory` with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS.
/// Returns a descriptor, or -1 with `errno` set.
int vibe_open_beneath(int directory, const char *path, int flags, uint32_t mode);

/// Holds what `path` itself is below `directory` (O_PATH), resolved as above; -1 and errno when there is none.
int vibe_hold_beneath(int directory, const char *path);

/// One bind mount that the child makes, before it drops its privileges, in a mount namespace of its own.
typedef struct {
    /// What is mounted: a descriptor of a file or directory. It must be inheritable for the child alone (O_CLOEXEC is fine).
    int source;
    /// Where, below the folder `vibe_spawn_request.stage`: a single name without a slash.
    const char *name;
    /// Whether `source` is a directory.
    int is_directory;
} vibe_spawn_mount;

/// A resource limit, as for setrlimit(2); both soft and hard.
typedef struct {
    int resource;
    uint64_t value;
} vibe_spawn_limit;

/// How a child is started. All arrays end with a null pointer or have a count; nothing is kept after the call.
typedef struct {
    const char *program;
    char *const *arguments;
    char *const *environment;
    /// A descriptor to run in, or -1.
    int directory;
    /// Where its output and errors go; its input is empty.
    int output;
    /// Descriptors of `cgroup.procs` files that the child joins before all else.
    const int *cgroups;
    size_t cgroup_count;
    const vibe_spawn_limit *limits;
    size_t limit_count;
    /// A folder to mount a tmpfs and then `mounts` over, seen by the child alone; null for none.
    const char *stage;
    const vibe_spawn_mount *mounts;
    size_t mount_count;
    /// Whether to change to `uid` (as user and group, without further groups).
    int changes_uid;
    uint32_t uid;
    /// Whether it may make the system calls of an ordinary program only (`vibe_filter_system_calls`).
    int filters_system_calls;
} vibe_spawn_request;

/// What failed in a child before it ran its program.
typedef struct {
    /// 0 when nothing failed, else an `errno`.
    int code;
    /// The operation, such as "mount": a static string, or null.
    const char *operation;
} vibe_spawn_failure;

/// Starts a child in a process group of its own with the given limits and returns its process id, or -1 with `failure` set.
/// The child gets SIGKILL when the calling *thread* ends. No descriptor of the caller stays open in it.
pid_t vibe_spawn(const vibe_spawn_request *request, vibe_spawn_failure *failure);

/// Takes from the calling thread, for good, system calls and socket families that no app needs and that a namespace does not
/// hold (VSOCK reaches the machine around this one) or that widen the way into the kernel. They fail with ENOSYS and
/// EAFNOSUPPORT. Needs no_new_privs. 0, or -1 with `errno` set.
int vibe_filter_system_calls(void);

/// pidfd_open(2).
int vibe_pidfd_open(pid_t pid);

/// Holds what lies at `path` itself, a symbolic link too, without opening it (O_PATH): a descriptor, or -1 with `errno`.
int vibe_hold(const char *path);

/// Sends SIGKILL through a descriptor of pidfd_open(2): 0, or -1 with `errno` set.
int vibe_pidfd_kill(int descriptor);

/// The user id of the process at the other end of a connected Unix socket (SO_PEERCRED), or -1 with `errno` set.
int64_t vibe_peer_uid(int socket);

/// Connects a non-blocking stream socket to a Unix socket path; a full backlog is EAGAIN. A descriptor, or -1 with `errno`.
int vibe_connect_unix(const char *path);

/// A non-blocking eventfd(2), or -1 with `errno` set.
int vibe_event_descriptor(void);

/// pipe2(2) with O_CLOEXEC: 0, or -1 with `errno` set.
int vibe_pipe(int ends[2]);

/// Names the calling thread, for people who look at it.
void vibe_name_thread(const char *name);

#endif
