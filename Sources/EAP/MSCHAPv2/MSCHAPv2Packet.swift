/// What EAP-MSCHAPv2 carries after its type octet (draft-kamath-pppext-eap-mschapv2 §2).
enum MSCHAPv2Packet: Hashable {
    /// The server's challenge (OpCode 1) and name.
    case challenge(identifier: UInt8, challenge: [UInt8], name: String)
    /// The peer's response (OpCode 2).
    case response(identifier: UInt8, peerChallenge: [UInt8], ntResponse: [UInt8], name: String)
    /// OpCode 3 from the server: `S=… M=…`.
    case success(identifier: UInt8, message: String)
    /// OpCode 4 from the server: `E=… R=…`.
    case failure(identifier: UInt8, message: String)
    /// OpCode 3 or 4 from the peer, which carries nothing else.
    case successAcknowledgement, failureAcknowledgement

    /// Octets of a name: RFC 2759 §4 allows 256; a longer one would be no account of ours.
    private static let maximumName = 256

    /// Reads a packet. Octets beyond MS-Length are ignored, as every implementation does.
    init(decoding data: [UInt8]) throws(EAPError) {
        guard let opcode = data.first else { throw EAPError(.mschapMalformed) }
        if data.count == 1 {
            switch opcode {
            case 3: self = .successAcknowledgement
            case 4: self = .failureAcknowledgement
            default: throw EAPError(.mschapMalformed)
            }
            return
        }
        guard data.count >= 4 else { throw EAPError(.mschapMalformed) }
        let length = Int(data[2]) << 8 | Int(data[3])
        guard length >= 4, length <= data.count else { throw EAPError(.mschapMalformed) }
        self = try Self.content(opcode: opcode, identifier: data[1], data[4..<length])
    }

    private static func content(
        opcode: UInt8, identifier: UInt8, _ body: ArraySlice<UInt8>
    ) throws(EAPError) -> MSCHAPv2Packet {
        switch opcode {
        case 1:
            let (challenge, name) = try value(body, size: 16)
            return .challenge(identifier: identifier, challenge: challenge, name: name)
        case 2:
            let (value, name) = try value(body, size: 49)
            return .response(
                identifier: identifier, peerChallenge: Array(value[..<16]), ntResponse: Array(value[24..<48]),
                name: name)
        case 3: return .success(identifier: identifier, message: String(decoding: body, as: UTF8.self))
        case 4: return .failure(identifier: identifier, message: String(decoding: body, as: UTF8.self))
        default: throw EAPError(.mschapMalformed)
        }
    }

    /// Value-Size, the value, and the name that fills the rest.
    private static func value(_ body: ArraySlice<UInt8>, size: Int) throws(EAPError) -> ([UInt8], String) {
        guard let announced = body.first, Int(announced) == size, body.count >= size + 1 else {
            throw EAPError(.mschapMalformed)
        }
        let octets = Array(body.dropFirst(size + 1))
        guard octets.count <= maximumName, !octets.contains(0), let name = String(validating: octets, as: UTF8.self)
        else { throw EAPError(.mschapMalformed) }
        return (Array(body.dropFirst().prefix(size)), name)
    }

    /// What follows the type octet.
    func encoded() -> [UInt8] {
        switch self {
        case .challenge(let identifier, let challenge, let name):
            Self.encode(1, identifier, [UInt8(truncatingIfNeeded: challenge.count)] + challenge + Array(name.utf8))
        case .response(let identifier, let peerChallenge, let ntResponse, let name):
            Self.encode(
                2, identifier,
                [49] + peerChallenge + [UInt8](repeating: 0, count: 8) + ntResponse + [0] + Array(name.utf8))
        case .success(let identifier, let message): Self.encode(3, identifier, Array(message.utf8))
        case .failure(let identifier, let message): Self.encode(4, identifier, Array(message.utf8))
        case .successAcknowledgement: [3]
        case .failureAcknowledgement: [4]
        }
    }

    private static func encode(_ opcode: UInt8, _ identifier: UInt8, _ body: [UInt8]) -> [UInt8] {
        let length = UInt16(truncatingIfNeeded: body.count + 4)
        return [opcode, identifier, UInt8(length >> 8), UInt8(length & 0xff)] + body
    }
}
