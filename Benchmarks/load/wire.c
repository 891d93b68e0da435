// WebSocket clients over epoll: handshake, frames in, masked frames out.
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif
#define READ_ROOM (1 << 18)
#define FRAME_LIMIT (1 << 24)

Wire wire;
static uint8_t read_buffer[READ_ROOM];

// The key and answer of RFC 6455 §1.3: a constant spares client and limit server the SHA-1.
static const char key[] = "dGhlIHNhbXBsZSBub25jZQ==", expected_accept[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

void wire_start(const char *host, int port) {
    wire.host = host;
    wire.port = port;
    wire.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (wire.epoll < 0) die("epoll_create1");
}

int raise_descriptor_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur > 1 << 20 ? 1 << 20 : (int)limit.rlim_cur;
}

void wire_open(Connection *connection, const char *path) {
    static int opened;
    int one = 1, descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) die("socket");
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)wire.port)};
    from.sin_addr.s_addr = htonl(0x7f000101u + (uint32_t)(opened++ % 64));
    if (inet_pton(AF_INET, wire.host, &to.sin_addr) != 1) die("host");
    setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(descriptor, (struct sockaddr *)&from, sizeof from)) die("bind");
    if (connect(descriptor, (struct sockaddr *)&to, sizeof to)) die("connect");
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    char request[1024];
    int length = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
        "Sec-WebSocket-Version: 13\r\n%s\r\n",
        path, wire.host, wire.port, key,
        wire.offer_deflate ? "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; "
                             "server_no_context_takeover\r\n" : "");
    if (write(descriptor, request, (size_t)length) != length) die("handshake");
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    connection->descriptor = descriptor;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(wire.epoll, EPOLL_CTL_ADD, descriptor, &event)) die("epoll_ctl");
}

static void append(uint8_t **buffer, size_t *length, size_t *room, const void *bytes, size_t count) {
    if (*length + count > *room) {
        *room = (*length + count) * 2;
        *buffer = realloc(*buffer, *room);
        if (!*buffer) die("memory");
    }
    memcpy(*buffer + *length, bytes, count);
    *length += count;
}

static void release(uint8_t **buffer, size_t *length, size_t *room) {
    free(*buffer);
    *buffer = NULL;
    *length = *room = 0;
}

static void queue_frame(Connection *connection, uint8_t opcode, const char *payload, size_t length) {
    // The mask is all zero: sent as the RFC wants it, without work for this side.
    uint8_t header[14] = {(uint8_t)(0x80 | opcode)};
    size_t size = 2;
    if (length < 126) {
        header[1] = (uint8_t)(0x80 | length);
    } else if (length < 65536) {
        header[1] = 0x80 | 126;
        header[2] = (uint8_t)(length >> 8);
        header[3] = (uint8_t)length;
        size = 4;
    } else {
        header[1] = 0x80 | 127;
        for (int i = 0; i < 8; i++) header[2 + i] = (uint8_t)((uint64_t)length >> (56 - 8 * i));
        size = 10;
    }
    if (!connection->output_length) wire.waiting_output++;
    append(&connection->output, &connection->output_length, &connection->output_room, header, size + 4);
    append(&connection->output, &connection->output_length, &connection->output_room, payload, length);
}

void wire_flush(Connection *connection) {
    if (!connection->output_length) return;
    ssize_t count = send(connection->descriptor, connection->output, connection->output_length, MSG_NOSIGNAL);
    if (count < 0) {
        if (errno != EAGAIN) connection->failed = true;
        return;
    }
    size_t left = connection->output_length - (size_t)count;
    memmove(connection->output, connection->output + count, left);
    connection->output_length = left;
    if (!left) {
        wire.waiting_output--;
        // Few connections publish, and thousands only greet: those keep no buffer.
        if (connection->output_room > 1 << 16 || !connection->ready) {
            release(&connection->output, &connection->output_length, &connection->output_room);
        }
    }
}

void wire_send(Connection *connection, const char *text, size_t length) {
    queue_frame(connection, 1, text, length);
    wire_flush(connection);
}

static void fail(Connection *connection, const char *why, const void *detail, size_t length) {
    if (connection->failed) return;
    if (wire.failed++ < 3) {
        fprintf(stderr, "load: connection %d: %s %.*s\n", connection->index, why, (int)(length > 200 ? 200 : length),
            (const char *)detail);
    }
    connection->failed = true;
    epoll_ctl(wire.epoll, EPOLL_CTL_DEL, connection->descriptor, NULL);
}

