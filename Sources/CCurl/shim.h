#ifndef GALLEY_CCURL_H
#define GALLEY_CCURL_H
#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

// curl_easy_setopt, curl_multi_setopt and curl_easy_getinfo are variadic, which Swift does not import, and take a
// type that depends on the option: one function a type, so that a wrong pair is at least visible in its name.
static inline CURLcode galley_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode galley_curl_set_offset(CURL *easy, CURLoption option, int64_t value) {
    return curl_easy_setopt(easy, option, (curl_off_t)value);
}
// libcurl copies the text, except that of CURLOPT_COPYPOSTFIELDS, whose size is set before.
static inline CURLcode galley_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode galley_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
// Used by libcurl until the transfer is over; the caller keeps it until then.
static inline CURLcode galley_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode galley_curl_set_blob(CURL *easy, CURLoption option, const void *bytes, size_t length) {
    struct curl_blob blob = {(void *)bytes, length, CURL_BLOB_COPY};
    return curl_easy_setopt(easy, option, &blob);
}
typedef size_t (*galley_curl_transfer)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode galley_curl_set_transfer(CURL *easy, CURLoption option, galley_curl_transfer function) {
    return curl_easy_setopt(easy, option, function);
}

static inline CURLMcode galley_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline long galley_curl_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}
static inline int64_t galley_curl_get_offset(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}
static inline void *galley_curl_get_pointer(CURL *easy, CURLINFO info) {
    void *value = NULL;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : NULL;
}
// Valid while the easy handle is in use.
static inline curl_socket_t galley_curl_get_socket(CURL *easy) {
    curl_socket_t value = CURL_SOCKET_BAD;
    return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &value) == CURLE_OK ? value : CURL_SOCKET_BAD;
}

// CURLMsg holds a union, which Swift imports without its members. False when no transfer is done.
static inline bool galley_curl_next_done(CURLM *multi, CURL **easy, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        *easy = message->easy_handle;
        *result = message->data.result;
        return true;
    }
    return false;
}

// Macros with a cast or a shift, which Swift does not import.
static inline CURLcode galley_curl_global_init(void) { return curl_global_init(CURL_GLOBAL_ALL); }
enum { GALLEY_CURL_WRITE_PAUSE = CURL_WRITEFUNC_PAUSE, GALLEY_CURL_READ_PAUSE = CURL_READFUNC_PAUSE };
enum { GALLEY_CURL_READ_ABORT = CURL_READFUNC_ABORT };

// libcurl tells the peer certificate only of connections it has just opened, and never the protocol version. OpenSSL
// itself is asked instead, by prototype: its headers would add some thousand declarations to the module.
struct ssl_st;
struct x509_st;
struct asn1_string_st;
const char *SSL_get_version(const struct ssl_st *);
struct x509_st *SSL_get1_peer_certificate(const struct ssl_st *);
const struct asn1_string_st *X509_get0_notAfter(const struct x509_st *);
int ASN1_TIME_to_tm(const struct asn1_string_st *, struct tm *);
void X509_free(struct x509_st *);

// The protocol version ("TLSv1.3", static) and the peer certificate's end in seconds since 1970 (0: none) of the
// connection that serves the transfer. Only while the transfer runs: NULL when there is no TLS.
static inline const char *galley_curl_tls(CURL *easy, int64_t *expires) {
    struct curl_tlssessioninfo *session = NULL;
    *expires = 0;
    if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session || !session->internals ||
        session->backend != CURLSSLBACKEND_OPENSSL)
        return NULL;
    const struct ssl_st *ssl = (const struct ssl_st *)session->internals;
    struct x509_st *certificate = SSL_get1_peer_certificate(ssl);
    if (certificate) {
        struct tm end;
        if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1) *expires = timegm(&end);
        X509_free(certificate);
    }
    return SSL_get_version(ssl);
}
#endif
