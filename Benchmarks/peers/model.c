// A model for the token workloads: the Messages API's stream over HTTP/1.1, with the sender's clock in every token.
//
// The prompt says what to stream: `Stream app=N tokens=T rate=R fill=F barrier=B`; the newest such words in the request count.
// A code answer is a small component, F filler characters and then T tokens of 20 characters at R a second, all in a comment.
// With `lines=S` each token is a line of code instead, and only the last S come at R a second: those before ten times as fast.
// Streams with a barrier wait until B of them are there, then begin together, their ticks spread over one interval.
// One line on standard output for each finished stream: its app, tokens and a hash of them. model PORT
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define STREAMS 1024
#define REQUEST_ROOM (1 << 20)
#define MARKER 17
// The answer ends so long after its last token, so that what follows (writing, bundling) falls outside the measured time.
#define TAIL_NS 1500000000ull

typedef struct {
    int descriptor;
    char *request;
    size_t length;
    bool streaming;
    int app, barrier;
    uint64_t tokens, sent, interval, begin, hash, slow_lines;
} Stream;

static Stream streams[STREAMS];
static int epoll;

static uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

static void drop(Stream *stream) {
    close(stream->descriptor);
    free(stream->request);
    memset(stream, 0, sizeof *stream);
    stream->descriptor = -1;
}

static void send_all(Stream *stream, const char *bytes, size_t length) {
    // Blocking: a server that stops reading stops its own stream only as long as its socket's buffer is full.
    if (send(stream->descriptor, bytes, length, MSG_NOSIGNAL) != (ssize_t)length) drop(stream);
}

// One chunk of the body.
static void send_chunk(Stream *stream, const char *text, size_t length) {
    static char chunk[256 << 10];
    size_t size = (size_t)sprintf(chunk, "%zx\r\n", length);
    memcpy(chunk + size, text, length);
    memcpy(chunk + size + length, "\r\n", 2);
    send_all(stream, chunk, size + length + 2);
}

static void send_delta(Stream *stream, const char *json_text) {
    static char event[200 << 10];
    int length = snprintf(event, sizeof event,
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
        "\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}}\n\n", json_text);
    send_chunk(stream, event, (size_t)length);
}

static void send_head(Stream *stream) {
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    static const char start[] =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_bench\",\"type\":\"message\","
        "\"role\":\"assistant\",\"model\":\"bench\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
        "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n"
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
        "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
    send_all(stream, head, sizeof head - 1);
    if (stream->descriptor >= 0) send_chunk(stream, start, sizeof start - 1);
}

static void send_end(Stream *stream) {
    char end[512];
    int length = snprintf(end, sizeof end,
        "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
        "\"usage\":{\"output_tokens\":%llu}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
        (unsigned long long)stream->sent + 1);
    send_chunk(stream, end, (size_t)length);
    if (stream->descriptor >= 0) send_all(stream, "0\r\n\r\n", 5);
    stream->streaming = false;
}

static uint64_t setting(const char *plan, const char *name) {
    const char *found = strstr(plan, name);
    return found ? strtoull(found + strlen(name), NULL, 10) : 0;
}

static void answer(Stream *stream, const char *body) {
    send_head(stream);
    if (stream->descriptor < 0) return;
    if (strstr(body, "\"bench-chat\"")) {
        send_delta(stream, "It streams.");
        if (stream->descriptor >= 0) send_end(stream);
        return;
    }
    const char *plan = body, *next;
    while ((next = strstr(plan, "Stream app="))) plan = next + 1;
    stream->app = (int)setting(plan, "app=");
    stream->tokens = setting(plan, "tokens=");
    uint64_t rate = setting(plan, "rate="), fill = setting(plan, "fill=");
    stream->interval = 1000000000ull / (rate ? rate : 80);
    stream->barrier = (int)setting(plan, "barrier=");
    stream->sent = 0;
    stream->slow_lines = setting(plan, "lines=");
    stream->hash = 14695981039346656037ull;
    stream->begin = stream->barrier ? 0 : now_ns();
    stream->streaming = true;
    send_delta(stream, "```tsx\\nexport default function App() {\\n  return <main>Bench</main>;\\n}\\n");
    if (stream->slow_lines) return;
    if (stream->descriptor >= 0) send_delta(stream, "/* ");
    static char filler[(128 << 10) + 1];
    if (fill > sizeof filler - 1) fill = sizeof filler - 1;
    for (uint64_t i = 0; i < fill; i++) filler[i] = i % 8 == 7 ? ' ' : (char)('a' + i % 23);
    filler[fill] = 0;
    if (fill && stream->descriptor >= 0) send_delta(stream, filler);
}

