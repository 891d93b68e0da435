#define _GNU_SOURCE
#include "CSandbox.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_how(int directory, const char *path, uint64_t flags, uint32_t mode) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = flags;
    how.mode = mode;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int vibe_open_beneath(int directory, const char *path, int flags, uint32_t mode) {
    return open_how(directory, path, (uint64_t)flags, mode);
}

int vibe_hold_beneath(int directory, const char *path) {
    return open_how(directory, path, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
}
