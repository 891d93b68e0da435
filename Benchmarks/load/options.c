// `--name value` pairs, nothing more.
#include "load.h"

#include <stdlib.h>
#include <string.h>

static int total;
static char **values;

void options_set(int count, char **arguments) {
    total = count;
    values = arguments;
}

const char *option_text(const char *name, const char *otherwise) {
    for (int i = 0; i + 1 < total; i += 2) {
        if (!strncmp(values[i], "--", 2) && !strcmp(values[i] + 2, name)) return values[i + 1];
    }
    return otherwise;
}

long option_number(const char *name, long otherwise) {
    const char *text = option_text(name, NULL);
    return text ? strtol(text, NULL, 10) : otherwise;
}

double option_real(const char *name, double otherwise) {
    const char *text = option_text(name, NULL);
    return text ? strtod(text, NULL) : otherwise;
}
