// libcurl, loaded when it is first used.
//
// With it come sixteen further libraries (GnuTLS by way of librtmp, ssh, HTTP/2, IDN ...): linked as usual, they cost
// each start 4 ms before main(), a fifth of the time to the first frame, and the start of commands that speak no HTTP
// as well. So the functions that Galley uses stand here under their own names and pass each call on; curl.h declares
// them as ever, and no caller knows. Where the library is missing they fail as if memory were out.
#define CURL_DISABLE_TYPECHECK
#include "CCurlLate.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void *library;

static void load(void) {
    // The soname is that of libcurl's stable interface since 2006; NODELETE because its threads may outlive us.
    library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
}

bool galley_curl_load(void) {
    pthread_once(&once, load);
    return library != NULL;
}

static void *find(const char *name) { return galley_curl_load() ? dlsym(library, name) : NULL; }

#define HIDDEN __attribute__((visibility("hidden")))
// The address is looked up once; should two threads do so at once, both find the same.
#define FOUND(type, name, ...)                                                        \
    static _Atomic(void *) found;                                                     \
    void *address = atomic_load_explicit(&found, memory_order_acquire);               \
    if (!address) atomic_store_explicit(&found, address = find(#name), memory_order_release); \
    type (*function)(__VA_ARGS__) = (type (*)(__VA_ARGS__))address

#define PASS(type, failure, name, parameters, arguments, ...) \
    HIDDEN type(name) parameters {                            \
        FOUND(type, name, __VA_ARGS__);                       \
        return function ? function arguments : failure;       \
    }
#define PASS_VOID(name, type)                \
    HIDDEN void(name)(type value) {          \
        FOUND(void, name, type);             \
        if (function) function(value);       \
    }
// Each option's value is an int, a long, an offset or a pointer: one general register, whatever its type.
#define PASS_OPTION(type, failure, name, handle, option)         \
    HIDDEN type(name)(handle * subject, option number, ...) {    \
        va_list values;                                          \
        va_start(values, number);                                \
        void *value = va_arg(values, void *);                    \
        va_end(values);                                          \
        FOUND(type, name, handle *, option, ...);                \
        return function ? function(subject, number, value) : failure; \
    }

PASS(CURLcode, CURLE_FAILED_INIT, curl_global_init, (long flags), (flags), long)

PASS(CURL *, NULL, curl_easy_init, (void), (), void)
PASS_VOID(curl_easy_cleanup, CURL *)
PASS_VOID(curl_easy_reset, CURL *)
PASS_OPTION(CURLcode, CURLE_FAILED_INIT, curl_easy_setopt, CURL, CURLoption)
PASS_OPTION(CURLcode, CURLE_FAILED_INIT, curl_easy_getinfo, CURL, CURLINFO)
PASS(CURLcode, CURLE_FAILED_INIT, curl_easy_perform, (CURL * easy), (easy), CURL *)
PASS(CURLcode, CURLE_FAILED_INIT, curl_easy_pause, (CURL * easy, int mask), (easy, mask), CURL *, int)
PASS(CURLcode, CURLE_FAILED_INIT, curl_easy_recv, (CURL * easy, void *bytes, size_t size, size_t *count),
     (easy, bytes, size, count), CURL *, void *, size_t, size_t *)
PASS(CURLcode, CURLE_FAILED_INIT, curl_easy_send, (CURL * easy, const void *bytes, size_t size, size_t *count),
     (easy, bytes, size, count), CURL *, const void *, size_t, size_t *)
PASS(const char *, "libcurl.so.4 cannot be loaded", curl_easy_strerror, (CURLcode code), (code), CURLcode)

PASS(CURLM *, NULL, curl_multi_init, (void), (), void)
PASS(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_cleanup, (CURLM * multi), (multi), CURLM *)
PASS(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_add_handle, (CURLM * multi, CURL *easy), (multi, easy), CURLM *, CURL *)
PASS(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_remove_handle, (CURLM * multi, CURL *easy), (multi, easy), CURLM *,
     CURL *)
PASS_OPTION(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_setopt, CURLM, CURLMoption)
PASS(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_perform, (CURLM * multi, int *running), (multi, running), CURLM *,
     int *)
PASS(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_poll,
     (CURLM * multi, struct curl_waitfd *extra, unsigned int count, int milliseconds, int *ready),
     (multi, extra, count, milliseconds, ready), CURLM *, struct curl_waitfd *, unsigned int, int, int *)
PASS(CURLMcode, CURLM_OUT_OF_MEMORY, curl_multi_wakeup, (CURLM * multi), (multi), CURLM *)
PASS(CURLMsg *, NULL, curl_multi_info_read, (CURLM * multi, int *left), (multi, left), CURLM *, int *)

PASS(struct curl_slist *, NULL, curl_slist_append, (struct curl_slist * list, const char *text), (list, text),
     struct curl_slist *, const char *)
PASS_VOID(curl_slist_free_all, struct curl_slist *)
PASS_VOID(curl_free, void *)

PASS(CURLU *, NULL, curl_url, (void), (), void)
PASS_VOID(curl_url_cleanup, CURLU *)
PASS(CURLUcode, CURLUE_OUT_OF_MEMORY, curl_url_get, (CURLU * url, CURLUPart part, char **text, unsigned int flags),
     (url, part, text, flags), CURLU *, CURLUPart, char **, unsigned int)
PASS(CURLUcode, CURLUE_OUT_OF_MEMORY, curl_url_set,
     (CURLU * url, CURLUPart part, const char *text, unsigned int flags), (url, part, text, flags), CURLU *, CURLUPart,
     const char *, unsigned int)
