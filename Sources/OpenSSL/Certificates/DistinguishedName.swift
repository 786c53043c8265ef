import COpenSSL

/// The subject and issuer names of a certificate.
enum DistinguishedName {
    /// The longest common name and organisation, in characters (RFC 5280 appendix A.1, ub-common-name).
    static let longestPart = 64

    /// Whether a text may be a part of a name: 1 to 64 characters, none of them a control.
    static func isSound(_ part: String) -> Bool {
        (1...longestPart).contains(part.unicodeScalars.count)
            && part.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    /// Writes a common name, and an organisation if there is one, into a name that is being made.
    static func fill(_ name: OpaquePointer?, commonName: String, organization: String?) throws(OpenSSLError) {
        let parts = [(NID_organizationName, organization), (NID_commonName, commonName)]
        for (nid, text) in parts {
            guard let text else { continue }
            let octets = Array(text.utf8)
            try OpenSSLError.check(
                X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, octets, Int32(octets.count), -1, 0),
                "write a name")
        }
    }

    /// RFC 4514, with letters outside ASCII as they are.
    static func text(_ name: OpaquePointer?) throws(OpenSSLError) -> String {
        guard let name, X509_NAME_entry_count(name) > 0 else { return "" }
        let octets = try MemoryBIO.written("read a name") { socle_print_name($0, name) }
        return String(decoding: octets, as: UTF8.self)
    }

    /// The last common name; nil without one, and for one with control characters.
    static func commonName(_ name: OpaquePointer?) -> String? {
        var (index, last): (Int32, Int32) = (-1, -1)
        repeat {
            last = index
            index = X509_NAME_get_index_by_NID(name, NID_commonName, index)
        } while index >= 0
        guard last >= 0, let data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)) else { return nil }
        var octets: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&octets, data)
        guard let octets, count >= 0 else { return nil }
        defer { CRYPTO_free(octets, #file, 0) }
        let text = String(decoding: UnsafeBufferPointer(start: octets, count: Int(count)), as: UTF8.self)
        return text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? nil : text
    }
}
