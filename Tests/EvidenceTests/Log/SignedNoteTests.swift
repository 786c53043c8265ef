import Testing

@testable import Evidence

/// The published notes: of c2sp.org/signed-note, of Go's `golang.org/x/mod/sumdb/note` (its package example), and of
/// c2sp.org/tlog-cosignature.
@Suite struct PublishedNoteTests {
    @Test func `the example of signed-note verifies with its key`() throws {
        let key = try NoteVerifier("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
        let text = """
            This is an example message.

            — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

            """
        let note = try SignedNote(octets: [UInt8](text.utf8))
        #expect(note.text == "This is an example message.\n")
        #expect(try note.verify([key]) == [.init(name: "example.com/foo", time: nil)])
        #expect(note.encoded == text)
        #expect(key.description == "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    }

    @Test func `the example of Go's note package is signed to the same octets`() throws {
        let signer = try NoteSigner("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
        #expect(signer.verifier.description == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        var note = try SignedNote(
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n")
        try note.sign(signer)
        #expect(
            note.encoded == """
                If you think cryptography is the answer to your problem,
                then you don't know what your problem is.

                — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

                """)
        #expect(signer.text == "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
    }

    @Test func `the example of tlog-cosignature is read: checkpoint, log, witness and its time`() throws {
        let text = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

            """
        let note = try SignedNote(octets: [UInt8](text.utf8))
        let checkpoint = try Checkpoint(note.text)
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.text == note.text)
        #expect(note.signatures.map(\.name) == ["example.com/behind-the-sofa", "witness.example.com/w1"])
        // The page gives no public keys; the time is the one its signed message shows.
        let time = note.signatures.last?.octets.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect(time == 1_679_315_147)
        #expect(note.signatures.last?.octets.count == 72)
    }

    @Test func `a text with an empty line is parted from its signatures by the last one`() throws {
        // The first example of c2sp.org/signed-note.
        let text = """
            Ognuno sta solo sul cuor della terra
            trafitto da un raggio di sole:

            ed è subito sera.

            — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=

            """
        let note = try SignedNote(octets: [UInt8](text.utf8))
        #expect(note.text.hasSuffix("sole:\n\ned è subito sera.\n"))
        #expect(note.encoded == text)
    }
}

@Suite struct SignedNoteTests {
    let log: NoteSigner
    let witness: NoteSigner
    let checkpoint = Checkpoint(origin: "archive.example/log", size: 7, root: Digest(of: [1]))

    init() throws {
        log = try NoteSigner(generating: .log, name: "archive.example/log")
        witness = try NoteSigner(generating: .cosigner, name: "audit.example/witness")
    }

    @Test func `a cosignature carries its time and falls with it`() throws {
        var note = try checkpoint.signed(by: log)
        try note.cosign(witness, time: 1_790_000_000)
        let read = try SignedNote(octets: [UInt8](note.encoded.utf8))
        #expect(
            try read.verify([log.verifier, witness.verifier]) == [
                .init(name: "archive.example/log", time: nil),
                .init(name: "audit.example/witness", time: 1_790_000_000),
            ])
        // The other second, with the signature of this one.
        let line = try #require(note.encoded.split(separator: "\n").last)
        let encoded = try #require(line.split(separator: " ").last)
        var octets = try #require(Base64.octets(encoded))
        octets[11] ^= 1
        let altered = note.encoded.replacing(line, with: "— audit.example/witness \(Base64.text(octets))")
        #expect(throws: EvidenceError(.signatureInvalid, in: "")) {
            try SignedNote(octets: [UInt8](altered.utf8)).verify([witness.verifier])
        }
    }

    @Test func `any flipped bit of text or signature is refused`() throws {
        var note = try checkpoint.signed(by: log)
        try note.cosign(witness, time: 1_790_000_000)
        let octets = [UInt8](note.encoded.utf8)
        for place in octets.indices {
            var flipped = octets
            flipped[place] ^= 1
            let verified = try? SignedNote(octets: flipped).verify([log.verifier, witness.verifier])
            // A changed name is an unknown key's; the other key's signature then still stands.
            #expect((verified?.count ?? 0) < 2, "octet \(place)")
        }
    }

    @Test func `signatures of unknown keys are ignored, and a note with no other is unsigned`() throws {
        let stranger = try NoteSigner(generating: .log, name: "archive.example/log")
        var note = try checkpoint.signed(by: stranger)
        #expect(throws: EvidenceError(.unsigned, in: "")) { try note.verify([log.verifier]) }
        try note.sign(log)
        #expect(try note.verify([log.verifier]).count == 1)
    }

    @Test func `a log's key does not cosign and a witness's does not sign`() throws {
        var note = try SignedNote(checkpoint.text)
        #expect(throws: EvidenceError(.malformed, in: "")) { try note.sign(witness) }
        #expect(throws: EvidenceError(.malformed, in: "")) { try note.cosign(log, time: 1) }
    }

    @Test func `copies of one checkpoint pool their cosignatures`() throws {
        let signed = try checkpoint.signed(by: log)
        var (one, other) = (signed, signed)
        try other.cosign(witness, time: 5)
        try one.merge(other)
        #expect(one == other)
        let different = try Checkpoint(origin: "archive.example/log", size: 8, root: Digest(of: [])).signed(by: log)
        #expect(throws: EvidenceError(.inconsistent, in: "")) { try one.merge(different) }
    }

    @Test(arguments: [
        "", "\n", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n— name AAAA\n", "text\n\n— na me AAAAAAA=\n",
        "text\n\n- name AAAAAAA=\n", "text\n\n— name AAAAAAA=", "te\u{1}xt\n\n— name AAAAAAA=\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n— name AAAAAAB=\n",
    ])
    func `a malformed note is refused`(text: String) {
        #expect(throws: EvidenceError.self) { try SignedNote(octets: [UInt8](text.utf8)) }
    }

    @Test(arguments: [64, 65])
    func `64 signatures are read and 65 are not`(count: Int) throws {
        let text = "text\n\n" + String(repeating: "— name AAAAAAA=\n", count: count)
        let note = try? SignedNote(octets: [UInt8](text.utf8))
        #expect(note?.signatures.count == (count == 64 ? 64 : nil))
    }

    @Test(arguments: [
        "", "a\n", "a\n1\n", "\n1\nAAAA\n", "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==\n",
        "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\nx\n",
        "a\n9223372036854775808\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    ])
    func `a malformed checkpoint is refused`(text: String) {
        #expect(throws: EvidenceError(.malformed, in: "")) { try Checkpoint(text) }
    }

    @Test func `further lines of a checkpoint are kept`() throws {
        let text = "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nx\n"
        #expect(try Checkpoint(text).extensions == ["x"])
        #expect(try Checkpoint(text).text == text)
    }

    @Test(arguments: [
        "", "a+b+c", "a+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2", "a b+530d903a+Aeky",
    ])
    func `a malformed vkey is refused`(text: String) {
        #expect(throws: EvidenceError(.malformed, in: "")) { try NoteVerifier(text) }
    }

    @Test func `vkeys of both kinds come back`() throws {
        for signer in [log, witness] {
            #expect(try NoteVerifier(signer.verifier.description) == signer.verifier)
            #expect(try NoteSigner(signer.text).verifier == signer.verifier)
        }
        #expect(log.verifier.description.split(separator: "+").count >= 3)
    }
}
