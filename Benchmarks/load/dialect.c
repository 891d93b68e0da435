// The three ways to say subscribe and publish: the Centrifugo client protocol (ours), the peers' words, Nchan's addresses.
#include "load.h"

#include <stdlib.h>
#include <string.h>

Dialect dialect;

const char *dialect_path(char *into, size_t room, const char *role, int number) {
    switch (dialect) {
    case CENTRIFUGO: return "/connection/websocket";
    case TEXT: return "/";
    case NCHAN: snprintf(into, room, "/%s?id=t%d", role, number); return into;
    }
    return "/";
}

void dialect_greet(Connection *connection, bool subscribe) {
    char text[256];
    int length = 0;
    switch (dialect) {
    case CENTRIFUGO:
        length = subscribe
            ? snprintf(text, sizeof text, "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"bench:t%d\"}}",
                  connection->room)
            : snprintf(text, sizeof text, "{\"id\":1,\"connect\":{}}");
        break;
    case TEXT:
        if (subscribe) length = snprintf(text, sizeof text, "SUB t%d", connection->room);
        break;
    case NCHAN: break;
    }
    if (length) wire_send(connection, text, (size_t)length);
    else connection->ready = true;
}

static bool starts(const char *line, size_t length, const char *with) {
    size_t size = strlen(with);
    return length >= size && !memcmp(line, with, size);
}

bool dialect_is_ready(Connection *connection, const char *line, size_t length, bool subscribe) {
    if (dialect != CENTRIFUGO) return starts(line, length, "SUB ");
    // The server's ping is an empty object, and wants one back.
    if (length == 2 && starts(line, length, "{}")) {
        wire_send(connection, "{}", 2);
        return false;
    }
    if (starts(line, length, "{\"id\":") && memmem(line, length < 64 ? length : 64, "\"error\":", 8)) {
        fprintf(stderr, "load: %.*s\n", (int)(length > 300 ? 300 : length), line);
        exit(2);
    }
    return starts(line, length, subscribe ? "{\"id\":2," : "{\"id\":1,");
}

bool dialect_is_message(const char *line, size_t length) {
    return starts(line, length, dialect == CENTRIFUGO ? "{\"push\":" : "PUB ");
}

size_t dialect_publication(char *into, int room, uint32_t id, const char *data, size_t length, bool json) {
    int head = dialect == CENTRIFUGO
        ? sprintf(into, "{\"id\":%u,\"publish\":{\"channel\":\"bench:t%d\",\"data\":%s", id, room, json ? "" : "\"")
        : sprintf(into, "PUB t%d ", room);
    memcpy(into + head, data, length);
    size_t size = (size_t)head + length;
    if (dialect == CENTRIFUGO) {
        const char *end = json ? "}}" : "\"}}";
        memcpy(into + size, end, strlen(end));
        size += strlen(end);
    }
    return size;
}

void marker_write(char *into, uint64_t time) {
    static const char digits[] = "0123456789abcdef";
    into[0] = '@';
    for (int i = 16; i >= 1; i--, time >>= 4) into[i] = digits[time & 15];
}

const char *marker_find(const char *text, size_t length, uint64_t *time) {
    const char *end = text + length;
    while ((text = memchr(text, '@', (size_t)(end - text))) && end - text >= MARKER_LENGTH) {
        uint64_t value = 0;
        int i = 1;
        for (; i < MARKER_LENGTH; i++) {
            unsigned digit = (unsigned char)text[i];
            if (digit - '0' < 10) value = value << 4 | (digit - '0');
            else if (digit - 'a' < 6) value = value << 4 | (digit - 'a' + 10);
            else break;
        }
        if (i == MARKER_LENGTH) {
            *time = value;
            return text;
        }
        text++;
    }
    return NULL;
}
