// Burst, paced, many rooms, co-editing, compression: N subscribers in R rooms, messages from publishers or from the members.
#include "inflate.h"
#include "load.h"

#include <stdlib.h>
#include <string.h>

#define BODIES 8
#define QUIET_NS 2000000000ull
#define GREETING_NS 60000000000ull

typedef struct {
    int subscribers;
    uint64_t published;
} Room;

static struct {
    Connection *connections;
    Room *rooms;
    int room_count, subscribers, publishers;
    bool members_publish, json;
    size_t size;
    // What the server puts around `data`, apart from the offset's digits; learnt from the first message.
    size_t envelope, first_data;
    bool envelope_known, numbered;
    char *bodies[BODIES];
    int ready;
    uint64_t expected, delivered, payload_bytes, frames, compressed_frames, last;
    bool measuring;
    Samples samples;
} fan;

static bool is_subscriber(const Connection *connection) { return connection->index < fan.subscribers; }

static int digits(uint64_t number) {
    int count = 1;
    while (number >= 10) number /= 10, count++;
    return count;
}

static void learn_envelope(const char *line, size_t length) {
    const char *offset = memmem(line, length, "\"offset\":", 9);
    fan.numbered = offset != NULL;
    fan.envelope = length - fan.first_data - (size_t)(offset ? digits(strtoull(offset + 9, NULL, 10)) : 0);
    fan.envelope_known = true;
}

static void on_line(Connection *connection, const char *line, size_t length) {
    if (!dialect_is_message(line, length)) {
        if (dialect_is_ready(connection, line, length, is_subscriber(connection)) && !connection->ready) {
            connection->ready = true;
            fan.ready++;
        }
        return;
    }
    if (!is_subscriber(connection)) return;
    if (!fan.envelope_known) learn_envelope(line, length);
    connection->received++;
    fan.payload_bytes += length;
    fan.delivered++;
    fan.last = wire.read_at;
    uint64_t sent;
    if (fan.measuring && marker_find(line, length, &sent)) samples_add(&fan.samples, wire.read_at - sent);
}

static void on_frame(Connection *connection, const char *payload, size_t length, bool compressed) {
    if (compressed) {
        payload = inflate_message(payload, length, &length);
        if (!payload) {
            fprintf(stderr, "load: a compressed frame that does not inflate\n");
            exit(2);
        }
    }
    uint64_t before = fan.delivered;
    if (dialect == CENTRIFUGO) {
        // One frame holds one or more lines.
        while (length) {
            const char *end = memchr(payload, '\n', length);
            size_t size = end ? (size_t)(end - payload) : length;
            if (size) on_line(connection, payload, size);
            size += end != NULL;
            payload += size;
            length -= size;
        }
    } else {
        on_line(connection, payload, length);
    }
    if (fan.delivered > before) {
        fan.frames++;
        fan.compressed_frames += compressed;
    }
}

static void on_open(Connection *connection) {
    dialect_greet(connection, is_subscriber(connection));
    fan.ready += connection->ready;
}

// Data that makes the frame at the subscriber `size` bytes long, as far as the envelope allows.
static size_t make_data(char *into, uint64_t number, int room) {
    if (fan.json) {
        const char *body = fan.bodies[number % BODIES];
        size_t length = strlen(body);
        memcpy(into, body, length);
        marker_write(strchr(into, '@'), now_ns());
        return length;
    }
    size_t around = fan.envelope + (size_t)(fan.numbered ? digits(fan.rooms[room].published + 1) : 0);
    // The envelope was learnt in room 0; other rooms have longer names.
    around += (size_t)digits((uint64_t)room) - 1;
    size_t length = fan.size > around + MARKER_LENGTH ? fan.size - around : MARKER_LENGTH;
    memset(into, 'x', length);
    marker_write(into, now_ns());
    return length;
}

static void publish(uint64_t number) {
    static char data[64 << 10], text[66 << 10];
    Connection *publisher;
    int room;
    if (fan.members_publish) {
        publisher = &fan.connections[number % (uint64_t)fan.subscribers];
        room = publisher->room;
    } else {
        room = (int)(number % (uint64_t)fan.room_count);
        publisher = &fan.connections[fan.subscribers + (fan.publishers > 1 ? room : 0)];
    }
    size_t length = make_data(data, number, room);
    if (!fan.envelope_known) fan.first_data = length;
    length = dialect_publication(text, room, (uint32_t)(number % 1000000 + 10), data, length, fan.json);
    wire_send(publisher, text, length);
    fan.rooms[room].published++;
    fan.expected += (uint64_t)fan.rooms[room].subscribers;
}