// Consumes the answer to the upgrade; 0 while it is not whole.
static size_t handshake(Connection *connection, const uint8_t *bytes, size_t length) {
    const uint8_t *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t size = (size_t)(end - bytes) + 4;
    if (strncmp((const char *)bytes, "HTTP/1.1 101", 12) || !memmem(bytes, size, expected_accept, strlen(expected_accept))) {
        fail(connection, "refused:", bytes, size);
        return size;
    }
    connection->deflates = memmem(bytes, size, "permessage-deflate", 18) != NULL;
    connection->open = true;
    if (wire.on_open) wire.on_open(connection);
    return size;
}

// Consumes whole frames; returns how much.
static size_t take_frames(Connection *connection, const uint8_t *bytes, size_t length) {
    size_t taken = 0;
    while (!connection->failed && length - taken >= 2) {
        const uint8_t *frame = bytes + taken;
        size_t header = 2;
        uint64_t size = frame[1] & 127;
        if (size == 126) {
            header = 4;
            if (length - taken < header) break;
            size = (uint64_t)frame[2] << 8 | frame[3];
        } else if (size == 127) {
            header = 10;
            if (length - taken < header) break;
            size = 0;
            for (int i = 0; i < 8; i++) size = size << 8 | frame[2 + i];
        }
        if (size > FRAME_LIMIT || !(frame[0] & 0x80)) {
            fail(connection, "a frame too long or in fragments", "", 0);
            return length;
        }
        if (length - taken < header + size) break;
        const char *payload = (const char *)frame + header;
        taken += header + size;
        switch (frame[0] & 15) {
        case 1: case 2:
            wire.frames++;
            wire.on_frame(connection, payload, size, frame[0] & 0x40);
            break;
        case 8: fail(connection, "closed:", payload + 2, size > 2 ? size - 2 : 0); break;
        case 9:
            queue_frame(connection, 10, payload, size);
            wire_flush(connection);
            break;
        default: break;
        }
    }
    return taken;
}

static size_t take(Connection *connection, const uint8_t *bytes, size_t length) {
    size_t taken = 0;
    if (!connection->open) {
        taken = handshake(connection, bytes, length);
        if (!taken) return 0;
    }
    return connection->failed ? length : taken + take_frames(connection, bytes + taken, length - taken);
}

static void receive(Connection *connection) {
    ssize_t count = read(connection->descriptor, read_buffer, READ_ROOM);
    if (count <= 0) {
        if (count < 0 && errno == EAGAIN) return;
        fail(connection, "ended:", count ? strerror(errno) : "", count ? 40 : 0);
        return;
    }
    wire.read_at = now_ns();
    wire.bytes += (uint64_t)count;
    if (!connection->input) {
        size_t taken = take(connection, read_buffer, (size_t)count);
        size_t rest = (size_t)count - taken;
        if (rest) append(&connection->input, &connection->input_length, &connection->input_room, read_buffer + taken, rest);
        return;
    }
    append(&connection->input, &connection->input_length, &connection->input_room, read_buffer, (size_t)count);
    size_t taken = take(connection, connection->input, connection->input_length);
    size_t rest = connection->input_length - taken;
    if (rest) {
        if (taken) memmove(connection->input, connection->input + taken, rest);
        connection->input_length = rest;
    } else {
        release(&connection->input, &connection->input_length, &connection->input_room);
    }
}

void wire_poll(int64_t wait_ns) {
    struct epoll_event events[512];
    struct timespec wait = {.tv_sec = wait_ns / 1000000000, .tv_nsec = wait_ns % 1000000000};
    int count = epoll_pwait2(wire.epoll, events, 512, &wait, NULL);
    if (count < 0 && errno != EINTR) die("epoll");
    for (int i = 0; i < count; i++) {
        Connection *connection = events[i].data.ptr;
        if (!connection->failed) receive(connection);
    }
}

void wire_abort(Connection *connections, int count) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    for (int i = 0; i < count; i++) {
        if (connections[i].descriptor <= 0) continue;
        setsockopt(connections[i].descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        close(connections[i].descriptor);
    }
}
