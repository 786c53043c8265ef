import Testing

@testable import Evidence

/// Every text and structure that comes from outside, damaged at random: read or refused, never a trap. What is read
/// comes back as it was written.
@Suite struct MutationTests {
    private func mutations(of octets: [UInt8], seed: UInt64, _ check: ([UInt8]) throws -> Void) rethrows {
        var random = GeneratedOctets(seed: seed)
        for _ in 0..<2000 {
            var changed = octets
            for _ in 0..<Int(random.next() % 4 + 1) where !changed.isEmpty {
                let place = Int(random.next() % UInt64(changed.count))
                switch random.next() % 4 {
                case 0: changed[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: changed.remove(at: place)
                case 2: changed.insert([0, 10, 32, 43, 255].randomElement(using: &random) ?? 0, at: place)
                default: changed.removeLast(min(changed.count, Int(random.next() % 9)))
                }
            }
            try check(changed)
        }
    }

    @Test(arguments: 1...4)
    func `notes, checkpoints and verifier keys`(seed: UInt64) throws {
        let log = try NoteSigner(generating: .log, name: "a.example/log")
        let witness = try NoteSigner(generating: .cosigner, name: "b.example/witness")
        var note = try Checkpoint(origin: "a.example/log", size: 300, root: Digest(of: [1])).signed(by: log)
        try note.cosign(witness, time: 1_790_000_000)
        mutations(of: [UInt8](note.encoded.utf8), seed: seed) { octets in
            guard let read = try? SignedNote(octets: octets) else { return }
            #expect([UInt8](read.encoded.utf8) == octets)
            _ = try? read.verify([log.verifier, witness.verifier])
            if let checkpoint = try? Checkpoint(read.text) { #expect(checkpoint.text == read.text) }
        }
        mutations(of: [UInt8](witness.verifier.description.utf8), seed: seed) { octets in
            let text = String(decoding: octets, as: UTF8.self)
            if let key = try? NoteVerifier(text) { #expect(key.description == text) }
        }
        mutations(of: [UInt8](log.text.utf8), seed: seed) { octets in
            let text = String(decoding: octets, as: UTF8.self)
            if let key = try? NoteSigner(text) { #expect(key.text == text) }
        }
    }

    @Test(arguments: 1...4)
    func `entries of the log, tiles and bundles`(seed: UInt64) throws {
        let entry = try LogEntry.gap(source: "gw", from: 1, until: 2, cause: "silent", lost: 3, time: 4).encoded
        mutations(of: entry, seed: seed) { octets in
            if let read = try? LogEntry(octets) { #expect(read.encoded == octets) }
        }
        let bundle = Tile.encoded(entry: entry) + Tile.encoded(entry: [1, 2, 3])
        mutations(of: bundle, seed: seed) { octets in
            if let read = try? Tile.entries(octets, width: 2, "bundle") {
                #expect(read.flatMap(Tile.encoded(entry:)) == octets)
            }
        }
        mutations(of: [UInt8]("tile/entries/x001/234/067.p/12".utf8), seed: seed) { octets in
            let path = String(decoding: octets, as: UTF8.self)
            if let tile = Tile(path: path) { #expect(tile.path == path) }
        }
    }

    @Test(arguments: 1...4)
    func `indexes, shares and key files`(seed: UInt64) throws {
        let segment = try Samples.builder(.translations, 5000).seal(Samples.label(), to: Samples.recipients())
        let index = try Samples.open(segment).index.encoded()
        mutations(of: index, seed: seed) { octets in
            if let read = try? SegmentIndex(octets, segment.header) { #expect(read.encoded() == octets) }
        }
        let share = try #require(SegmentFile(SegmentSource(segment.octets)).shares(of: Samples.auditor).first)
        mutations(of: share.encoded, seed: seed) { octets in
            if let read = try? KeyShare(octets) { #expect(read.encoded == octets) }
        }
        let text = KeyFile.text(Samples.auditor)
        mutations(of: [UInt8](text.utf8), seed: seed) { octets in
            // Line endings and spaces around lines are forgiven; what they say is not.
            let key = try? KeyFile.key(String(decoding: octets, as: UTF8.self))
            if let key { #expect(KeyFile.text(key) == text) }
        }
    }
}