static void flush(void) {
    int first = fan.members_publish ? 0 : fan.subscribers;
    int count = fan.members_publish ? fan.subscribers : fan.publishers;
    for (int i = first; wire.waiting_output && i < first + count; i++) wire_flush(&fan.connections[i]);
}

// Publishes at a rate (0: all at once) and waits for the deliveries; false when they did not all come within `limit` seconds.
static bool run(uint64_t messages, double rate, double limit) {
    uint64_t start = now_ns(), sent = 0;
    fan.last = start;
    for (;;) {
        uint64_t now = now_ns();
        // In a burst each message has its own write, and what has come is read in between.
        uint64_t due = rate > 0 ? (uint64_t)((double)(now - start) * rate / 1e9) + 1 : sent + 1;
        if (due > messages) due = messages;
        for (; sent < due; sent++) publish(sent);
        if (wire.waiting_output) flush();
        if (sent == messages && fan.delivered >= fan.expected) return true;
        if (now - start > (uint64_t)(limit * 1e9)) return false;
        if (sent == messages && now > fan.last && now - fan.last > QUIET_NS) return false;
        int64_t wait = sent < messages ? 0 : 20000000;
        if (rate > 0 && sent < messages) wait = (int64_t)(start + (uint64_t)((double)sent / rate * 1e9)) - (int64_t)now_ns();
        if (wire.waiting_output && wait > 1000000) wait = 1000000;
        wire_poll(wait > 0 ? wait : 0);
    }
}

static void connect_all(void) {
    char path[128];
    int total = fan.subscribers + fan.publishers;
    uint64_t start = now_ns();
    for (int i = 0; i < total || fan.ready < total;) {
        if (now_ns() - start > GREETING_NS || wire.failed) {
            fprintf(stderr, "load: %d of %d connections became ready\n", fan.ready, total);
            exit(2);
        }
        // A few hundred handshakes at a time, so that no backlog overflows.
        if (i < total && i - fan.ready < 200) {
            Connection *connection = &fan.connections[i];
            connection->index = i;
            connection->room = i < fan.subscribers ? i % fan.room_count : i - fan.subscribers;
            const char *role = i >= fan.subscribers ? "pub" : fan.members_publish ? "room" : "sub";
            wire_open(connection, dialect_path(path, sizeof path, role, connection->room));
            i++;
            wire_poll(0);
        } else {
            wire_poll(10000000);
        }
    }
    for (int i = 0; i < fan.subscribers; i++) fan.rooms[fan.connections[i].room].subscribers++;
}

// About 4 KiB of the JSON that servers push: records with names, paths, numbers and sentences.
static void make_bodies(void) {
    static const char *words[] = {"card", "list", "button", "score", "timer", "ready", "failed", "waiting", "preview", "theme",
        "border", "shadow", "profile", "invoice", "chart", "water", "garden", "weekly", "total", "average"};
    uint32_t seed = 20;
    for (int b = 0; b < BODIES; b++) {
        char *body = fan.bodies[b] = malloc(fan.size + 512);
        if (!body) die("memory");
        size_t length = (size_t)sprintf(body, "{\"sent\":\"@0123456789abcdef\",\"rows\":[");
        while (length + 200 < fan.size) {
            uint32_t r[6];
            for (int i = 0; i < 6; i++) r[i] = (seed = seed * 1664525u + 1013904223u) >> 8;
            length += (size_t)sprintf(body + length,
                "{\"id\":%u,\"path\":\"src/%s/%s.tsx\",\"x\":%u.%02u,\"text\":\"%s %s %s %s\",\"done\":%s},", r[0] % 100000,
                words[r[1] % 20], words[r[2] % 20], r[3] % 2000, r[4] % 100, words[r[5] % 20], words[r[5] / 20 % 20],
                words[r[4] / 100 % 20], words[r[3] / 2000 % 20], r[0] & 1 ? "true" : "false");
        }
        strcpy(body + length - 1, "]}");
    }
}

