import OpenSSL
import RADIUS

/// Every reader of a packet, called on any octets: what the mutation tests and the fuzzer of `deploy/fuzz` share.
final class PacketHarness {
    /// What the octets came to.
    enum Fate: Hashable {
        case refused(RADIUSError.Code)
        case unproven(RADIUSError.Code)
        /// An Access-Request without a Message-Authenticator proves nothing; policy refuses it.
        case harmless
    }

    private let secret: SharedSecret
    private let home: SharedSecret
    private let dictionary: AttributeDictionary
    /// A request of ours, for octets that pretend to answer it.
    private let asked: [UInt8]
    private let state = ProxyState(mark: 1, serial: 2)
    private var wrong: [String] = []

    init() throws {
        secret = try SharedSecret(Array("another secret than the vectors'".utf8))
        home = try SharedSecret(Array("the secret of a home server".utf8))
        dictionary = try ProjectFiles.shippedDictionary()
        asked = try secret.accessRequest(identifier: 7, userName: "anne", password: Array("secret".utf8)).bytes
    }

    /// Reads the octets in every way there is; throws a ``Violation`` when they were believed, or misread.
    func fate(of octets: [UInt8]) throws(Violation) -> Fate {
        wrong = []
        // As RADIUS/1.1, which TLS alone vouches for, it can only be read.
        try? octets.withPacketView(version: .radius11) { view throws(RADIUSError) in readValues(view) }
        let fate = judge(octets)
        if let first = wrong.first { throw Violation(description: first) }
        return fate
    }

    private func expect(_ isRight: Bool, _ text: @autoclosure () -> String) {
        if !isRight { wrong.append(text()) }
    }

    private func judge(_ octets: [UInt8]) -> Fate {
        do throws(RADIUSError) {
            return try octets.withPacketView { view throws(RADIUSError) in
                expect((try? Packet(view).encoded()) == Array(octets.prefix(view.bytes.count)), "not written back")
                visit(view)
                do throws(RADIUSError) {
                    let proof = try secret.verify(request: view)
                    expect(proof == .none, "believed: \(proof)")
                    return .harmless
                } catch {
                    return .unproven(error.code)
                }
            }
        } catch {
            return .refused(error.code)
        }
    }

    /// Calls every reader on every attribute.
    private func visit(_ view: PacketView) {
        let lines = dictionary.describe(view)
        // Attributes that go on in others share a line.
        expect(lines.count <= view.attributeCount + 1 && lines.count > min(view.attributeCount, 1), "lines missing")
        for attribute in view.attributes {
            _ = (attribute.uint32, attribute.uint64, attribute.ipv4, attribute.ipv6, attribute.text)
            expect(view.has(attribute.type), "an attribute is not found")
        }
        _ = (view.first(vendor: 14988, type: 8), view.accountingStatus)
        _ = view.octetCount(.acctInputOctets, gigawords: .acctInputGigawords)
        _ = try? secret.credentials(of: view)
        _ = DynamicAuthorizationRequest.read(view)
        readValues(view)
        pretendReply(view)
        var buffer = [UInt8](repeating: 0, count: 600)
        _ = buffer.withUnsafeMutableBytes { buffer in
            var writer = PacketWriter(buffer, replying: .accessReject, to: view)
            return try? writer.finish(secret: secret)
        }
    }

    /// Calls the readers that look into values, and forwards what can be.
    private func readValues(_ view: PacketView) {
        let authenticator = view.authenticator
        _ = (try? view.eapMessage(), TunnelVLAN(view), try? MSCHAPResponse(view), MSCHAPOutcome(view))
        _ = try? MPPEKeyPair(view, secret: secret, authenticator: authenticator)
        _ = view.first(.tunnelPassword).map {
            try? TunnelPassword($0, in: view, secret: secret, authenticator: authenticator)
        }
        _ = (view.responseLength, ProtocolError(view), OperatorName(view), ChargeableUserIdentity(view))
        _ = (view.portRanges(), view.ipv6Addresses(), view.hasPassed(mark: 1))
        for filter in [AttributeFilter.federation, .everything] {
            let relay = ProxyRelay(origin: secret, home: home, filter: filter)
            forward(view, relay, .radius10(identifier: 9, authenticator: authenticator), .radius10)
            forward(view, relay, .radius11(token: 1), .radius11)
        }
    }

    /// What goes on to a home server is a packet that it believes.
    private func forward(
        _ view: PacketView, _ relay: ProxyRelay, _ envelope: ProxyRelay.Envelope, _ version: ProtocolVersion
    ) {
        guard let sent = try? relay.forward(view, in: envelope, proxyState: state) else { return }
        do throws(RADIUSError) {
            try sent.bytes.withPacketView(version: version) { forwarded throws(RADIUSError) in
                try home.verify(request: forwarded)
                expect(forwarded.proxyStates.last == state.octets, "our Proxy-State is not the last")
            }
        } catch {
            // What we add may be more than we would read: how many attributes is too many, each server says for itself.
            expect(error.code == .tooManyAttributes, "forwarded what cannot be read: \(error)")
        }
    }

    /// As the answer of a home server: nobody signed it, and carried on it is still a packet.
    private func pretendReply(_ view: PacketView) {
        let sent = SentRequest(code: .accessRequest, identifier: view.identifier, authenticator: view.authenticator)
        expect((try? home.verify(reply: view, to: sent, requireMessageAuthenticator: false)) == nil, "believed a reply")
        let relay = ProxyRelay(origin: secret, home: home, filter: .everything)
        var buffer = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        let length = try? asked.withPacketView { request throws(RADIUSError) in
            try buffer.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
                try relay.answer(
                    request, with: view, to: sent, proxyState: state, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
        guard let length else { return }
        do throws(RADIUSError) {
            _ = try Packet(Array(buffer.prefix(length)))
        } catch {
            expect(error.code == .tooManyAttributes, "carried on what cannot be read: \(error)")
        }
    }
}
