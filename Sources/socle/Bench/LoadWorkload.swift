import OpenSSL
import RADIUS

/// Makes the requests of one run, in the order in which they are to be sent.
///
/// Authentication walks the credentials. Accounting keeps a number of sessions going, each Start, interims, Stop with
/// counters that only grow; a session's next record is made only when the one before it was answered, as a gateway does.
struct LoadWorkload {
    private struct Session {
        var serial: UInt64
        var step = 0
    }

    /// What a session says has passed since its record before. A first report of more than two minutes, a moment after the
    /// Start, is taken for a straggler of an earlier session, and answered without being stored.
    static let secondsBetweenRecords = 60

    private let options: LoadOptions
    private let secret: SharedSecret
    private var nextCredential = 0
    private var sessions: [Session]
    private var idle: [Int]
    private var nextSerial: UInt64
    private var noise: UInt64
    // Differs from run to run, or a second run would repeat the sessions of the first.
    private let sessionPrefix: String
    private var conversations: LoadConversations?

    init(_ options: LoadOptions, secret: SharedSecret, seed: UInt64) throws {
        (self.options, self.secret) = (options, secret)
        noise = seed | 1
        sessionPrefix = "\(options.tag)-\(String(seed, radix: 36))-"
        nextSerial = UInt64(options.sessions)
        sessions = (0..<options.sessions).map { Session(serial: UInt64($0)) }
        idle = Array((0..<options.sessions).reversed())
        conversations = try LoadConversations(options, secret: secret)
    }

    /// Whether a request can be made now: in accounting, only while a session waits for no answer; so with EAP.
    var isReady: Bool { conversations?.isReady ?? (options.mode != .accounting || !idle.isEmpty) }

    /// Writes the next request and returns its length and what it belongs to: the session of an accounting request, the
    /// credential of a login, the device of EAP, -1 for none. `due` is when it was to be sent.
    mutating func write(
        into buffer: UnsafeMutableRawBufferPointer, identifier: UInt8, due: UInt64
    ) throws -> (length: Int, session: Int, sent: SentRequest) {
        switch options.mode {
        case .pap, .chap: try authentication(buffer, identifier)
        case .status: try status(buffer, identifier)
        case .accounting: try accounting(buffer, identifier)
        case .eap: try conversation(buffer, identifier, due)
        }
    }

    /// A reply has come, with the right signature: a session's or a device's next request may be sent.
    mutating func answered(session: Int, by reply: PacketView, to sent: SentRequest) -> LoadOutcome {
        if let outcome = conversations?.take(reply, device: session, to: sent) { return outcome }
        answered(session: session)
        return .done(begunAt: nil, isResumed: false)
    }

    private mutating func answered(session: Int) {
        guard session >= 0, options.mode == .accounting else { return }
        sessions[session].step += 1
        if sessions[session].step > options.interims + 1 {
            sessions[session] = Session(serial: nextSerial)
            nextSerial += 1
        }
        idle.append(session)
    }

    /// A session's record got no answer: the session is given up and another begins in its place.
    mutating func lost(session: Int) {
        conversations?.lost(device: session)
        guard session >= 0, options.mode == .accounting else { return }
        sessions[session] = Session(serial: nextSerial)
        nextSerial += 1
        idle.append(session)
    }

    private mutating func authentication(
        _ buffer: UnsafeMutableRawBufferPointer, _ identifier: UInt8
    ) throws -> (Int, Int, SentRequest) {
        let (index, credential) = (nextCredential, options.credentials[nextCredential])
        nextCredential = nextCredential + 1 == options.credentials.count ? 0 : nextCredential + 1
        var packet = PacketWriter(
            buffer, request: .accessRequest, identifier: identifier, authenticator: randomAuthenticator())
        packet.append(.userName, text: credential.login)
        if options.mode == .pap {
            packet.append(password: credential.password, secret: secret)
        } else {
            let challenge = (0..<16).map { _ in UInt8(truncatingIfNeeded: random()) }
            let response = CHAPResponse(identifier: identifier, password: credential.password, challenge: challenge)
            packet.append(.chapPassword, [identifier] + response.response.withUnsafeBytes { Array($0) })
            packet.append(.chapChallenge, challenge)
        }
        describeNAS(&packet, station: UInt64(nextCredential))
        return (try packet.finish(secret: secret), index, packet.sent)
    }