int run_fanout(void) {
    Processes processes = processes_parse(option_text("pids", ""));
    fan.subscribers = (int)option_number("subscribers", 1000);
    fan.room_count = (int)option_number("rooms", 1);
    fan.members_publish = option_number("members-publish", 0);
    fan.size = (size_t)option_number("size", 160);
    fan.json = option_number("json", 0);
    uint64_t messages = (uint64_t)option_number("messages", 200);
    long bursts = option_number("bursts", 1);
    double rate = option_real("rate", 0), limit = option_real("limit", 10), warm = option_real("warm", rate > 0 ? 0.5 : 0.1);
    fan.publishers = fan.members_publish ? 0 : dialect == NCHAN ? fan.room_count : 1;
    if (fan.size > 32768) {
        fprintf(stderr, "load: --size is 32768 at most\n");
        return 2;
    }
    if (fan.json) make_bodies();
    fan.connections = calloc((size_t)(fan.subscribers + fan.publishers), sizeof(Connection));
    fan.rooms = calloc((size_t)fan.room_count, sizeof(Room));
    if (!fan.connections || !fan.rooms) die("memory");
    wire.offer_deflate = option_number("deflate", 0);
    wire.on_frame = on_frame;
    wire.on_open = on_open;
    connect_all();
    // The first message shows the envelope; then one in each room must reach everybody in it, then some go uncounted.
    if (!run(1, 0, 10) || !run((uint64_t)(fan.members_publish ? fan.subscribers : fan.room_count), 1000, 20)) {
        fprintf(stderr, "load: the first messages did not arrive\n");
        return 2;
    }
    uint64_t warm_messages = rate > 0 ? (uint64_t)(rate * warm) : (uint64_t)((double)messages * warm);
    bool complete = run(warm_messages, rate, limit);
    fan.expected = fan.delivered = fan.payload_bytes = fan.frames = fan.compressed_frames = 0;
    for (int i = 0; i < fan.subscribers; i++) fan.connections[i].received = 0;
    fan.measuring = true;
    double cpu = processes_cpu(&processes), system = processes_system(&processes), own = own_cpu(), seconds = 0;
    uint64_t begun = now_ns();
    long done = 0;
    for (; complete && done < bursts; done++) {
        uint64_t start = now_ns();
        // No further burst once they have taken the time of a slow server's one.
        if (done && (double)(start - begun) / 1e9 > limit / 4) break;
        complete = run(messages, rate, limit);
        seconds += (double)(fan.last - start) / 1e9;
    }
    cpu = processes_cpu(&processes) - cpu;
    system = processes_system(&processes) - system;
    own = own_cpu() - own;
    double count = fan.delivered ? (double)fan.delivered : 1;
    uint32_t p50 = samples_quantile(&fan.samples, 0.5);
    printf("{\"expected\":%llu,\"delivered\":%llu,\"lost\":%lld,\"complete\":%s,\"failed\":%llu,\"seconds\":%.6f,\"bursts\":%ld,"
           "\"deliveries_per_s\":%.0f,\"cpu_s\":%.6f,\"cpu_us\":%.4f,\"system_share\":%.2f,\"p50_us\":%u,\"p99_us\":%u,"
           "\"max_us\":%u,\"message_bytes\":%.1f,\"messages_per_frame\":%.2f,\"deflated_frames\":%llu,\"inflated\":%llu,"
           "\"negotiated_deflate\":%s,\"client_cpu_s\":%.3f}\n",
        (unsigned long long)fan.expected, (unsigned long long)fan.delivered, (long long)(fan.expected - fan.delivered),
        complete ? "true" : "false", (unsigned long long)wire.failed, seconds, done, count / (seconds > 0 ? seconds : 1), cpu,
        cpu * 1e6 / count, cpu > 0 ? system / cpu : 0, p50, samples_quantile(&fan.samples, 0.99),
        samples_quantile(&fan.samples, 1), (double)fan.payload_bytes / count, count / (fan.frames ? (double)fan.frames : 1),
        (unsigned long long)fan.compressed_frames, (unsigned long long)inflated_messages,
        fan.connections[0].deflates ? "true" : "false", own);
    wire_abort(fan.connections, fan.subscribers + fan.publishers);
    return 0;
}
