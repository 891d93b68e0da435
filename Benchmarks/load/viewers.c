// Viewers of the product: join in mid-generation, and the token stream from the model to everybody.
#include "load.h"

#include <stdlib.h>
#include <string.h>

#define CHANNELS 256
#define NAME_ROOM 64
#define PATIENCE_NS 30000000000ull

static char channels[CHANNELS][NAME_ROOM];
static int channel_count;

// What one viewer holds of its app's code.
typedef struct {
    uint64_t tokens, hash;
    // Length in UTF-16 units (the texts are ASCII), and parts that did not follow on what was there.
    uint64_t length, gaps;
    uint64_t snapshot_bytes;
} Viewer;

static struct {
    Connection *connections;
    Viewer *viewers;
    int count, connected, subscribed;
    bool joining;
    uint64_t tokens, first, last;
    double cpu_at_first;
    Processes processes;
    Samples samples;
} view;

static void read_channels(void) {
    const char *list = option_text("channels", "");
    while (*list && channel_count < CHANNELS) {
        size_t length = strcspn(list, ",");
        if (length >= NAME_ROOM) break;
        memcpy(channels[channel_count++], list, length);
        list += length + (list[length] == ',');
    }
}

static void subscribe(Connection *connection) {
    char text[160];
    int length = snprintf(text, sizeof text, "{\"id\":2,\"subscribe\":{\"channel\":\"%s\"}}", channels[connection->room]);
    wire_send(connection, text, (size_t)length);
}

static void on_open(Connection *connection) {
    static const char text[] = "{\"id\":1,\"connect\":{}}";
    wire_send(connection, text, sizeof text - 1);
}

// One part: {"stream":"code","at":N,"text":"…"}. `text` is ASCII in which only single characters are escaped.
static void take_part(Viewer *viewer, const char *at, const char *end) {
    static const char text_key[] = "\"text\":\"";
    uint64_t position = strtoull(at + 5, NULL, 10);
    const char *text = memmem(at, (size_t)(end - at), text_key, sizeof text_key - 1);
    if (!text) return;
    text += sizeof text_key - 1;
    uint64_t units = 0;
    const char *stop = text;
    for (; stop < end && *stop != '"'; stop++, units++) stop += *stop == '\\';
    // A generation begins anew at 0; everything else must follow on what is there.
    if (position == 0) viewer->length = 0;
    if (position != viewer->length) viewer->gaps++;
    viewer->length = position + units;
    uint64_t sent;
    const char *marker = text;
    while ((marker = marker_find(marker, (size_t)(stop - marker), &sent))) {
        for (int i = 0; i < MARKER_LENGTH; i++) viewer->hash = (viewer->hash ^ (unsigned char)marker[i]) * 1099511628211ull;
        marker += MARKER_LENGTH;
        if (!view.first) {
            view.first = wire.read_at;
            view.cpu_at_first = processes_cpu(&view.processes);
        }
        view.last = wire.read_at;
        view.tokens++;
        viewer->tokens++;
        samples_add(&view.samples, wire.read_at - sent);
    }
}

static void on_push(Viewer *viewer, const char *line, size_t length) {
    static const char token[] = "\"type\":\"token\"", code[] = "\"stream\":\"code\"", at_key[] = "\"at\":";
    if (!memmem(line, length < 128 ? length : 128, token, sizeof token - 1)) return;
    const char *end = line + length, *part = line;
    while ((part = memmem(part, (size_t)(end - part), code, sizeof code - 1))) {
        const char *at = memmem(part, (size_t)(end - part), at_key, sizeof at_key - 1);
        if (!at) return;
        take_part(viewer, at, end);
        part = at;
    }
}

static void on_frame(Connection *connection, const char *payload, size_t length, bool compressed) {
    (void)compressed;
    Viewer *viewer = &view.viewers[connection->index];
    while (length) {
        const char *end = memchr(payload, '\n', length);
        size_t size = end ? (size_t)(end - payload) : length;
        if (dialect_is_message(payload, size)) {
            if (!view.joining) on_push(viewer, payload, size);
        } else if (!connection->ready && dialect_is_ready(connection, payload, size, false)) {
            connection->ready = true;
            view.connected++;
            if (!view.joining) subscribe(connection);
        } else if (connection->ready && dialect_is_ready(connection, payload, size, true)) {
            viewer->snapshot_bytes = size;
            view.subscribed++;
            view.last = wire.read_at;
        }
        size += end != NULL;
        payload += size;
        length -= size;
    }
}

