#ifndef GALLEY_CCRYPTO_H
#define GALLEY_CCRYPTO_H
// libcrypto is in every process of ours already: libpq and libcurl bring it. What it does is not written again here.
#include <openssl/crypto.h>  // CRYPTO_memcmp: compares secrets in a time that does not tell where they differ
#include <openssl/evp.h>     // EVP_sha1, EVP_sha256: which digest an HMAC uses
#include <openssl/hmac.h>    // HMAC: one-time passwords (RFC 6238)
#include <openssl/rand.h>    // RAND_bytes: identities and secrets that nobody can guess
#include <openssl/sha.h>     // SHA256: plans and the audit chain
#endif
