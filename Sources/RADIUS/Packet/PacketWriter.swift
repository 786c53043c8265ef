/// Writes one packet into a buffer of the caller, without allocation.
///
/// Appending never throws: the first fault (no room, value too long) is kept and thrown by `finish`, and nothing may be sent
/// then. A reply's Message-Authenticator comes first, so that a forger cannot choose the octets before it (BlastRADIUS,
/// CVE-2024-3596; draft-ietf-radext-deprecating-radius §5).
/// ```swift
/// var reply = PacketWriter(buffer, replying: .accessAccept, to: request)
/// reply.append(.sessionTimeout, uint32: 3600)
/// reply.append(encoded: siteAttributes)
/// let length = try reply.finish(secret: secret)
/// ```
public struct PacketWriter {
    private enum Signature {
        /// Response Authenticator over the request's (RFC 2865 §3).
        case reply(over: Authenticator)
        /// Request Authenticator over zeros (RFC 2866 §3, RFC 5176 §2.3).
        case request
        /// The random authenticator stays in the header (RFC 2865 §3, RFC 5997 §3).
        case nonce(Authenticator)
        /// A token in the header and no signature: TLS has it all (RFC 9765 §4).
        case token(UInt32)
    }

    private let buffer: UnsafeMutableRawBufferPointer
    private let signature: Signature
    private var proxyStates: AttributeSequence?
    private var messageAuthenticatorOffset: Int?
    private var failure: RADIUSError?
    // The last salt used; 0 before the first, which no salt is.
    private var salt: UInt16 = 0

    /// Octets written so far, header included.
    public private(set) var count: Int

    private init(
        _ buffer: UnsafeMutableRawBufferPointer, _ code: PacketCode, _ identifier: UInt8, _ signature: Signature,
        proxyStates: AttributeSequence?, messageAuthenticator: Bool
    ) {
        let room = min(buffer.count, PacketLimits.maximumLength)
        self.buffer = UnsafeMutableRawBufferPointer(rebasing: buffer[..<room])
        (self.signature, self.proxyStates) = (signature, proxyStates)
        count = PacketLimits.headerLength
        guard room >= count else {
            failure = RADIUSError(.packetTooLong)
            return
        }
        self.buffer[0] = code.rawValue
        self.buffer[1] = identifier
        if messageAuthenticator, appendHeader(.messageAuthenticator, valueLength: 16) {
            messageAuthenticatorOffset = count - 2
            Authenticator.zero.withUnsafeBytes { put($0) }
        }
    }

    /// Begins a reply to `request`, which must stay valid until `finish`.
    ///
    /// It begins with a Message-Authenticator when the request is an Access-Request or a Status-Server, or had one itself
    /// (RFC 5176 §3.6). `finish` copies the request's Proxy-State attributes, unchanged and in order (RFC 2865 §5.33).
    /// The reply to a RADIUS/1.1 request echoes its token and has neither signature nor Message-Authenticator.
    public init(_ buffer: UnsafeMutableRawBufferPointer, replying code: PacketCode, to request: PacketView) {
        let proxyStates = request.has(.proxyState) ? request.attributes : nil
        guard request.version == .radius10 else {
            self.init(
                buffer, code, 0, .token(request.token), proxyStates: proxyStates, messageAuthenticator: false)
            return
        }
        let signs =
            request.code == .accessRequest || request.code == .statusServer || request.has(.messageAuthenticator)
        self.init(
            buffer, code, request.identifier, .reply(over: request.authenticator), proxyStates: proxyStates,
            messageAuthenticator: signs)
    }

    /// Begins a request. Access-Request and Status-Server carry `authenticator`, which must be unpredictable; the others
    /// are signed and ignore it.
    public init(
        _ buffer: UnsafeMutableRawBufferPointer, request code: PacketCode, identifier: UInt8,
        authenticator: Authenticator, messageAuthenticator: Bool = true
    ) {
        let carries = code == .accessRequest || code == .statusServer
        self.init(
            buffer, code, identifier, carries ? .nonce(authenticator) : .request, proxyStates: nil,
            messageAuthenticator: messageAuthenticator)
    }

    /// Begins a RADIUS/1.1 request (RFC 9765 §4.1, §4.2.1), whose `token` no other request of the connection may have.
    public init(_ buffer: UnsafeMutableRawBufferPointer, request code: PacketCode, token: UInt32) {
        self.init(buffer, code, 0, .token(token), proxyStates: nil, messageAuthenticator: false)
    }

    /// Appends an attribute of 0…253 octets.
    public mutating func append(_ type: AttributeType, _ value: UnsafeRawBufferPointer) {
        if appendHeader(type, valueLength: value.count) { put(value) }
    }

    /// Appends an attribute of 0…253 octets.
    public mutating func append(_ type: AttributeType, _ value: [UInt8]) {
        value.withUnsafeBytes { append(type, $0) }
    }

    /// Appends a text of at most 253 octets of UTF-8.
    public mutating func append(_ type: AttributeType, text: String) {
        var text = text
        text.withUTF8 { append(type, UnsafeRawBufferPointer($0)) }
    }

    /// Appends a four-octet integer.
    public mutating func append(_ type: AttributeType, uint32: UInt32) {
        withUnsafeBytes(of: uint32.bigEndian) { append(type, $0) }
    }

