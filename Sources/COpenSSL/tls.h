// libssl's function-like macros, given names that Swift can import.
#ifndef SOCLE_COPENSSL_TLS_H
#define SOCLE_COPENSSL_TLS_H

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

// Options and modes of every context; `tickets` keeps session tickets, `compatibility` the middlebox mode of TLS 1.3.
static inline void tls_context_set_options(SSL_CTX *context, int tickets, int compatibility) {
    uint64_t options = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE
        | SSL_OP_PRIORITIZE_CHACHA;
    if (!tickets) options |= SSL_OP_NO_TICKET;
    SSL_CTX_set_options(context, options);
    if (!compatibility) SSL_CTX_clear_options(context, SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

static inline int tls_context_set_versions(SSL_CTX *context, int lowest, int highest) {
    return SSL_CTX_set_min_proto_version(context, lowest) == 1 && SSL_CTX_set_max_proto_version(context, highest) == 1;
}

static inline int tls_context_set_groups(SSL_CTX *context, const char *groups) {
    return SSL_CTX_set1_groups_list(context, groups) == 1;
}

static inline void tls_context_set_max_cert_list(SSL_CTX *context, long octets) {
    SSL_CTX_set_max_cert_list(context, octets);
}

// Takes a reference of its own to `certificate`.
static inline int tls_context_add_chain(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add1_chain_cert(context, certificate) == 1;
}

static inline int tls_context_set_ticket_key(
    SSL_CTX *context, int (*callback)(SSL *, unsigned char *, unsigned char *, EVP_CIPHER_CTX *, EVP_MAC_CTX *, int)) {
    return SSL_CTX_set_tlsext_ticket_key_evp_cb(context, callback) == 1;
}

// Keys the HMAC-SHA-256 of a ticket. In C, because parameters hold on to the pointers of their names.
static inline int tls_ticket_set_code_key(EVP_MAC_CTX *code, const unsigned char *key, size_t length) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)key, length),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(code, parameters);
}

static inline void tls_context_set_status(SSL_CTX *context, int (*callback)(SSL *, void *)) {
    SSL_CTX_set_tlsext_status_cb(context, callback);
}

static inline int tls_request_status(SSL *ssl) {
    return SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp) == 1;
}

// Staples a copy of `response`.
static inline int tls_staple(SSL *ssl, const unsigned char *response, long length) {
    unsigned char *copy = (unsigned char *)OPENSSL_memdup(response, (size_t)length);
    if (copy == NULL) return 0;
    if (SSL_set_tlsext_status_ocsp_resp(ssl, copy, length) == 1) return 1;
    OPENSSL_free(copy);
    return 0;
}

static inline long tls_stapled(SSL *ssl, const unsigned char **response) {
    return SSL_get_tlsext_status_ocsp_resp(ssl, response);
}

static inline int tls_set_server_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name) == 1;
}

static inline int tls_certificate_count(const STACK_OF(X509) *chain) {
    return chain == NULL ? 0 : sk_X509_num(chain);
}

static inline X509 *tls_certificate_at(const STACK_OF(X509) *chain, int index) {
    return sk_X509_value(chain, index);
}

#endif