// Begins the streams of a barrier that is complete.
static void open_barrier(int barrier) {
    int waiting = 0, number = 0;
    for (int i = 0; i < STREAMS; i++) waiting += streams[i].streaming && streams[i].barrier == barrier && !streams[i].begin;
    if (waiting < barrier) return;
    uint64_t start = now_ns() + 50000000;
    for (int i = 0; i < STREAMS; i++) {
        Stream *stream = &streams[i];
        if (!stream->streaming || stream->barrier != barrier || stream->begin) continue;
        stream->begin = start + stream->interval * (uint64_t)number++ / (uint64_t)barrier;
    }
}

static void send_line(Stream *stream) {
    static const char *const forms[] = {
        "export const row%llu = (count: number) => count * %llu + 'cells'.length;\\n",
        "  // What follows belongs to part %llu of %llu.\\n",
        "export const view%llu = <li className='border-b py-2'>{%llu} of them</li>;\\n",
        "export function total%llu(parts: number[]) { return parts.length + %llu; }\\n",
    };
    char text[128];
    unsigned long long number = stream->sent++;
    snprintf(text, sizeof text, forms[number % 4], number, number);
    send_delta(stream, text);
}

static void send_token(Stream *stream) {
    if (stream->slow_lines) return send_line(stream);
    char text[32];
    sprintf(text, "@%016llx ok", (unsigned long long)now_ns());
    for (int i = 0; i < MARKER; i++) stream->hash = (stream->hash ^ (unsigned char)text[i]) * 1099511628211ull;
    stream->sent++;
    send_delta(stream, text);
}

// Sends what is due; returns when the next is.
static uint64_t tick(void) {
    uint64_t next = UINT64_MAX;
    for (int i = 0; i < STREAMS; i++) {
        Stream *stream = &streams[i];
        if (!stream->streaming || !stream->begin) continue;
        uint64_t quick = stream->slow_lines && stream->tokens > stream->slow_lines ? stream->tokens - stream->slow_lines : 0;
        if (quick > stream->sent) quick = stream->sent;
        uint64_t due = stream->begin + stream->interval * (stream->sent - quick) + stream->interval * quick / 10;
        if (stream->sent == stream->tokens && stream->tokens) due += TAIL_NS;
        if (now_ns() < due) {
            if (due < next) next = due;
        } else if (stream->sent < stream->tokens) {
            send_token(stream);
            next = 0;
        } else {
            printf("{\"app\":%d,\"tokens\":%llu,\"hash\":\"%016llx\"}\n", stream->app, (unsigned long long)stream->sent,
                (unsigned long long)stream->hash);
            fflush(stdout);
            send_delta(stream, stream->slow_lines ? "```\\n" : " */\\n```\\n");
            if (stream->descriptor >= 0) send_end(stream);
        }
    }
    return next;
}

static void receive(Stream *stream) {
    if (!stream->request) stream->request = malloc(REQUEST_ROOM + 1);
    ssize_t count = read(stream->descriptor, stream->request + stream->length, REQUEST_ROOM - stream->length);
    if (count <= 0) return drop(stream);
    stream->length += (size_t)count;
    stream->request[stream->length] = 0;
    char *body = strstr(stream->request, "\r\n\r\n");
    if (!body) return;
    body += 4;
    char *field = strcasestr(stream->request, "\r\ncontent-length:");
    size_t head = (size_t)(body - stream->request), size = field && field < body ? strtoul(field + 17, NULL, 10) : 0;
    if (stream->length < head + size) return;
    stream->length = 0;
    if (!stream->streaming) answer(stream, body);
    if (stream->descriptor >= 0 && stream->barrier) open_barrier(stream->barrier);
}

static void take(int listener) {
    int one = 1, descriptor = accept(listener, NULL, NULL);
    for (int i = 0; i < STREAMS && descriptor >= 0; i++) {
        if (streams[i].descriptor >= 0) continue;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        streams[i].descriptor = descriptor;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &streams[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
        return;
    }
    if (descriptor >= 0) close(descriptor);
}

int main(int count, char **arguments) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(count > 1 ? arguments[1] : "0"))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1024)) return perror("listen"), 1;
    getsockname(listener, (struct sockaddr *)&address, &size);
    epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (int i = 0; i < STREAMS; i++) streams[i].descriptor = -1;
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        uint64_t next = tick(), now = now_ns();
        uint64_t wait = next <= now ? 0 : next == UINT64_MAX || next - now > 1000000000ull ? 1000000000ull : next - now;
        struct timespec time = {.tv_sec = (time_t)(wait / 1000000000ull), .tv_nsec = (long)(wait % 1000000000ull)};
        struct epoll_event events[64];
        int ready = epoll_pwait2(epoll, events, 64, &time, NULL);
        for (int i = 0; i < ready; i++) {
            Stream *stream = events[i].data.ptr;
            if (!stream) take(listener);
            else if (stream->descriptor >= 0) receive(stream);
        }
    }
}