    private mutating func conversation(
        _ buffer: UnsafeMutableRawBufferPointer, _ identifier: UInt8, _ due: UInt64
    ) throws -> (Int, Int, SentRequest) {
        guard let next = try conversations?.next(due: due) else { throw LoadFault("nobody speaks EAP") }
        var packet = PacketWriter(
            buffer, request: .accessRequest, identifier: identifier, authenticator: randomAuthenticator())
        packet.append(.userName, text: next.user)
        describeNAS(&packet, station: UInt64(next.device))
        packet.append(.serviceType, uint32: 2)  // Framed, as access points say
        packet.append(.framedMTU, uint32: LoadConversations.framedMTU)
        packet.append(eapMessage: next.message)
        if let state = next.state { packet.append(.state, state) }
        return (try packet.finish(secret: secret), next.device, packet.sent)
    }

    private mutating func status(
        _ buffer: UnsafeMutableRawBufferPointer, _ identifier: UInt8
    ) throws -> (Int, Int, SentRequest) {
        var packet = PacketWriter(
            buffer, request: .statusServer, identifier: identifier, authenticator: randomAuthenticator())
        return (try packet.finish(secret: secret), -1, packet.sent)
    }

    private mutating func accounting(
        _ buffer: UnsafeMutableRawBufferPointer, _ identifier: UInt8
    ) throws -> (Int, Int, SentRequest) {
        guard let index = idle.popLast() else { throw LoadFault("no session is idle") }
        let session = sessions[index]
        let status: UInt32 = session.step == 0 ? 1 : session.step > options.interims ? 2 : 3
        var packet = PacketWriter(
            buffer, request: .accountingRequest, identifier: identifier, authenticator: .zero,
            messageAuthenticator: false)
        packet.append(.acctStatusType, uint32: status)
        packet.append(.acctSessionID, text: sessionPrefix + String(session.serial))
        if !options.credentials.isEmpty {
            let credential = options.credentials[Int(session.serial % UInt64(options.credentials.count))]
            packet.append(.userName, text: credential.login)
        }
        if !options.classes.isEmpty {
            packet.append(.classValue, options.classes[Int(session.serial % UInt64(options.classes.count))])
        }
        describeNAS(&packet, station: session.serial)
        packet.append(.framedIPAddress, uint32: 0x0a00_0000 | UInt32(truncatingIfNeeded: session.serial & 0xff_ffff))
        if session.step > 0 {
            packet.append(
                .acctSessionTime, uint32: UInt32(truncatingIfNeeded: session.step * Self.secondsBetweenRecords))
            packet.append(.acctInputOctets, uint32: UInt32(truncatingIfNeeded: session.step * 1_000_000))
            packet.append(.acctOutputOctets, uint32: UInt32(truncatingIfNeeded: session.step * 10_000_000))
        }
        if status == 2 { packet.append(.acctTerminateCause, uint32: 1) }
        return (try packet.finish(secret: secret), index, packet.sent)
    }

    private func describeNAS(_ packet: inout PacketWriter, station: UInt64) {
        packet.append(.nasIPAddress, uint32: 0x7f00_0001)
        packet.append(.nasPort, uint32: 1)
        packet.append(.callingStationID, Self.macAddress(station))
        packet.append(.calledStationID, text: "02-00-5E-00-00-FE:bench")
    }

    /// `02-XX-XX-XX-XX-XX`, in ASCII. Written out because it runs for every request.
    private static func macAddress(_ station: UInt64) -> [UInt8] {
        let digits: StaticString = "0123456789ABCDEF"
        let octets = station & 0xff_ffff_ffff | 0x02 << 40
        return [UInt8](unsafeUninitializedCapacity: 17) { text, count in
            for index in 0..<6 {
                let octet = Int(truncatingIfNeeded: octets >> UInt64(40 - index * 8)) & 0xff
                text[index * 3] = digits.utf8Start[octet >> 4]
                text[index * 3 + 1] = digits.utf8Start[octet & 15]
                if index < 5 { text[index * 3 + 2] = UInt8(ascii: "-") }
            }
            count = 17
        }
    }

    // A measuring tool: its authenticators need to differ, not to be secret.
    private mutating func random() -> UInt64 {
        noise ^= noise << 13
        noise ^= noise >> 7
        noise ^= noise << 17
        return noise
    }

    private mutating func randomAuthenticator() -> Authenticator {
        var octets: [UInt8] = []
        octets.reserveCapacity(16)
        for _ in 0..<2 { withUnsafeBytes(of: random()) { octets.append(contentsOf: $0) } }
        return Authenticator(octets) ?? .zero
    }
}
