// System calls that neither Glibc's Swift module nor Foundation expose.
#ifndef VIBE_CSANDBOX_H
#define VIBE_CSANDBOX_H

#include <stdint.h>

/// Opens `path` below the directory descriptor `directory` with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS.
/// Returns a descriptor, or -1 with `errno` set.
int vibe_open_beneath(int directory, const char *path, int flags, uint32_t mode);

#endif
