/// A request ready to send, and what recognises its reply.
///
/// Retransmit the same octets: another authenticator would make it another request (RFC 5080 §2.2.1).
public struct SignedRequest: Hashable, Sendable {
    /// The datagram.
    public let bytes: [UInt8]
    /// Its header.
    public let sent: SentRequest

    init(bytes: [UInt8], sent: SentRequest) {
        (self.bytes, self.sent) = (bytes, sent)
    }

    /// A RADIUS/1.1 request (RFC 9765), for a TLS connection whose ends agreed on it: `token` is its own in the connection.
    ///
    /// Passwords and keys among the attributes are sent as they are; a CHAP-Password needs a CHAP-Challenge beside it.
    public init(_ code: PacketCode, token: UInt32, attributes: [Attribute]) throws(RADIUSError) {
        var octets = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        let length = try octets.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
            var writer = PacketWriter(UnsafeMutableRawBufferPointer(buffer), request: code, token: token)
            writer.append(attributes)
            return try writer.finish()
        }
        self.init(
            bytes: Array(octets[..<length]),
            sent: SentRequest(code: code, identifier: 0, authenticator: Authenticator(token: token)))
    }
}

extension SharedSecret {
    /// An Access-Request with a password (PAP), Message-Authenticator first.
    ///
    /// Throws `.passwordTooLong` above 128 octets, `.attributeValueTooLong` or `.packetTooLong`.
    public func accessRequest(
        identifier: UInt8, authenticator: Authenticator = .random(), userName: String, password: [UInt8],
        attributes: [Attribute] = []
    ) throws(RADIUSError) -> SignedRequest {
        try request(.accessRequest, identifier, authenticator) { writer in
            writer.append(.userName, text: userName)
            writer.append(password: password, secret: self)
            writer.append(attributes)
        }
    }

    /// An Access-Request with a CHAP response, Message-Authenticator first.
    ///
    /// A challenge that is the authenticator itself is not repeated in a CHAP-Challenge (RFC 2865 §5.3).
    public func accessRequest(
        identifier: UInt8, authenticator: Authenticator = .random(), userName: String, chap: CHAPResponse,
        attributes: [Attribute] = []
    ) throws(RADIUSError) -> SignedRequest {
        try request(.accessRequest, identifier, authenticator) { writer in
            writer.append(.userName, text: userName)
            writer.append(.chapPassword, [chap.identifier] + chap.response.bytes)
            if chap.challenge != authenticator.bytes { writer.append(.chapChallenge, chap.challenge) }
            writer.append(attributes)
        }
    }

    /// An Access-Request of these attributes alone: MAC authentication without a password, EAP.
    public func accessRequest(
        identifier: UInt8, authenticator: Authenticator = .random(), attributes: [Attribute]
    ) throws(RADIUSError) -> SignedRequest {
        try request(.accessRequest, identifier, authenticator) { $0.append(attributes) }
    }

    /// An Accounting-Request (RFC 2866 §4.1). Old servers do not expect a Message-Authenticator in it.
    public func accountingRequest(
        identifier: UInt8, attributes: [Attribute], messageAuthenticator: Bool = false
    ) throws(RADIUSError) -> SignedRequest {
        try request(.accountingRequest, identifier, .zero, messageAuthenticator) { $0.append(attributes) }
    }

    /// A Status-Server (RFC 5997 §3): is the server there, and does it hold this secret?
    public func statusServer(
        identifier: UInt8, authenticator: Authenticator = .random(), attributes: [Attribute] = []
    ) throws(RADIUSError) -> SignedRequest {
        try request(.statusServer, identifier, authenticator) { $0.append(attributes) }
    }

    /// A Status-Server in the version of an envelope. Throws as the others do.
    public func statusServer(in envelope: ProxyRelay.Envelope) throws(RADIUSError) -> SignedRequest {
        switch envelope {
        case .radius10(let identifier, let authenticator):
            try statusServer(identifier: identifier, authenticator: authenticator)
        case .radius11(let token): try SignedRequest(.statusServer, token: token, attributes: [])
        }
    }

    /// A Disconnect-Request (RFC 5176 §2.1): attributes that identify NAS and session, and Event-Timestamp against replays.
    public func disconnectRequest(
        identifier: UInt8, attributes: [Attribute], messageAuthenticator: Bool = true
    ) throws(RADIUSError) -> SignedRequest {
        try request(.disconnectRequest, identifier, .zero, messageAuthenticator) { $0.append(attributes) }
    }

    /// A CoA-Request (RFC 5176 §2.2): attributes that identify NAS and session, then those that change.
    public func coaRequest(
        identifier: UInt8, attributes: [Attribute], messageAuthenticator: Bool = true
    ) throws(RADIUSError) -> SignedRequest {
        try request(.coaRequest, identifier, .zero, messageAuthenticator) { $0.append(attributes) }
    }

    /// The reply in a datagram, checked against the request; throws the reason to discard it and go on waiting.
    public func reply(
        in datagram: [UInt8], to request: SentRequest, requireMessageAuthenticator: Bool = false,
        version: ProtocolVersion = .radius10
    ) throws(RADIUSError) -> Packet {
        try datagram.withPacketView(version: version) { view throws(RADIUSError) in
            try verify(reply: view, to: request, requireMessageAuthenticator: requireMessageAuthenticator)
            return Packet(view)
        }
    }

    func request(
        _ code: PacketCode, _ identifier: UInt8, _ authenticator: Authenticator, _ messageAuthenticator: Bool = true,
        _ fill: (inout PacketWriter) -> Void
    ) throws(RADIUSError) -> SignedRequest {
        var octets = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        var sent = SentRequest(code: code, identifier: identifier, authenticator: authenticator)
        let length = try octets.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
            var writer = PacketWriter(
                UnsafeMutableRawBufferPointer(buffer), request: code, identifier: identifier,
                authenticator: authenticator, messageAuthenticator: messageAuthenticator)
            fill(&writer)
            let length = try writer.finish(secret: self)
            sent = writer.sent
            return length
        }
        return SignedRequest(bytes: Array(octets[..<length]), sent: sent)
    }
}

extension PacketWriter {
    /// Appends attributes in order.
    public mutating func append(_ attributes: [Attribute]) {
        for attribute in attributes { append(attribute.type, attribute.value) }
    }
}
