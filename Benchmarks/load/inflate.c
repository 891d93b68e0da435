#include "inflate.h"

#include "load.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define KEPT 16
#define FRAME_ROOM (64 << 10)
#define TEXT_ROOM (1 << 20)

typedef struct {
    size_t length, text_length;
    char frame[FRAME_ROOM];
    char *text;
} Entry;

uint64_t inflated_messages;
static Entry *entries;
static int next;

const char *inflate_message(const char *payload, size_t length, size_t *text_length) {
    static z_stream stream;
    if (!entries) {
        entries = calloc(KEPT, sizeof(Entry));
        if (!entries || inflateInit2(&stream, -15) != Z_OK) die("inflate");
        for (int i = 0; i < KEPT; i++) {
            entries[i].text = malloc(TEXT_ROOM);
            if (!entries[i].text) die("inflate");
        }
    }
    for (int i = 0; i < KEPT; i++) {
        if (entries[i].length == length && !memcmp(entries[i].frame, payload, length)) {
            *text_length = entries[i].text_length;
            return entries[i].text;
        }
    }
    if (length + 4 > FRAME_ROOM) return NULL;
    Entry *entry = &entries[next++ % KEPT];
    memcpy(entry->frame, payload, length);
    // RFC 7692 §7.2.2: the four octets that the sender has cut off.
    memcpy(entry->frame + length, "\x00\x00\xff\xff", 4);
    entry->length = length;
    inflateReset(&stream);
    stream.next_in = (Bytef *)entry->frame;
    stream.avail_in = (uInt)(length + 4);
    stream.next_out = (Bytef *)entry->text;
    stream.avail_out = TEXT_ROOM;
    int result = inflate(&stream, Z_SYNC_FLUSH);
    if ((result != Z_OK && result != Z_STREAM_END) || stream.avail_in) {
        entry->length = 0;
        return NULL;
    }
    inflated_messages++;
    entry->text_length = TEXT_ROOM - stream.avail_out;
    *text_length = entry->text_length;
    return entry->text;
}
