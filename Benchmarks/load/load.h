// What the parts of the load client share: one thread, one epoll set, connections that speak one of three dialects.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// ---- time, processor time and memory of the server (meter.c)

uint64_t now_ns(void);
// Fails the whole run with a message and errno's text.
void die(const char *what) __attribute__((noreturn));

typedef struct {
    int pids[64];
    int count;
} Processes;

// "12,34" → the processes that make up the server.
Processes processes_parse(const char *list);
// Processor seconds of all threads so far, ended ones included, to the nanosecond (each process's CPU clock).
double processes_cpu(const Processes *processes);
// Processor seconds spent in the kernel, from /proc/PID/stat, in ticks of 10 ms.
double processes_system(const Processes *processes);
// Proportional resident KiB (Pss of smaps_rollup): a page shared by processes is counted once.
double processes_resident_kib(const Processes *processes);
double own_cpu(void);

// ---- latencies (samples.c)

typedef struct {
    uint32_t *microseconds;
    size_t count, room;
} Samples;

void samples_add(Samples *samples, uint64_t nanoseconds);
// Sorts; then quantile 0 to 1 in microseconds.
uint32_t samples_quantile(Samples *samples, double quantile);

// ---- connections (wire.c)

typedef struct Connection Connection;
// One whole data frame. `compressed` is RSV1.
typedef void (*FrameHandler)(Connection *connection, const char *payload, size_t length, bool compressed);

struct Connection {
    int descriptor;
    // Which room it belongs to, and the caller's own number.
    int room, index;
    bool open, ready, failed, deflates;
    // Messages it has received; used by whoever drives.
    uint64_t received;
    // What of a frame has come so far, and what of the output the kernel has not taken; both NULL as a rule.
    uint8_t *input;
    size_t input_length, input_room;
    uint8_t *output;
    size_t output_length, output_room;
    void *user;
};

typedef struct {
    int port;
    const char *host;
    // Offer permessage-deflate without context takeover.
    bool offer_deflate;
    FrameHandler on_frame;
    void (*on_open)(Connection *connection);
    // Read by the handlers: when the bytes being handled were read.
    uint64_t read_at;
    uint64_t bytes, frames, failed;
    int epoll;
    int waiting_output;
} Wire;

extern Wire wire;

void wire_start(const char *host, int port);
// Connects from one of 64 loopback addresses, so that 20,000 connections do not need one address's ports.
void wire_open(Connection *connection, const char *path);
// Queues one masked text frame and sends what the kernel takes.
void wire_send(Connection *connection, const char *text, size_t length);
// Sends what the kernel had not taken.
void wire_flush(Connection *connection);
// Handles whatever is there, waiting at most so long.
void wire_poll(int64_t wait_ns);
// Ends all without TIME_WAIT.
void wire_abort(Connection *connections, int count);
// Lets descriptors rise to the hard limit; returns it.
int raise_descriptor_limit(void);

// ---- dialects (dialect.c)

typedef enum { CENTRIFUGO, TEXT, NCHAN } Dialect;

extern Dialect dialect;

// ":path" of a subscriber, publisher or member (one that does both) of a room.
const char *dialect_path(char *into, size_t room, const char *role, int number);
// What a connection says when open; subscribe tells whether it wants its room's messages.
void dialect_greet(Connection *connection, bool subscribe);
// Whether a control line says that the greeting is done; fails on an error reply.
bool dialect_is_ready(Connection *connection, const char *line, size_t length, bool subscribe);
// Whether a line is a published message.
bool dialect_is_message(const char *line, size_t length);
// One publication of `data` (no character that JSON escapes, unless it is JSON itself) into `into`.
size_t dialect_publication(char *into, int room, uint32_t id, const char *data, size_t length, bool json);

// ---- markers: '@' and 16 hex digits, the sender's clock

#define MARKER_LENGTH 17
void marker_write(char *into, uint64_t time);
// The next marker in the text, or NULL.
const char *marker_find(const char *text, size_t length, uint64_t *time);

// ---- options (options.c): --name value

void options_set(int count, char **arguments);
const char *option_text(const char *name, const char *otherwise);
long option_number(const char *name, long otherwise);
double option_real(const char *name, double otherwise);

// ---- workloads, each prints one JSON object

int run_fanout(void);
int run_idle(void);
int run_join(void);
int run_tokens(void);
