import COpenSSL

/// A libcrypto object that this module owns, freed with its last reference.
///
/// `@unchecked Sendable`: the objects held here (keys, certificates, lists) are only read once they are made, and
/// libcrypto's reference counts are atomic.
///
/// What frees it is written `{ X509_free($0) }`, never `X509_free`: of a C function that is taken as a value Swift makes
/// one thunk for each name in a whole executable, and beside BoringSSL, whose functions have the same names in Swift,
/// the linker may keep BoringSSL's.
final class LibcryptoObject: @unchecked Sendable {
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// Takes over `pointer`; throws `failure` when libcrypto gave none.
    init(
        _ pointer: OpaquePointer?, _ failure: OpenSSLError.Code, _ operation: String,
        free: @escaping (OpaquePointer?) -> Void
    ) throws(OpenSSLError) {
        guard let pointer else { throw .libcrypto(failure, operation) }
        (self.pointer, self.free) = (pointer, free)
    }

    deinit { free(pointer) }
}

extension OpenSSLError {
    /// A refusal of libcrypto. Its queue of errors is emptied: what is left there would be taken for the next
    /// handshake's.
    static func libcrypto(_ code: Code, _ operation: String) -> OpenSSLError {
        ERR_clear_error()
        return OpenSSLError(code, operation)
    }

    /// Throws unless a libcrypto call said 1.
    static func check(_ result: Int32, _ operation: String) throws(OpenSSLError) {
        guard result == 1 else { throw .libcrypto(.operationFailed, operation) }
    }
}

/// Memory that libcrypto reads from or writes to.
enum MemoryBIO {
    /// Runs `body` with a reader of `octets`.
    static func reading<Value>(
        _ octets: [UInt8], _ operation: String, _ body: (OpaquePointer) throws(OpenSSLError) -> Value
    ) throws(OpenSSLError) -> Value {
        guard let count = Int32(exactly: octets.count), count > 0 else {
            throw OpenSSLError(.certificateMalformed, operation)
        }
        // The reader has its own copy: a pointer into the array may not outlive a closure.
        let bio = try LibcryptoObject(BIO_new(BIO_s_mem()), .operationFailed, operation) { BIO_free($0) }
        guard BIO_write(bio.pointer, octets, count) == count else { throw .libcrypto(.operationFailed, operation) }
        return try body(bio.pointer)
    }

    /// What `body` writes; it says 1 when it wrote everything.
    static func written(_ operation: String, _ body: (OpaquePointer) -> Int32) throws(OpenSSLError) -> [UInt8] {
        // Secure memory is cleansed when freed: private keys are written here.
        let bio = try LibcryptoObject(BIO_new(BIO_s_secmem()), .operationFailed, operation) { BIO_free($0) }
        try OpenSSLError.check(body(bio.pointer), operation)
        var data: UnsafeMutablePointer<CChar>?
        let count = socle_memory_content(bio.pointer, &data)
        guard let data, count > 0 else { throw .libcrypto(.operationFailed, operation) }
        return [UInt8](UnsafeRawBufferPointer(start: data, count: count))
    }
}

/// The DER encoding that an `i2d_` function makes: it is asked for the length first.
func derEncoding(
    _ operation: String, _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
) throws(OpenSSLError) -> [UInt8] {
    let length = encode(nil)
    guard length > 0 else { throw .libcrypto(.operationFailed, operation) }
    var octets = [UInt8](repeating: 0, count: Int(length))
    let written = octets.withUnsafeMutableBufferPointer { buffer in
        var cursor = buffer.baseAddress
        return encode(&cursor)
    }
    guard written == length else { throw .libcrypto(.operationFailed, operation) }
    return octets
}

/// The object that a `d2i_` function reads, which must be all of `der`; nil otherwise.
func derDecoded(
    _ der: [UInt8], _ decode: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?,
    free: (OpaquePointer?) -> Void
) -> OpaquePointer? {
    der.withUnsafeBufferPointer { buffer in
        var cursor = buffer.baseAddress
        guard let end = cursor.map({ $0 + buffer.count }), let object = decode(&cursor, buffer.count) else {
            return nil
        }
        guard cursor == end else {
            free(object)
            return nil
        }
        return object
    }
}
