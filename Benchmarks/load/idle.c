// Idle connections, each subscribed to one channel: what one more of them keeps resident in the server.
#include "load.h"

#include <stdlib.h>

static int ready;

static void on_frame(Connection *connection, const char *payload, size_t length, bool compressed) {
    (void)compressed;
    // The greeting's two answers may come in one frame.
    const char *line = payload, *end = payload + length;
    while (line < end) {
        const char *next = line;
        while (next < end && *next != '\n') next++;
        if (dialect_is_ready(connection, line, (size_t)(next - line), true) && !connection->ready) {
            connection->ready = true;
            ready++;
        }
        line = next + 1;
    }
}

static void on_open(Connection *connection) {
    dialect_greet(connection, true);
    ready += connection->ready;
}

static void open_up_to(Connection *connections, int from, int to) {
    char path[128];
    uint64_t progress = now_ns();
    for (int i = from, seen = ready; i < to || ready < to;) {
        if (ready != seen) seen = ready, progress = now_ns();
        if (now_ns() - progress > 10000000000ull || wire.failed) {
            fprintf(stderr, "load: stopped at %d of %d idle connections\n", ready, to);
            exit(2);
        }
        if (i < to && i - ready < 200) {
            connections[i].index = i;
            wire_open(&connections[i], dialect_path(path, sizeof path, "sub", 0));
            i++;
            wire_poll(0);
        } else {
            wire_poll(10000000);
        }
    }
}

static void settle(double seconds) {
    uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
    while (now_ns() < end) wire_poll(20000000);
}

int run_idle(void) {
    Processes processes = processes_parse(option_text("pids", ""));
    int descriptors = raise_descriptor_limit();
    int wanted = (int)option_number("connections", 20000), warm = (int)option_number("warm", 200);
    // The server has the same limit, and needs some for itself.
    int count = wanted + warm < descriptors - 150 ? wanted : descriptors - 150 - warm;
    Connection *connections = calloc((size_t)(count + warm), sizeof(Connection));
    if (!connections) die("memory");
    wire.on_frame = on_frame;
    wire.on_open = on_open;
    open_up_to(connections, 0, warm);
    settle(0.5);
    double before = processes_resident_kib(&processes), cpu = processes_cpu(&processes);
    uint64_t start = now_ns();
    open_up_to(connections, warm, warm + count);
    double seconds = (double)(now_ns() - start) / 1e9;
    cpu = processes_cpu(&processes) - cpu;
    settle(option_real("settle", 1));
    double after = processes_resident_kib(&processes), idle = processes_cpu(&processes);
    settle(1);
    idle = processes_cpu(&processes) - idle;
    printf("{\"connections\":%d,\"lost\":0,\"failed\":%llu,\"kib\":%.3f,\"before_kib\":%.0f,\"after_kib\":%.0f,"
           "\"open_s\":%.3f,\"open_cpu_us\":%.1f,\"idle_cpu_ms_per_s\":%.2f}\n",
        count, (unsigned long long)wire.failed, (after - before) / count, before, after, seconds, cpu * 1e6 / count, idle * 1e3);
    fflush(stdout);
    if (option_number("hold", 0)) settle((double)option_number("hold", 0));
    wire_abort(connections, count + warm);
    return 0;
}
