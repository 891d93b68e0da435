// zlib: raw DEFLATE for permessage-deflate, gzip for files. Its initialisers are macros, which Swift does not see.
#ifndef VIBE_CZLIB_H
#define VIBE_CZLIB_H

#include <zlib.h>

/// Prepares raw inflation with a window of 2^windowBits bytes, 8 to 15; the stream's fields must be zero.
static inline int vibe_inflate_init(z_stream *stream, int windowBits) {
    return inflateInit2(stream, -windowBits);
}

/// Prepares raw deflation with a window of 2^windowBits bytes, 9 to 15; the stream's fields must be zero.
static inline int vibe_deflate_init(z_stream *stream, int level, int windowBits, int memoryLevel) {
    return deflateInit2(stream, level, Z_DEFLATED, -windowBits, memoryLevel, Z_DEFAULT_STRATEGY);
}

/// Prepares deflation with gzip's header and trailer and the largest window; the stream's fields must be zero.
static inline int vibe_gzip_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
}

#endif
