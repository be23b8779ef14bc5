#ifndef GALLEY_CPOSTGRES_H
#define GALLEY_CPOSTGRES_H
#include <libpq-fe.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

// OpenSSL's own prototypes, repeated here so that its headers stay out of the module (libpq links both libraries).
struct ssl_st;
struct x509_st;
struct asn1_string_st;
struct X509_name_st;
int SSL_pending(const struct ssl_st *);
struct x509_st *SSL_get1_peer_certificate(const struct ssl_st *);
void X509_free(struct x509_st *);
const struct asn1_string_st *X509_get0_notAfter(const struct x509_st *);
const struct asn1_string_st *X509_get0_notBefore(const struct x509_st *);
int ASN1_TIME_to_tm(const struct asn1_string_st *, struct tm *);
struct X509_name_st *X509_get_issuer_name(const struct x509_st *);
char *X509_NAME_oneline(const struct X509_name_st *, char *, int);

// Tells OpenSSL not to tear itself down in exit(): a thread that still speaks to a server would crash there.
int OPENSSL_init_crypto(uint64_t options, const void *settings);
static inline void galley_pg_keep_openssl(void) { OPENSSL_init_crypto(0x00080000 /* OPENSSL_INIT_NO_ATEXIT */, NULL); }

// Bytes that a TCP connection has received so far, -1 for other sockets. The C library's struct tcp_info ends before
// this member, which the kernel has at 128 since Linux 4.1.
static inline int64_t galley_pg_tcp_received(int fd) {
    unsigned char info[136] = {0};
    socklen_t length = sizeof info;
    int64_t received;
    if (getsockopt(fd, 6 /* IPPROTO_TCP */, 11 /* TCP_INFO */, info, &length) != 0 || length < sizeof info) return -1;
    memcpy(&received, info + 128, sizeof received);
    return received;
}

// Bytes that OpenSSL has decrypted and libpq has not read: epoll does not tell of them, and libpq may leave some.
static inline int galley_pg_tls_pending(PGconn *connection) {
    struct ssl_st *ssl = (struct ssl_st *)PQsslStruct(connection, "OpenSSL");
    return ssl ? SSL_pending(ssl) : 0;
}

// What libpq does not say of a certificate that it refuses: validity (seconds since 1970) and who issued it.
struct galley_pg_certificate {
    long long not_before;
    long long not_after;
    char issuer[256];
};
static inline int galley_pg_peer_certificate(PGconn *connection, struct galley_pg_certificate *out) {
    struct ssl_st *ssl = (struct ssl_st *)PQsslStruct(connection, "OpenSSL");
    struct x509_st *certificate = ssl ? SSL_get1_peer_certificate(ssl) : NULL;
    if (!certificate) return 0;
    struct tm from = {0}, to = {0};
    int known = ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &from) &&
                ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &to);
    out->not_before = known ? timegm(&from) : 0;
    out->not_after = known ? timegm(&to) : 0;
    out->issuer[0] = 0;
    X509_NAME_oneline(X509_get_issuer_name(certificate), out->issuer, sizeof out->issuer);
    X509_free(certificate);
    return known;
}
#endif
