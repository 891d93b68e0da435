// The limit: the least that a server in user space can do. One thread, one pre-built frame, one send() to each member of the
// room; the peers' words, and nothing else of a server (no backpressure, no checks). cc -O2 send_limit.c; send_limit PORT
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOMS 1024
#define MEMBERS 1048576

static struct { int *members, count, room; } rooms[ROOMS];
// By descriptor: 0 before the upgrade, 1 after it; the room plus one when in one; bytes of a cut frame.
static char upgraded[MEMBERS];
static int room_of[MEMBERS];
static unsigned char *rest[MEMBERS];
static size_t rest_length[MEMBERS];

// Answers the one key that the load client sends.
static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static size_t frame(unsigned char *into, const unsigned char *payload, size_t length) {
    size_t header = 2;
    into[0] = 0x81;
    if (length < 126) into[1] = (unsigned char)length;
    else into[1] = 126, into[2] = (unsigned char)(length >> 8), into[3] = (unsigned char)length, header = 4;
    memcpy(into + header, payload, length);
    return header + length;
}

static void leave(int descriptor) {
    int room = room_of[descriptor] - 1;
    for (int i = 0; room >= 0 && i < rooms[room].count; i++) {
        if (rooms[room].members[i] == descriptor) rooms[room].members[i--] = rooms[room].members[--rooms[room].count];
    }
    room_of[descriptor] = 0;
    upgraded[descriptor] = 0;
    free(rest[descriptor]);
    rest[descriptor] = NULL;
    rest_length[descriptor] = 0;
    close(descriptor);
}

static void act(int descriptor, const unsigned char *payload, size_t length) {
    static unsigned char out[65536 + 4];
    int number = length > 5 ? atoi((const char *)payload + 5) : -1;
    if (number < 0 || number >= ROOMS) return;
    size_t size = frame(out, payload, length);
    if (payload[0] == 'S') {
        if (rooms[number].count == rooms[number].room) {
            rooms[number].room = rooms[number].room * 2 + 16;
            rooms[number].members = realloc(rooms[number].members, sizeof(int) * (size_t)rooms[number].room);
        }
        rooms[number].members[rooms[number].count++] = descriptor;
        room_of[descriptor] = number + 1;
        send(descriptor, out, size, MSG_NOSIGNAL);
    } else {
        for (int i = 0; i < rooms[number].count; i++) send(rooms[number].members[i], out, size, MSG_NOSIGNAL);
    }
}

static void receive(int descriptor) {
    static unsigned char buffer[1 << 18], copy[65537];
    size_t kept = rest_length[descriptor];
    memcpy(buffer, rest[descriptor], kept);
    ssize_t count = read(descriptor, buffer + kept, sizeof buffer - kept);
    if (count <= 0) return leave(descriptor);
    if (!upgraded[descriptor]) {
        upgraded[descriptor] = 1;
        send(descriptor, answer, sizeof answer - 1, MSG_NOSIGNAL);
        return;
    }
    size_t length = kept + (size_t)count, at = 0;
    while (length - at >= 6) {
        size_t size = buffer[at + 1] & 127, header = 6;
        if (size == 126) header = 8, size = (size_t)buffer[at + 2] << 8 | buffer[at + 3];
        if (size > 65535 || length - at < header + size) break;
        for (size_t i = 0; i < size; i++) copy[i] = buffer[at + header + i] ^ buffer[at + header - 4 + i % 4];
        copy[size] = 0;
        if ((buffer[at] & 15) == 1) act(descriptor, copy, size);
        at += header + size;
    }
    rest_length[descriptor] = length - at;
    free(rest[descriptor]);
    rest[descriptor] = NULL;
    if (length > at) {
        rest[descriptor] = malloc(length - at);
        memcpy(rest[descriptor], buffer + at, length - at);
    }
}

int main(int count, char **arguments) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0), epoll = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(count > 1 ? arguments[1] : "0"))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096)) return perror("listen"), 1;
    getsockname(listener, (struct sockaddr *)&address, &size);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd != listener) {
                receive(events[i].data.fd);
                continue;
            }
            int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
            if (descriptor < 0 || descriptor >= MEMBERS) continue;
            setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            event.data.fd = descriptor;
            epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
        }
    }
}
