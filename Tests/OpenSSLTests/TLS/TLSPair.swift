import OpenSSL

/// Both ends of one session, and the wire between them.
final class TLSPair {
    let server: TLSSession
    let client: TLSSession
    private(set) var serverFailure: TLSFailure?
    private(set) var clientFailure: TLSFailure?

    init(server: TLSContext, client: TLSContext, resuming: [UInt8]? = nil) throws {
        self.server = try TLSSession(server)
        self.client = try TLSSession(client, resuming: resuming)
    }

    convenience init(server: TLSSettings, client: TLSSettings, resuming: [UInt8]? = nil) throws {
        try self.init(server: TLSContext(server), client: TLSContext(client), resuming: resuming)
    }

    /// Carries octets until neither end has any left, alerts included; failures are kept.
    ///
    /// `piece` is the most octets carried at once, `alter` what happens to them on the way.
    func run(piece: Int = .max, alter: (inout [UInt8]) -> Void = { _ in }) {
        clientFailure = Self.failure { () throws(TLSFailure) in try client.handshake() }
        var moved = true
        while moved {
            moved = false
            var toServer = client.takeOutput(piece)
            if !toServer.isEmpty {
                moved = true
                alter(&toServer)
                serverFailure = serverFailure ?? Self.failure { () throws(TLSFailure) in try server.receive(toServer) }
            }
            var toClient = server.takeOutput(piece)
            if !toClient.isEmpty {
                moved = true
                alter(&toClient)
                clientFailure = clientFailure ?? Self.failure { () throws(TLSFailure) in try client.receive(toClient) }
            }
        }
    }

    /// Runs the handshake and lets both ends read once: on TLS 1.3 a client is done before the server has judged it,
    /// and learns of tickets and refusals by reading.
    @discardableResult
    func settle(alter: (inout [UInt8]) -> Void = { _ in }) -> TLSPair {
        run(alter: alter)
        for (session, isClient) in [(client, true), (server, false)] where session.state == .established {
            let failure = Self.failure { () throws(TLSFailure) in _ = try session.read() }
            if isClient { clientFailure = clientFailure ?? failure } else { serverFailure = serverFailure ?? failure }
        }
        return self
    }

    var isEstablished: Bool { server.state == .established && client.state == .established }

    /// The server sends, the client receives and reads.
    func toClient(_ plaintext: [UInt8]) throws -> [UInt8] {
        try server.write(plaintext)
        try client.receive(server.takeOutput())
        return try client.read(upTo: 131_072)
    }

    /// The client sends, the server receives and reads.
    func toServer(_ plaintext: [UInt8]) throws -> [UInt8] {
        try client.write(plaintext)
        try server.receive(client.takeOutput())
        return try server.read(upTo: 131_072)
    }

    /// The server issues a ticket (TLS 1.3) and the client takes it; on TLS 1.2 it has it already.
    func ticket(_ data: [UInt8]) throws -> [UInt8]? {
        if server.version == .tls13 {
            try server.setTicketData(data)
            try server.issueTicket()
            try client.receive(server.takeOutput())
            _ = try client.read()
        }
        return client.resumable
    }

    private static func failure(_ body: () throws(TLSFailure) -> Void) -> TLSFailure? {
        do { try body() } catch { return error }
        return nil
    }
}
