import COpenSSL

/// The private library context and what was fetched from it. Nothing here is ever freed: the context must outlive every
/// algorithm fetched from it, and these live as long as the process.
enum LegacyLibrary {
    // An OSSL_LIB_CTX may be used by several threads, and is only read after this initialisation.
    private nonisolated(unsafe) static let context: OpaquePointer? = {
        guard let context = OSSL_LIB_CTX_new() else { return nil }
        guard OSSL_PROVIDER_load(context, "default") != nil, OSSL_PROVIDER_load(context, "legacy") != nil else {
            OSSL_LIB_CTX_free(context)
            return nil
        }
        return context
    }()

    // EVP_MD and EVP_CIPHER are immutable once fetched and count their references atomically: any thread may use them.
    nonisolated(unsafe) static let md4: OpaquePointer? = context.flatMap { EVP_MD_fetch($0, "MD4", nil) }
    nonisolated(unsafe) static let des: OpaquePointer? = context.flatMap { EVP_CIPHER_fetch($0, "DES-ECB", nil) }

    // In the default provider: it stays available to EAP where the legacy provider is not installed.
    nonisolated(unsafe) static let sha1: OpaquePointer? = EVP_MD_fetch(nil, "SHA1", nil)
}
