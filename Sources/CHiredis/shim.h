#ifndef GALLEY_CHIREDIS_H
#define GALLEY_CHIREDIS_H
// Only the reply reader of hiredis is used; connecting, reading and writing are ours.
#include <hiredis/read.h>
// rediss:// is libcurl's CONNECT_ONLY: hiredis 0.14 has no TLS.
#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

// What the reader waits for in the middle of a reply: its stack is a C array, which Swift sees as a tuple.
// The type is one of REDIS_REPLY_*, or -1 between items; the text is what was received and not yet consumed.
static inline int galley_redis_pending(const redisReader *reader, const char **text, size_t *length) {
    *text = reader->buf + reader->pos;
    *length = reader->len - reader->pos;
    return reader->ridx < 0 ? -1 : reader->rstack[reader->ridx].type;
}

// The reader keeps its last error as a C array.
static inline const char *galley_redis_error(const redisReader *reader) { return reader->errstr; }

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call.
static inline CURLcode galley_redis_curl_long(CURL *curl, CURLoption option, long value) {
    return curl_easy_setopt(curl, option, value);
}
static inline CURLcode galley_redis_curl_text(CURL *curl, CURLoption option, const char *value) {
    return curl_easy_setopt(curl, option, value);
}
static inline CURLcode galley_redis_curl_buffer(CURL *curl, char *errors) {
    return curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, errors);
}
static inline CURLcode galley_redis_curl_socket(CURL *curl, curl_socket_t *socket) {
    return curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, socket);
}
static inline CURLcode galley_redis_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
#endif
