// What Swift cannot reach of libcrypto's X.509: variadic functions, typed stacks, unions.
#ifndef SOCLE_CERTIFICATES_H
#define SOCLE_CERTIFICATES_H

#include <string.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static inline EVP_PKEY *socle_generate_p256(void) { return EVP_EC_gen("P-256"); }
static inline EVP_PKEY *socle_generate_rsa2048(void) { return EVP_RSA_gen(2048); }

static inline long socle_memory_content(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }

// RFC 4514, with letters outside ASCII as they are.
static inline int socle_print_name(BIO *bio, const X509_NAME *name) {
    return X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0;
}

// Adds the extension `value` (the syntax of x509v3_config(5)): constants of ours only, never a text from outside.
static inline int socle_add_extension(X509 *certificate, X509 *issuer, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (extension == NULL) return 0;
    int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

static inline int socle_add_crl_authority(X509_CRL *list, X509 *issuer) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, NULL, NULL, list, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, NID_authority_key_identifier, "keyid:always");
    if (extension == NULL) return 0;
    int added = X509_CRL_add_ext(list, extension, -1);
    X509_EXTENSION_free(extension);
    return added;
}

static inline GENERAL_NAMES *socle_general_names_new(void) { return sk_GENERAL_NAME_new_null(); }
static inline int socle_general_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline const GENERAL_NAME *socle_general_names_at(const GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}

// Appends a name; `oid` is null, or the type of an otherName whose value is a UTF8String.
static inline int socle_general_names_push(
    GENERAL_NAMES *names, int type, const char *oid, const void *octets, int length) {
    int kind = type == GEN_IPADD ? V_ASN1_OCTET_STRING : oid != NULL ? V_ASN1_UTF8STRING : V_ASN1_IA5STRING;
    ASN1_STRING *text = ASN1_STRING_type_new(kind);
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_OBJECT *object = oid != NULL ? OBJ_txt2obj(oid, 1) : NULL;
    ASN1_TYPE *value = oid != NULL ? ASN1_TYPE_new() : NULL;
    int sound = text != NULL && name != NULL && (oid == NULL || (object != NULL && value != NULL))
        && ASN1_STRING_set(text, octets, length) == 1;
    if (sound && oid != NULL) {
        ASN1_TYPE_set(value, V_ASN1_UTF8STRING, text);
        sound = GENERAL_NAME_set0_othername(name, object, value) == 1;
    } else if (sound) {
        GENERAL_NAME_set0_value(name, type, text);
    } else {
        ASN1_STRING_free(text);
        ASN1_OBJECT_free(object);
        ASN1_TYPE_free(value);
    }
    if (sound && sk_GENERAL_NAME_push(names, name) > 0) return 1;
    GENERAL_NAME_free(name);
    return 0;
}

// The string of a name; for an otherName, of type `oid` and holding a UTF8String, else null.
static inline const ASN1_STRING *socle_general_name_string(const GENERAL_NAME *name, const char *oid) {
    if (name->type == GEN_DNS || name->type == GEN_EMAIL || name->type == GEN_URI) return name->d.ia5;
    if (name->type == GEN_IPADD) return name->d.ip;
    if (name->type != GEN_OTHERNAME || oid == NULL) return NULL;
    char text[64];
    int length = OBJ_obj2txt(text, sizeof text, name->d.otherName->type_id, 1);
    if (length <= 0 || length >= (int)sizeof text || strcmp(text, oid) != 0) return NULL;
    const ASN1_TYPE *value = name->d.otherName->value;
    return value->type == V_ASN1_UTF8STRING ? value->value.utf8string : NULL;
}

static inline int socle_revoked_count(X509_CRL *list) { return sk_X509_REVOKED_num(X509_CRL_get_REVOKED(list)); }
static inline X509_REVOKED *socle_revoked_at(X509_CRL *list, int index) {
    return sk_X509_REVOKED_value(X509_CRL_get_REVOKED(list), index);
}

static inline STACK_OF(X509) *socle_chain_new(void) { return sk_X509_new_null(); }
static inline int socle_chain_push(STACK_OF(X509) *chain, X509 *certificate) {
    if (X509_up_ref(certificate) != 1) return 0;
    if (sk_X509_push(chain, certificate) > 0) return 1;
    X509_free(certificate);
    return 0;
}
static inline void socle_chain_free(STACK_OF(X509) *chain) { sk_X509_pop_free(chain, X509_free); }

#endif