static void await(const int *counter, int goal, const char *what) {
    uint64_t limit = now_ns() + PATIENCE_NS;
    while (*counter < goal) {
        wire_poll(10000000);
        if (now_ns() > limit || wire.failed) {
            fprintf(stderr, "load: %s: %d of %d\n", what, *counter, goal);
            exit(2);
        }
    }
}

static void open_viewers(void) {
    view.processes = processes_parse(option_text("pids", ""));
    read_channels();
    view.count = (int)option_number("viewers", 1000);
    view.connections = calloc((size_t)view.count, sizeof(Connection));
    view.viewers = calloc((size_t)view.count, sizeof(Viewer));
    if (!view.connections || !view.viewers || !channel_count) die("viewers");
    wire.on_frame = on_frame;
    wire.on_open = on_open;
    for (int i = 0; i < view.count; i++) {
        view.connections[i].index = i;
        view.connections[i].room = i % channel_count;
        view.viewers[i].hash = 14695981039346656037ull;
        wire_open(&view.connections[i], "/connection/websocket");
        while (i - view.connected > 200 && !wire.failed) wire_poll(1000000);
        wire_poll(0);
    }
    await(&view.connected, view.count, "connected");
}

int run_join(void) {
    view.joining = true;
    open_viewers();
    double cpu = processes_cpu(&view.processes);
    uint64_t start = now_ns();
    for (int i = 0; i < view.count; i++) {
        subscribe(&view.connections[i]);
        // What has come is read in between, as separate viewers would.
        if (i % 32 == 31) wire_poll(0);
    }
    await(&view.subscribed, view.count, "joined");
    cpu = processes_cpu(&view.processes) - cpu;
    double seconds = (double)(view.last - start) / 1e9;
    uint64_t smallest = UINT64_MAX, largest = 0;
    for (int i = 0; i < view.count; i++) {
        uint64_t size = view.viewers[i].snapshot_bytes;
        if (size < smallest) smallest = size;
        if (size > largest) largest = size;
    }
    printf("{\"joins\":%d,\"lost\":%d,\"failed\":%llu,\"seconds\":%.4f,\"joins_per_s\":%.0f,\"cpu_us\":%.2f,"
           "\"snapshot_bytes\":[%llu,%llu],\"received_bytes\":%llu}\n",
        view.count, view.count - view.subscribed, (unsigned long long)wire.failed, seconds, view.count / seconds,
        cpu * 1e6 / view.count, (unsigned long long)smallest, (unsigned long long)largest, (unsigned long long)wire.bytes);
    wire_abort(view.connections, view.count);
    return 0;
}

int run_tokens(void) {
    open_viewers();
    await(&view.subscribed, view.count, "subscribed");
    // Whoever drives starts the generations now.
    puts("ready");
    fflush(stdout);
    uint64_t each = (uint64_t)option_number("tokens", 640), expected = each * (uint64_t)view.count;
    double limit = option_real("limit", 60), own = own_cpu(), seconds;
    uint64_t start = now_ns();
    while (view.tokens < expected && now_ns() - start < (uint64_t)(limit * 1e9)) wire_poll(20000000);
    double cpu = processes_cpu(&view.processes) - view.cpu_at_first;
    seconds = (double)(view.last - view.first) / 1e9;
    uint64_t gaps = 0;
    for (int i = 0; i < view.count; i++) gaps += view.viewers[i].gaps;
    uint32_t p50 = samples_quantile(&view.samples, 0.5);
    printf("{\"expected\":%llu,\"delivered\":%llu,\"lost\":%lld,\"failed\":%llu,\"gaps\":%llu,\"seconds\":%.3f,\"cpu_s\":%.4f,"
           "\"cpu_us\":%.4f,\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u,\"frames\":%llu,\"client_cpu_s\":%.3f,\"hashes\":[",
        (unsigned long long)expected, (unsigned long long)view.tokens, (long long)(expected - view.tokens),
        (unsigned long long)wire.failed, (unsigned long long)gaps, seconds, cpu, cpu * 1e6 / (view.tokens ? (double)view.tokens : 1),
        p50, samples_quantile(&view.samples, 0.99), samples_quantile(&view.samples, 1), (unsigned long long)wire.frames,
        own_cpu() - own);
    for (int i = 0; i < view.count; i++) {
        printf("%s[%d,\"%016llx\"]", i ? "," : "", view.connections[i].room, (unsigned long long)view.viewers[i].hash);
    }
    puts("]}");
    wire_abort(view.connections, view.count);
    return 0;
}
