/// One EAP packet (RFC 3748 §4).
public enum EAPPacket: Hashable, Sendable {
    /// A request of an authenticator: `data` is what follows the type.
    case request(identifier: UInt8, EAPMethod, data: [UInt8])
    /// A peer's response.
    case response(identifier: UInt8, EAPMethod, data: [UInt8])
    /// The end: let in.
    case success(identifier: UInt8)
    /// The end: refused.
    case failure(identifier: UInt8)

    /// The identifier of any of them.
    public var identifier: UInt8 {
        switch self {
        case .request(let identifier, _, _), .response(let identifier, _, _), .success(let identifier),
            .failure(let identifier):
            identifier
        }
    }

    /// Reads a packet. Octets beyond its Length are padding of the link and ignored (RFC 3748 §4).
    public init(decoding bytes: [UInt8]) throws(EAPError) {
        guard bytes.count >= 4 else { throw EAPError(.packetTooShort) }
        guard bytes.count <= EAPLimits.maximumPacket else { throw EAPError(.packetTooLong) }
        let length = Int(bytes[2]) << 8 | Int(bytes[3])
        guard length >= 4, length <= bytes.count else { throw EAPError(.lengthInvalid) }
        guard let code = EAPCode(rawValue: bytes[0]) else { throw EAPError(.unknownCode) }
        let identifier = bytes[1]
        switch code {
        case .success, .failure:
            guard length == 4 else { throw EAPError(.resultWithData) }
            self = code == .success ? .success(identifier: identifier) : .failure(identifier: identifier)
        case .request, .response:
            let (method, data) = try Self.typed(bytes[4..<length])
            self =
                code == .request
                ? .request(identifier: identifier, method, data: data)
                : .response(identifier: identifier, method, data: data)
        }
    }

    private static func typed(_ body: ArraySlice<UInt8>) throws(EAPError) -> (EAPMethod, [UInt8]) {
        guard let type = body.first else { throw EAPError(.lengthInvalid) }
        guard type == EAPMethod.expandedOctet else { return (EAPMethod(type), Array(body.dropFirst())) }
        guard body.count >= 8 else { throw EAPError(.expandedTypeTruncated) }
        return (EAPMethod(expanded: body.dropFirst().prefix(7)), Array(body.dropFirst(8)))
    }

    /// The packet's octets.
    ///
    /// `data` must be shorter than 65 536 octets; everything in this module is far below.
    public func encoded() -> [UInt8] {
        switch self {
        case .request(let identifier, let method, let data): Self.encode(.request, identifier, method.octets + data)
        case .response(let identifier, let method, let data): Self.encode(.response, identifier, method.octets + data)
        case .success(let identifier): Self.encode(.success, identifier, [])
        case .failure(let identifier): Self.encode(.failure, identifier, [])
        }
    }

    private static func encode(_ code: EAPCode, _ identifier: UInt8, _ body: [UInt8]) -> [UInt8] {
        let length = UInt16(truncatingIfNeeded: body.count + 4)
        return [code.rawValue, identifier, UInt8(length >> 8), UInt8(length & 0xff)] + body
    }
}

extension EAPMethod {
    /// From the seven octets that follow 254: vendor, type. Missing octets count as zero.
    init(expanded octets: ArraySlice<UInt8>) {
        let vendor = octets.prefix(3).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let number = octets.dropFirst(3).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        self.init(vendor: vendor, number: number)
    }

    /// The type as it stands in a packet: one octet, or eight.
    var octets: [UInt8] { octet.map { [$0] } ?? expandedOctets }

    /// The eight octets of the Expanded form.
    var expandedOctets: [UInt8] {
        [Self.expandedOctet]
            + [16, 8, 0].map { UInt8(truncatingIfNeeded: vendor >> $0) }
            + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