    /// Appends a vendor attribute of 0…247 octets in a Vendor-Specific attribute of its own (RFC 2865 §5.26).
    public mutating func append(vendor: UInt32, type: UInt8, _ value: [UInt8]) {
        guard value.count <= PacketLimits.maximumVendorValueLength else {
            return fail(RADIUSError(.attributeValueTooLong, at: count))
        }
        guard appendHeader(.vendorSpecific, valueLength: value.count + 6) else { return }
        withUnsafeBytes(of: vendor.bigEndian) { put($0) }
        withUnsafeBytes(of: (type, UInt8(truncatingIfNeeded: value.count + 2))) { put($0) }
        value.withUnsafeBytes { put($0) }
    }

    /// Appends whole attributes as ``AttributeDictionary`` encoded them.
    public mutating func append(encoded attributes: [UInt8]) {
        guard reserve(attributes.count) else { return }
        attributes.withUnsafeBytes { put($0) }
    }

    /// Appends a copy of every attribute of a type, in order.
    public mutating func copy(_ type: AttributeType, from packet: PacketView) { copy(type, from: packet.attributes) }

    private mutating func copy(_ type: AttributeType, from attributes: AttributeSequence) {
        for attribute in attributes where attribute.type == type {
            if reserve(attribute.encoded.count) { put(attribute.encoded) }
        }
    }

    /// Hides a password in a User-Password attribute, for an Access-Request; RADIUS/1.1 does not hide it (RFC 9765 §5.1.1).
    public mutating func append(password: [UInt8], secret: SharedSecret) {
        if version == .radius11 { return append(.userPassword, password) }
        guard case .nonce(let authenticator) = signature else { return fail(RADIUSError(.unexpectedCode)) }
        do throws(RADIUSError) {
            append(.userPassword, try secret.hide(password, authenticator: authenticator))
        } catch {
            fail(error)
        }
    }

    /// Which protocol the packet is written in.
    public var version: ProtocolVersion {
        if case .token = signature { .radius11 } else { .radius10 }
    }

    /// The authenticator that hidden values are chained to: the request's, or zeros where that is itself a signature and
    /// not known before the end (accounting, CoA and disconnect requests).
    var hidingAuthenticator: Authenticator {
        switch signature {
        case .reply(let authenticator), .nonce(let authenticator): authenticator
        case .request, .token: .zero
        }
    }

    /// A salt that this packet has not used yet, its highest bit set (RFC 2868 §3.5). The first is random.
    mutating func nextSalt() -> UInt16 {
        salt = (salt == 0 ? UInt16.random(in: 0...UInt16.max) : salt &+ 1) | 0x8000
        return salt
    }

    /// Signs the packet and returns its length: what to send is that many octets of the buffer.
    ///
    /// Throws the first fault of any append, `.packetTooLong` if the Proxy-States do not fit, or `.cryptography`.
    public mutating func finish(secret: SharedSecret) throws(RADIUSError) -> Int {
        try close()
        let packet = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
        let signed: Authenticator =
            switch signature {
            case .reply(let authenticator), .nonce(let authenticator): authenticator
            case .request, .token: .zero
            }
        if let offset = messageAuthenticatorOffset {
            place(try secret.messageAuthenticator(of: packet, at: offset, over: signed), at: offset + 2)
        }
        switch signature {
        case .reply, .request: place(try secret.authenticator(of: packet, over: signed), at: 4)
        case .nonce(let authenticator): place(authenticator, at: 4)
        case .token(let token): place(Authenticator(token: token), at: 4)
        }
        return count
    }

    /// Ends a RADIUS/1.1 packet, which nothing signs, and returns its length; throws `.unexpectedCode` for another.
    public mutating func finish() throws(RADIUSError) -> Int {
        guard case .token(let token) = signature else { throw RADIUSError(.unexpectedCode) }
        try close()
        place(Authenticator(token: token), at: 4)
        return count
    }

    private mutating func close() throws(RADIUSError) {
        if let proxyStates { copy(.proxyState, from: proxyStates) }
        proxyStates = nil
        if let failure { throw failure }
        buffer[2] = UInt8(truncatingIfNeeded: count >> 8)
        buffer[3] = UInt8(truncatingIfNeeded: count)
    }

    /// The header of a request after `finish`, for ``SharedSecret/verify(reply:to:requireMessageAuthenticator:)``.
    public var sent: SentRequest {
        guard failure == nil,
            let authenticator = Authenticator(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[4..<20]))
        else { return SentRequest(code: PacketCode(rawValue: 0), identifier: 0, authenticator: .zero) }
        return SentRequest(
            code: PacketCode(rawValue: buffer[0]), identifier: buffer[1], authenticator: authenticator)
    }

    mutating func fail(_ error: RADIUSError) {
        if failure == nil { failure = error }
    }

    private mutating func reserve(_ length: Int) -> Bool {
        guard failure == nil else { return false }
        guard length <= buffer.count - count else {
            fail(RADIUSError(.packetTooLong, at: count))
            return false
        }
        return true
    }

    private mutating func appendHeader(_ type: AttributeType, valueLength: Int) -> Bool {
        guard valueLength <= PacketLimits.maximumValueLength else {
            fail(RADIUSError(.attributeValueTooLong, at: count))
            return false
        }
        guard reserve(valueLength + 2) else { return false }
        buffer[count] = type.rawValue
        buffer[count + 1] = UInt8(truncatingIfNeeded: valueLength + 2)
        count += 2
        return true
    }

    // Room was reserved before.
    private mutating func put(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: buffer[count..<count + bytes.count]).copyMemory(from: bytes)
        count += bytes.count
    }

    private func place(_ authenticator: Authenticator, at offset: Int) {
        authenticator.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(rebasing: buffer[offset..<offset + 16]).copyMemory(from: $0)
        }
    }
}
