import COpenSSL

/// A subject alternative name (RFC 5280 §4.2.1.6).
public enum AlternativeName: Sendable, Hashable {
    /// A host name in ASCII.
    case dns(String)
    /// A mail address, or an NAI of that form (RFC 7542), in ASCII.
    case email(String)
    /// A URI in ASCII.
    case uri(String)
    /// 4 or 16 octets.
    case address([UInt8])
    /// Microsoft's user principal name, 1.3.6.1.4.1.311.20.2.3.
    case userPrincipalName(String)
    /// The realm a RADIUS server serves (RFC 7585 §2.2), 1.3.6.1.5.5.7.8.8.
    case naiRealm(String)

    /// The longest name that is written, in octets.
    public static let longest = 253

    static let principalType = "1.3.6.1.4.1.311.20.2.3"
    static let realmType = "1.3.6.1.5.5.7.8.8"

    /// Whether a certificate of ours may carry it: printable, bounded, of the form of its kind.
    public var isSound: Bool {
        switch self {
        case .dns(let name): Self.isHostName(name)
        case .email(let address): Self.isPrintable(address, ascii: true) && address.contains("@")
        case .uri(let uri): Self.isPrintable(uri, ascii: true) && uri.contains(":")
        case .address(let octets): octets.count == 4 || octets.count == 16
        case .userPrincipalName(let name), .naiRealm(let name): Self.isPrintable(name, ascii: false)
        }
    }

    /// Labels of 1 to 63 letters, digits and hyphens (RFC 1123 §2.1). No wildcard: supplicants disagree on them.
    static func isHostName(_ text: String) -> Bool {
        guard (1...longest).contains(text.utf8.count) else { return false }
        return text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.count) && label.first != 0x2D && label.last != 0x2D
                && label.allSatisfy { isLetterOrDigit($0) || $0 == 0x2D }
        }
    }

    static func isPrintable(_ text: String, ascii: Bool) -> Bool {
        (1...longest).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                if scalar.isASCII { return (0x21...0x7E).contains(scalar.value) }
                return !ascii && scalar.properties.generalCategory != .control
            }
    }

    private static func isLetterOrDigit(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
    }
}

extension AlternativeName {
    /// What libcrypto needs to write it.
    private var form: (type: Int32, oid: String?, octets: [UInt8]) {
        switch self {
        case .dns(let text): (GEN_DNS, nil, Array(text.utf8))
        case .email(let text): (GEN_EMAIL, nil, Array(text.utf8))
        case .uri(let text): (GEN_URI, nil, Array(text.utf8))
        case .address(let octets): (GEN_IPADD, nil, octets)
        case .userPrincipalName(let text): (GEN_OTHERNAME, Self.principalType, Array(text.utf8))
        case .naiRealm(let text): (GEN_OTHERNAME, Self.realmType, Array(text.utf8))
        }
    }

    /// Adds the extension with these names to a certificate that is being made.
    static func add(_ names: [AlternativeName], to x509: LibcryptoObject) throws(OpenSSLError) {
        let operation = "write alternative names"
        guard !names.isEmpty else { return }
        let list = try LibcryptoObject(
            socle_general_names_new(), .operationFailed, operation, free: { GENERAL_NAMES_free($0) })
        for name in names {
            let (type, oid, octets) = name.form
            try OpenSSLError.check(
                socle_general_names_push(list.pointer, type, oid, octets, Int32(octets.count)), operation)
        }
        try OpenSSLError.check(
            X509_add1_ext_i2d(x509.pointer, NID_subject_alt_name, UnsafeMutableRawPointer(list.pointer), 0, 0),
            operation)
    }

    /// The names of a certificate that this module knows; others are passed over, and names with control characters
    /// too: an octet of zero inside a name has fooled readers before.
    static func all(of x509: LibcryptoObject) -> [AlternativeName] {
        guard let raw = X509_get_ext_d2i(x509.pointer, NID_subject_alt_name, nil, nil) else { return [] }
        let list = OpaquePointer(raw)
        defer { GENERAL_NAMES_free(list) }
        return (0..<max(socle_general_names_count(list), 0)).compactMap { index in
            socle_general_names_at(list, index).flatMap(AlternativeName.init(reading:))
        }
    }

    private init?(reading name: UnsafePointer<GENERAL_NAME>) {
        func octets(_ oid: String?) -> [UInt8]? {
            guard let string = socle_general_name_string(name, oid), let data = ASN1_STRING_get0_data(string) else {
                return nil
            }
            return Array(UnsafeBufferPointer(start: data, count: Int(max(ASN1_STRING_length(string), 0))))
        }
        func text(_ oid: String? = nil) -> String? {
            guard let octets = octets(oid), let text = String(validating: octets, as: UTF8.self) else { return nil }
            return text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? nil : text
        }
        let read: AlternativeName? =
            switch name.pointee.type {
            case GEN_DNS: text().map(AlternativeName.dns)
            case GEN_EMAIL: text().map(AlternativeName.email)
            case GEN_URI: text().map(AlternativeName.uri)
            case GEN_IPADD: octets(nil).map(AlternativeName.address)
            default:
                text(Self.principalType).map(AlternativeName.userPrincipalName)
                    ?? text(Self.realmType).map(AlternativeName.naiRealm)
            }
        guard let read else { return nil }
        self = read
    }
}
