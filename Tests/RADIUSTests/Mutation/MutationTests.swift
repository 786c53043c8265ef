import RADIUS
import Testing

/// A hundred thousand broken packets: none traps, none is believed, each refusal has a reason.
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
        #expect(lines.count == view.attributeCount + 1)
        for attribute in view.attributes {
            _ = (attribute.uint32, attribute.uint64, attribute.ipv4, attribute.ipv6, attribute.text)
            #expect(view.has(attribute.type))
        }
        _ = (view.first(vendor: 14988, type: 8), view.accountingStatus)
        _ = view.octetCount(.acctInputOctets, gigawords: .acctInputGigawords)
        _ = try? secret.credentials(of: view)
        var buffer = [UInt8](repeating: 0, count: 600)
        _ = buffer.withUnsafeMutableBytes { buffer in
            var writer = PacketWriter(buffer, replying: .accessReject, to: view)
            return try? writer.finish(secret: secret)
        }
    }

    @Test func `100 000 mutated packets: no trap, no belief, a reason for each refusal`() throws {
        let secret = try SharedSecret(Array("another secret than the vectors'".utf8))
        let dictionary = try ProjectFiles.shippedDictionary()
        let seeds = PacketVector.all.map(\.packet)
        try #require(seeds.count >= 60)
        var mutator = Mutator(seed: 2865)
        var fates: [Fate: Int] = [:]
        for index in 0..<100_000 {
            let octets = mutator.mutate(seeds[index % seeds.count], other: seeds[mutator.below(seeds.count)])
            fates[fate(of: octets, secret: secret, dictionary: dictionary), default: 0] += 1
        }
        #expect(fates.values.reduce(0, +) == 100_000)
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
            "Vendor-Specific",
        ]
        let characters = Array("0123456789abcdefxX:./-TZ+ é\0")
        var mutator = Mutator(seed: 11)
        for index in 0..<20_000 {
            let text = String((0..<mutator.below(30)).map { _ in characters[mutator.below(characters.count)] })
            guard let octets = try? dictionary.encode(names[index % names.count], text) else { continue }
            #expect(octets.count >= 2 && Int(octets[1]) == octets.count)
        }
    }
}
