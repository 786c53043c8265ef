/// An EAP packet inside PEAPv0 (draft-kamath-pppext-peapv0 §1.1): without its header of code, identifier and length, except
/// for the Extensions method, which keeps it.
enum PEAPInnerPacket: Hashable {
    /// A method's packet: the identifier and code are those of the outer one.
    case method(EAPMethod, data: [UInt8])
    /// The Result TLV of the Extensions method.
    case result(isSuccess: Bool)

    /// Reads what the tunnel carried. Packets that keep their header are read too: some peers send those.
    init(decoding octets: [UInt8], code: EAPCode) throws(EAPError) {
        if let whole = Self.whole(octets, code: code) {
            self =
                whole.method == .extensions
                ? .result(isSuccess: try Self.result(in: whole.data)) : .method(whole.method, data: whole.data)
            return
        }
        guard let type = octets.first, type != 0, type != EAPMethod.extensions.octet else {
            throw EAPError(.innerPacketInvalid)
        }
        guard type == EAPMethod.expandedOctet else {
            self = .method(EAPMethod(type), data: Array(octets.dropFirst()))
            return
        }
        guard octets.count >= 8 else { throw EAPError(.innerPacketInvalid) }
        self = .method(EAPMethod(expanded: octets.dropFirst().prefix(7)), data: Array(octets.dropFirst(8)))
    }

    /// The octets as a packet with its header, when they are one of this code and of exactly this length.
    private static func whole(_ octets: [UInt8], code: EAPCode) -> (method: EAPMethod, data: [UInt8])? {
        guard octets.count >= 5, octets[0] == code.rawValue,
            Int(octets[2]) << 8 | Int(octets[3]) == octets.count
        else { return nil }
        switch try? EAPPacket(decoding: octets) {
        case .request(_, let method, let data), .response(_, let method, let data): return (method, data)
        case .success, .failure, nil: return nil
        }
    }

    /// Reads the TLVs: two octets of flags and type, two of length, the value. Others than the Result are passed over
    /// unless mandatory; cryptobinding (type 12) is never offered by us, so nobody may insist on it.
    private static func result(in data: [UInt8]) throws(EAPError) -> Bool {
        var rest = data[...]
        var found: Bool?
        while !rest.isEmpty {
            let header = Array(rest.prefix(4))
            guard header.count == 4 else { throw EAPError(.innerPacketInvalid) }
            let length = Int(header[2]) << 8 | Int(header[3])
            let value = rest.dropFirst(4).prefix(length)
            guard value.count == length else { throw EAPError(.innerPacketInvalid) }
            switch (Int(header[0] & 0x3f) << 8 | Int(header[1]), Array(value)) {
            case (3, [0, 1]): found = true
            case (3, [0, 2]): found = false
            case (3, _): throw EAPError(.innerPacketInvalid)
            default: if header[0] & 0x80 != 0 { throw EAPError(.innerPacketInvalid) }
            }
            rest = rest.dropFirst(4 + length)
        }
        guard let found else { throw EAPError(.innerPacketInvalid) }
        return found
    }

    /// What the tunnel carries. `code` and `identifier` are the outer packet's, for the Result.
    func encoded(code: EAPCode, identifier: UInt8) -> [UInt8] {
        switch self {
        case .method(let method, let data): return method.octets + data
        case .result(let isSuccess):
            let tlv: [UInt8] = [0x80, 3, 0, 2, 0, isSuccess ? 1 : 2]
            let packet: EAPPacket =
                code == .request
                ? .request(identifier: identifier, .extensions, data: tlv)
                : .response(identifier: identifier, .extensions, data: tlv)
            return packet.encoded()
        }
    }
}
