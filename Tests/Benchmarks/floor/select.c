// `select 1` on a kept connection (PGHOST and the like say which): nanoseconds, one a line.
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    int count = argc > 1 ? atoi(argv[1]) : 1000;
    PGconn *connection = PQconnectdb("connect_timeout=3");
    if (PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "%s", PQerrorMessage(connection));
        return 1;
    }
    for (int i = 0; i < count; i++) {
        long long start = now();
        PGresult *result = PQexec(connection, "select 1 /* benchmark */");
        if (PQresultStatus(result) != PGRES_TUPLES_OK) return 1;
        PQclear(result);
        printf("%lld\n", now() - start);
    }
    PQfinish(connection);
    return 0;
}
