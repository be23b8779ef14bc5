// Round trip of one byte over a pseudo-terminal to another process and back: nanoseconds, one a line.
#define _GNU_SOURCE
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 1000, master;
    struct termios raw;
    cfmakeraw(&raw);
    pid_t child = forkpty(&master, NULL, &raw, NULL);
    if (child < 0) return 1;
    char byte = 'x';
    if (child == 0) {
        while (read(0, &byte, 1) == 1 && write(1, &byte, 1) == 1) {}
        _exit(0);
    }
    for (int i = 0; i < count; i++) {
        long long start = now();
        if (write(master, &byte, 1) != 1 || read(master, &byte, 1) != 1) return 1;
        printf("%lld\n", now() - start);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return 0;
}
