// Tells of every NOTIFY on a channel the instant it comes: monotonic nanoseconds and the payload, one a line.
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    PGconn *connection = PQconnectdb("connect_timeout=3");
    char command[200];
    snprintf(command, sizeof command, "LISTEN %s", argv[1]);
    PQclear(PQexec(connection, command));
    // Standard input is held by whoever started this: its end is the end.
    struct pollfd wait[2] = {{PQsocket(connection), POLLIN, 0}, {0, POLLIN, 0}};
    while (PQstatus(connection) == CONNECTION_OK && poll(wait, 2, -1) > 0 && !wait[1].revents) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        PQconsumeInput(connection);
        for (PGnotify *note; (note = PQnotifies(connection)) != NULL; PQfreemem(note))
            printf("%lld %s\n", t.tv_sec * 1000000000LL + t.tv_nsec, note->extra);
    }
    PQfinish(connection);
    return 0;
}
