/// What a packet is (RFC 2865 §4, RFC 2866 §4, RFC 5176 §2, RFC 5997 §2).
public struct PacketCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The octet on the wire.
    public let rawValue: UInt8

    /// Any octet is a code, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Access-Request.
    public static let accessRequest = PacketCode(rawValue: 1)
    /// Access-Accept.
    public static let accessAccept = PacketCode(rawValue: 2)
    /// Access-Reject.
    public static let accessReject = PacketCode(rawValue: 3)
    /// Accounting-Request.
    public static let accountingRequest = PacketCode(rawValue: 4)
    /// Accounting-Response.
    public static let accountingResponse = PacketCode(rawValue: 5)
    /// Access-Challenge.
    public static let accessChallenge = PacketCode(rawValue: 11)
    /// Status-Server.
    public static let statusServer = PacketCode(rawValue: 12)
    /// Disconnect-Request.
    public static let disconnectRequest = PacketCode(rawValue: 40)
    /// Disconnect-ACK.
    public static let disconnectACK = PacketCode(rawValue: 41)
    /// Disconnect-NAK.
    public static let disconnectNAK = PacketCode(rawValue: 42)
    /// CoA-Request.
    public static let coaRequest = PacketCode(rawValue: 43)
    /// CoA-ACK.
    public static let coaACK = PacketCode(rawValue: 44)
    /// CoA-NAK.
    public static let coaNAK = PacketCode(rawValue: 45)
    /// Protocol-Error (RFC 7930 §4).
    public static let protocolError = PacketCode(rawValue: 52)

    /// The name in the RFC, `Code-<n>` when there is none.
    public var description: String {
        switch self {
        case .accessRequest: "Access-Request"
        case .accessAccept: "Access-Accept"
        case .accessReject: "Access-Reject"
        case .accountingRequest: "Accounting-Request"
        case .accountingResponse: "Accounting-Response"
        case .accessChallenge: "Access-Challenge"
        case .statusServer: "Status-Server"
        case .disconnectRequest: "Disconnect-Request"
        case .disconnectACK: "Disconnect-ACK"
        case .disconnectNAK: "Disconnect-NAK"
        case .coaRequest: "CoA-Request"
        case .coaACK: "CoA-ACK"
        case .coaNAK: "CoA-NAK"
        case .protocolError: "Protocol-Error"
        default: "Code-\(rawValue)"
        }
    }

    /// Whether replies carry this code.
    public var isReply: Bool {
        switch self {
        case .accessAccept, .accessReject, .accessChallenge, .accountingResponse, .disconnectACK, .disconnectNAK,
            .coaACK, .coaNAK, .protocolError:
            true
        default: false
        }
    }

    /// The code of a name that ``description`` gives a known one; nil for another name.
    public init?(named name: String) {
        guard let code = Self.known.first(where: { $0.description == name }) else { return nil }
        self = code
    }

    private static let known: [PacketCode] = [
        .accessRequest, .accessAccept, .accessReject, .accountingRequest, .accountingResponse, .accessChallenge,
        .statusServer, .disconnectRequest, .disconnectACK, .disconnectNAK, .coaRequest, .coaACK, .coaNAK,
        .protocolError,
    ]

    /// Whether requests that we know carry this code.
    public var isRequest: Bool {
        switch self {
        case .accessRequest, .accountingRequest, .statusServer, .disconnectRequest, .coaRequest: true
        default: false
        }
    }

    /// Whether a reply with this code may answer a request with `request`.
    ///
    /// A Status-Server is answered as the port it was sent to answers (RFC 5997 §3).
    public func answers(_ request: PacketCode) -> Bool {
        switch request {
        case .accessRequest: [.accessAccept, .accessReject, .accessChallenge, .protocolError].contains(self)
        case .accountingRequest: [.accountingResponse, .protocolError].contains(self)
        case .statusServer: [.accessAccept, .accountingResponse, .protocolError].contains(self)
        case .disconnectRequest: [.disconnectACK, .disconnectNAK, .protocolError].contains(self)
        case .coaRequest: [.coaACK, .coaNAK, .protocolError].contains(self)
        default: false
        }
    }
}
