import Foundation
import RADIUS
import Testing

/// Broken packets by the thousand: none traps, none is believed, each refusal has a reason.
///
/// `RADIUS_MUTATIONS` sets how many (the normal run takes seconds), `RADIUS_MUTATION_SEED` where they begin.
@Suite struct MutationTests {
    /// What one mutated packet came to.
    private enum Fate: Hashable {
        case refused(RADIUSError.Code)
        case unproven(RADIUSError.Code)
        case harmless
    }

    private func fate(
        of octets: [UInt8], secret: SharedSecret, dictionary: AttributeDictionary
    ) -> Fate {
        // As RADIUS/1.1, which TLS alone vouches for, it can only be read.
        _ = try? octets.withPacketView(version: .radius11) { read($0, secret: secret) }
        do throws(RADIUSError) {
            return try octets.withPacketView { view throws(RADIUSError) in
                visit(view, secret: secret, dictionary: dictionary)
                do throws(RADIUSError) {
                    let proof = try secret.verify(request: view)
                    // Without a Message-Authenticator an Access-Request proves nothing; policy refuses it.
                    #expect(proof == .none)
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
    private func visit(_ view: PacketView, secret: SharedSecret, dictionary: AttributeDictionary) {
        let lines = dictionary.describe(view)
        // Attributes that go on in others share a line.
        #expect(lines.count <= view.attributeCount + 1 && lines.count > min(view.attributeCount, 1))
        for attribute in view.attributes {
            _ = (attribute.uint32, attribute.uint64, attribute.ipv4, attribute.ipv6, attribute.text)
            #expect(view.has(attribute.type))
        }
        _ = (view.first(vendor: 14988, type: 8), view.accountingStatus)
        _ = view.octetCount(.acctInputOctets, gigawords: .acctInputGigawords)
        _ = try? secret.credentials(of: view)
        read(view, secret: secret)
        var buffer = [UInt8](repeating: 0, count: 600)
        _ = buffer.withUnsafeMutableBytes { buffer in
            var writer = PacketWriter(buffer, replying: .accessReject, to: view)
            return try? writer.finish(secret: secret)
        }
    }

    private static let count = number("RADIUS_MUTATIONS") ?? 20_000
    private static let seed = number("RADIUS_MUTATION_SEED") ?? 2865

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    /// Calls the readers that look into values.
    private func read(_ view: PacketView, secret: SharedSecret) {
        let authenticator = view.authenticator
        _ = (try? view.eapMessage(), TunnelVLAN(view), try? MSCHAPResponse(view), MSCHAPOutcome(view))
        _ = try? MPPEKeyPair(view, secret: secret, authenticator: authenticator)
        _ = view.first(.tunnelPassword).map {
            try? TunnelPassword($0, in: view, secret: secret, authenticator: authenticator)
        }
        _ = (view.responseLength, ProtocolError(view), OperatorName(view), ChargeableUserIdentity(view))
        _ = (view.portRanges(), view.ipv6Addresses())
        let relay = ProxyRelay(origin: secret, home: secret, filter: .federation)
        _ = try? relay.forward(
            view, in: .radius11(token: 1), proxyState: ProxyState(mark: 1, serial: 2))
    }

    @Test(arguments: [1, 7, 1500])
    func `mutated packets in a stream come out as packets or end it`(chunk: Int) {
        let seeds = PacketVector.all.map(\.packet)
        var mutator = Mutator(seed: UInt64(Self.seed) &+ UInt64(chunk))
        var ends = 0
        for index in 0..<Self.count / 10 {
            let stream = seeds[index % seeds.count] + mutator.mutate(seeds[mutator.below(seeds.count)], other: seeds[0])
            var framer = PacketFramer()
            do throws(RADIUSError) {
                for start in stride(from: 0, to: stream.count, by: chunk) {
                    try framer.append(stream[start..<min(start + chunk, stream.count)])
                    while let packet = try framer.next() {
                        #expect(Int(packet[2]) << 8 | Int(packet[3]) == packet.count)
                        #expect((20...4096).contains(packet.count))
                    }
                    #expect(framer.bufferedCount < 4096)
                }
                try framer.finish()
            } catch {
                ends += 1
                #expect([.lengthTooShort, .lengthTooLong, .streamTruncated].contains(error.code))
            }
        }
        #expect(ends > 0)
    }

    @Test func `mutated packets: no trap, no belief, a reason for each refusal`() throws {
        print("\(Self.count) mutated packets from seed \(Self.seed)")
        let secret = try SharedSecret(Array("another secret than the vectors'".utf8))
        let dictionary = try ProjectFiles.shippedDictionary()
        let seeds = PacketVector.all.map(\.packet)
        try #require(seeds.count >= 60)
        var mutator = Mutator(seed: UInt64(Self.seed))
        var fates: [Fate: Int] = [:]
        for index in 0..<Self.count {
            let octets = mutator.mutate(seeds[index % seeds.count], other: seeds[mutator.below(seeds.count)])
            fates[fate(of: octets, secret: secret, dictionary: dictionary), default: 0] += 1
        }
        #expect(fates.values.reduce(0, +) == Self.count)
        let parsing: [RADIUSError.Code] = [
            .datagramTooShort, .lengthTooShort, .lengthTooLong, .lengthBeyondDatagram, .attributeTruncated,
            .attributeTooShort, .attributeOverrun, .attributeTypeZero, .tooManyAttributes,
            .messageAuthenticatorLength, .messageAuthenticatorRepeated,
        ]
        for code in parsing { #expect(fates[.refused(code), default: 0] > 0, "\(code) was never met") }
        for code in [
            RADIUSError.Code.messageAuthenticatorInvalid, .messageAuthenticatorMissing, .requestAuthenticatorInvalid,
            .unexpectedCode,
        ] { #expect(fates[.unproven(code), default: 0] > 0, "\(code) was never met") }
        #expect(fates.keys.allSatisfy { if case .refused(let code) = $0 { parsing.contains(code) } else { true } })
    }

    @Test func `every truncation of every vector is read or refused, never a trap`() throws {
        let secret = try SharedSecret([1])
        let dictionary = try ProjectFiles.shippedDictionary()
        for seed in PacketVector.all.map(\.packet) {
            for length in 0...seed.count {
                _ = fate(of: Array(seed[..<length]), secret: secret, dictionary: dictionary)
            }
        }
    }

    @Test func `random texts make a dictionary, or faults with a place, never a trap`() {
        let words = [
            "attribute", "vendor", "value", "extend", "1", "256", "A", "B", "integer", "string", "tag", "#", "\n", "\n",
            "1.1", "241.1.1", "tlv", "extended", "in", "241", "salted", "octets",
            "99999999999999999999", "é",
        ]
        var mutator = Mutator(seed: 7)
        for _ in 0..<2000 {
            let text = (0..<mutator.below(40)).map { _ in words[mutator.below(words.count)] }.joined(separator: " ")
            for fault in AttributeDictionary.faults(in: [.init(name: "x", text: text)]) {
                #expect(fault.context?.hasPrefix("x:") == true)
            }
        }
    }

    @Test func `random texts as values are encoded or refused, never a trap`() throws {
        let dictionary = try ProjectFiles.shippedDictionary()
        let names = [
            "User-Name", "Class", "Session-Timeout", "Event-Timestamp", "NAS-IP-Address", "NAS-IPv6-Address",
            "Framed-IPv6-Prefix", "Framed-Interface-Id", "Tunnel-Type:1", "Tunnel-Private-Group-Id", "Vendor-9-Attr-1",
            "Vendor-Specific", "IP-Port-Range", "Attr-245.9", "EAP-Message", "PMIP6-Home-IPv4-HoA",
        ]
        let characters = Array("0123456789abcdefxX:./-TZ+ é\0{}=\"\\,")
        var mutator = Mutator(seed: 11)
        for index in 0..<20_000 {
            let text = String((0..<mutator.below(30)).map { _ in characters[mutator.below(characters.count)] })
            guard let octets = try? dictionary.encode(names[index % names.count], text) else { continue }
            #expect(octets.count >= 2 && Int(octets[1]) == octets.count)
        }
    }
}
