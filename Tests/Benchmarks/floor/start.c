// The least that a program with the four libraries needs to start: one call into each, one line, done.
#include <curl/curl.h>
#include <curses.h>
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <stdio.h>

int main(void) {
    redisReader *reader = redisReaderCreate();
    printf("%d %s %s %d\n", PQlibVersion(), curl_version(), curses_version(), reader != NULL);
    redisReaderFree(reader);
    return 0;
}
