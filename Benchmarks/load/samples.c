// All latencies of a run, sorted once at its end.
#include "load.h"

#include <stdlib.h>

void samples_add(Samples *samples, uint64_t nanoseconds) {
    if (samples->count == samples->room) {
        samples->room = samples->room ? samples->room * 2 : 1 << 18;
        samples->microseconds = realloc(samples->microseconds, samples->room * sizeof(uint32_t));
        if (!samples->microseconds) die("latencies");
    }
    uint64_t value = nanoseconds / 1000;
    samples->microseconds[samples->count++] = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static int ascending(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

uint32_t samples_quantile(Samples *samples, double quantile) {
    if (!samples->count) return 0;
    if (quantile == 0.5) qsort(samples->microseconds, samples->count, sizeof(uint32_t), ascending);
    return samples->microseconds[(size_t)((double)(samples->count - 1) * quantile)];
}
