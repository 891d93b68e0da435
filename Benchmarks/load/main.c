// The load client: `load MODE --port P --pids P1,P2 …` drives one server through one workload and prints one JSON object.
#include "load.h"

#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments) {
    static const struct { const char *name; int (*run)(void); } modes[] = {
        {"fanout", run_fanout}, {"idle", run_idle}, {"join", run_join}, {"tokens", run_tokens}};
    if (count < 2 || count % 2) {
        fprintf(stderr, "usage: load fanout|idle|join|tokens --port P --pids P1,P2 --dialect centrifugo|text|nchan [--name value]…\n");
        return 2;
    }
    options_set(count - 2, arguments + 2);
    const char *named = option_text("dialect", "centrifugo");
    dialect = !strcmp(named, "text") ? TEXT : !strcmp(named, "nchan") ? NCHAN : CENTRIFUGO;
    raise_descriptor_limit();
    wire_start(option_text("host", "127.0.0.1"), (int)option_number("port", 0));
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (!strcmp(arguments[1], modes[i].name)) return modes[i].run();
    }
    fprintf(stderr, "load: no mode %s\n", arguments[1]);
    return 2;
}
