// Clocks and the server's accounts in /proc.
#include "load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

void die(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

Processes processes_parse(const char *list) {
    Processes processes = {.count = 0};
    while (*list && processes.count < 64) {
        char *end;
        long pid = strtol(list, &end, 10);
        if (end == list) break;
        processes.pids[processes.count++] = (int)pid;
        list = *end ? end + 1 : end;
    }
    return processes;
}

double processes_cpu(const Processes *processes) {
    double seconds = 0;
    for (int i = 0; i < processes->count; i++) {
        clockid_t clock;
        struct timespec time;
        if (clock_getcpuclockid(processes->pids[i], &clock) || clock_gettime(clock, &time)) {
            fprintf(stderr, "load: process %d is gone\n", processes->pids[i]);
            exit(2);
        }
        seconds += (double)time.tv_sec + (double)time.tv_nsec / 1e9;
    }
    return seconds;
}

double processes_system(const Processes *processes) {
    double ticks = 0;
    for (int i = 0; i < processes->count; i++) {
        char path[64], line[2048];
        snprintf(path, sizeof path, "/proc/%d/stat", processes->pids[i]);
        FILE *file = fopen(path, "r");
        if (!file) continue;
        unsigned long system = 0;
        if (fgets(line, sizeof line, file)) {
            // Fields are counted from behind the name, which may hold anything.
            const char *rest = strrchr(line, ')');
            if (rest) sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %lu", &system);
        }
        ticks += (double)system;
        fclose(file);
    }
    return ticks / (double)sysconf(_SC_CLK_TCK);
}

double processes_resident_kib(const Processes *processes) {
    double total = 0;
    for (int i = 0; i < processes->count; i++) {
        char path[64], line[256];
        snprintf(path, sizeof path, "/proc/%d/smaps_rollup", processes->pids[i]);
        FILE *file = fopen(path, "r");
        if (!file) die(path);
        long kib;
        while (fgets(line, sizeof line, file)) {
            if (sscanf(line, "Pss: %ld", &kib) == 1) total += (double)kib;
        }
        fclose(file);
    }
    return total;
}

double own_cpu(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}
