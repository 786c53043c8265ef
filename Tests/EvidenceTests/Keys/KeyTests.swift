import Testing

@testable import Evidence

@Suite struct KeyTests {
    private func sealed(to recipients: Recipients? = nil) throws -> SegmentFile {
        let segment = try Samples.builder(.translations, 10)
            .seal(Samples.label(), to: try recipients ?? Samples.recipients())
        return try SegmentFile(SegmentSource(segment.octets))
    }

    @Test func `any two officers open a segment, in either order`() throws {
        let file = try sealed()
        for (one, other) in [(0, 1), (0, 2), (1, 2), (1, 0), (2, 0), (2, 1)] {
            let shares = try [one, other].map { try file.shares(of: Samples.officers[$0]) }
            #expect(shares.allSatisfy { $0.count == 2 })
            #expect(try SegmentReader(file, DataKey(shares[0], shares[1])).verify() == 10)
        }
    }

    @Test func `one officer's two shares make no key`() throws {
        let file = try sealed()
        let shares = try file.shares(of: Samples.officers[0])
        #expect(throws: EvidenceError(.sharesDoNotPair, in: "")) { try DataKey(shares, shares) }
        let first = try #require(shares.first)
        let last = try #require(shares.last)
        for guess in [first.octets, last.octets, zip(first.octets, last.octets).map { $0 ^ $1 }] {
            let key = try #require(DataKey(guess))
            #expect(throws: EvidenceError(.wrongKey, in: "")) { try SegmentReader(file, key) }
        }
        #expect(throws: EvidenceError(.sharesDoNotPair, in: "")) { try DataKey(auditor: first) }
    }

    @Test func `the auditor's share pairs with nobody's and is the key itself`() throws {
        let file = try sealed()
        let auditor = try file.shares(of: Samples.auditor)
        #expect(auditor.count == 1)
        #expect(try SegmentReader(file, DataKey(auditor: #require(auditor.first))).verify() == 10)
        #expect(throws: EvidenceError(.sharesDoNotPair, in: "")) {
            try DataKey(auditor, try file.shares(of: Samples.officers[1]))
        }
    }

    @Test func `a key that a segment was not wrapped to opens nothing`() throws {
        let stranger = ArchiveKey(generating: .auditor, name: "auditor")
        #expect(throws: EvidenceError(.notARecipient, in: "")) { try sealed().shares(of: stranger) }
    }

    @Test func `shares of two segments make no key`() throws {
        let first = try sealed().shares(of: Samples.officers[0])
        let second = try sealed().shares(of: Samples.officers[1])
        #expect(throws: EvidenceError(.sharesDoNotPair, in: "")) { try DataKey(first, second) }
    }

    @Test func `a wrapped key opens under the class, tenant, period and segment it was made for, and no other`() throws
    {
        let header = try sealed().header
        let wrapped = try #require(header.wrappedKeys.first)
        let context = header.context
        _ = try wrapped.open(Samples.auditor, context)
        let others = [
            KeyContext(
                segment: .random(), kind: 1, period: context.period, recordClass: "C4", tenant: "ouest",
                commitment: context.commitment),
            KeyContext(
                segment: context.segment, kind: 2, period: context.period, recordClass: "C4", tenant: "ouest",
                commitment: context.commitment),
            KeyContext(
                segment: context.segment, kind: 1, period: 0..<1, recordClass: "C4", tenant: "ouest",
                commitment: context.commitment),
            KeyContext(
                segment: context.segment, kind: 1, period: context.period, recordClass: "C5", tenant: "ouest",
                commitment: context.commitment),
            KeyContext(
                segment: context.segment, kind: 1, period: context.period, recordClass: "C4", tenant: "est",
                commitment: context.commitment),
            KeyContext(
                segment: context.segment, kind: 1, period: context.period, recordClass: "C4", tenant: "ouest",
                commitment: Digest(of: [])),
        ]
        for other in others {
            #expect(throws: EvidenceError(.authenticationFailed, in: "")) { try wrapped.open(Samples.auditor, other) }
        }
    }

    @Test func `a share survives its journey as octets, and a cut one is refused`() throws {
        let share = try #require(try sealed().shares(of: Samples.officers[2]).first)
        #expect(share.encoded.count == 58)
        #expect(try KeyShare(share.encoded) == share)
        #expect(throws: EvidenceError(.truncated, in: "")) { try KeyShare(share.encoded.dropLast()) }
        #expect(throws: EvidenceError(.trailingOctets, in: "")) { try KeyShare(share.encoded + [0]) }
        #expect(!share.description.contains(Hexadecimal.text(share.octets)))
    }

    @Test func `recipients are one auditor and three different officers`() throws {
        let (auditor, officers) = (Samples.auditor.recipient, Samples.officers.map(\.recipient))
        for wrong in [
            [], Array(officers.prefix(2)), [officers[0], officers[0], officers[1]], officers + [officers[0]],
        ] {
            #expect(throws: EvidenceError(.malformed, in: "")) { try Recipients(auditor: auditor, officers: wrong) }
        }
        for (name, taken) in [
            ("", true), (String(repeating: "x", count: 255), true), (String(repeating: "x", count: 256), false),
            ("a\nb", false),
        ] {
            let named = ArchiveKey(generating: .auditor, name: name).recipient
            #expect(((try? Recipients(auditor: named, officers: officers)) != nil) == taken, "\(name)")
        }
        #expect(throws: EvidenceError(.malformed, in: "")) {
            try Recipients(auditor: officers[0], officers: [officers[1], officers[2], auditor])
        }
    }

    @Test func `data keys are fresh for every segment`() throws {
        let keys = try (0..<2).map { _ in try #require(try sealed().shares(of: Samples.auditor).first).octets }
        #expect(keys.first != keys.last)
    }
}

@Suite struct KeyFileTests {
    let key = ArchiveKey(generating: .officer, name: "agent de réquisition 1", generation: 3)

    @Test func `both halves come back from their files`() throws {
        #expect(try KeyFile.recipient(KeyFile.text(key.recipient)) == key.recipient)
        let back = try KeyFile.key(KeyFile.text(key))
        #expect(back.recipient == key.recipient)
        #expect(KeyFile.text(back) == KeyFile.text(key))
        #expect(KeyFile.text(key).hasPrefix("-----BEGIN SOCLE PRIVATE KEY-----\nrole: officer\n"))
    }

    @Test func `line endings and blank lines of other systems do no harm`() throws {
        let text = "\r\n" + KeyFile.text(key).replacing("\n", with: " \r\n\t") + "\r\n \r\n"
        #expect(try KeyFile.key(text).recipient == key.recipient)
    }

    @Test func `any changed character is noticed`() throws {
        let text = Array(KeyFile.text(key).utf8)
        for place in text.indices {
            var changed = text
            changed[place] = changed[place] == 65 ? 66 : 65
            #expect(throws: EvidenceError(.keyFileMalformed, in: "")) {
                try KeyFile.key(String(decoding: changed, as: UTF8.self))
            }
        }
    }

    @Test func `a public half is no private key, nor the other way round`() throws {
        #expect(throws: EvidenceError(.keyFileMalformed, in: "")) { try KeyFile.key(KeyFile.text(key.recipient)) }
        #expect(throws: EvidenceError(.keyFileMalformed, in: "")) { try KeyFile.recipient(KeyFile.text(key)) }
    }

    @Test func `descriptions hold no secret`() throws {
        let secret = try #require(KeyFile.text(key).split(separator: "\n").first { $0.hasPrefix("x25519: ") })
            .dropFirst(8)
        #expect(!String(describing: key).contains(secret))
    }
}
