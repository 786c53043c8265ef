import COpenSSL

/// The digests this module offers, each fetched from libcrypto once: an unfetched `EVP_md5()` costs a provider look-up
/// at every use.
enum DigestAlgorithm {
    case md5, sha256

    /// Octets of one digest.
    var length: Int {
        switch self {
        case .md5: 16
        case .sha256: 32
        }
    }

    /// Octets of one block of the compression function, which HMAC (RFC 2104) pads its key to.
    var blockLength: Int { 64 }

    /// libcrypto's name.
    var name: String {
        switch self {
        case .md5: "MD5"
        case .sha256: "SHA256"
        }
    }

    /// The fetched method; nil when this libcrypto does not offer it.
    var method: OpaquePointer? {
        switch self {
        case .md5: Self.md5Method
        case .sha256: Self.sha256Method
        }
    }

    // EVP_MD is immutable once fetched and its reference count is atomic; it is never freed. So every thread may use it.
    private nonisolated(unsafe) static let md5Method: OpaquePointer? = EVP_MD_fetch(nil, "MD5", nil)
    private nonisolated(unsafe) static let sha256Method: OpaquePointer? = EVP_MD_fetch(nil, "SHA256", nil)
}
