/// A text with signatures beneath (C2SP signed-note).
public struct SignedNote: Sendable, Equatable {
    /// One signature line.
    public struct Signature: Sendable, Equatable {
        /// The key's name.
        public let name: String
        /// Its id, four octets.
        public let keyID: [UInt8]
        let octets: [UInt8]
    }

    /// A signature of a known key that verified.
    public struct Verified: Sendable, Equatable {
        /// By whom.
        public let name: String
        /// A cosigner's time, in seconds since 1970; nil for a log's signature.
        public let time: UInt64?
    }

    /// The text, with its last line feed.
    public let text: String
    /// The signatures, in order.
    public private(set) var signatures: [Signature]

    static let structure = "note"
    static let longest = 1 << 20
    static let mostSignatures = 64

    /// A text without signatures yet; it ends in a line feed and has no control characters but line feeds.
    public init(_ text: String) throws(EvidenceError) {
        guard text.hasSuffix("\n"), SignedNote.isPlain(text.utf8) else {
            throw EvidenceError(.malformed, in: SignedNote.structure)
        }
        (self.text, signatures) = (text, [])
    }

    private static func isPlain(_ octets: some Sequence<UInt8>) -> Bool { octets.allSatisfy { $0 >= 32 || $0 == 10 } }

    /// Reads a note: the last empty line parts text and signatures.
    public init(octets: [UInt8]) throws(EvidenceError) {
        guard octets.count <= SignedNote.longest else { throw EvidenceError(.limitExceeded, in: SignedNote.structure) }
        guard SignedNote.isPlain(octets), String(validating: octets, as: UTF8.self) != nil,
            let end = octets.indices.dropLast().last(where: { octets[$0] == 10 && octets[$0 + 1] == 10 })
        else { throw EvidenceError(.malformed, in: SignedNote.structure) }
        text = String(decoding: octets[...end], as: UTF8.self)
        let lines = octets[(end + 2)...]
        guard lines.last == 10 else { throw EvidenceError(.truncated, in: SignedNote.structure, at: octets.count) }
        signatures = []
        var start = lines.startIndex
        for line in lines.dropLast().split(separator: 10, omittingEmptySubsequences: false) {
            guard signatures.count < SignedNote.mostSignatures else {
                throw EvidenceError(.limitExceeded, in: SignedNote.structure, at: start)
            }
            guard let signature = Signature(line: String(decoding: line, as: UTF8.self)) else {
                throw EvidenceError(.malformed, in: SignedNote.structure, at: start)
            }
            signatures.append(signature)
            start = line.endIndex + 1
        }
    }

    /// The whole note.
    public var encoded: String { text + "\n" + signatures.map(\.line).joined() }

    /// Adds a log's signature.
    public mutating func sign(_ signer: NoteSigner) throws(EvidenceError) {
        guard signer.verifier.kind == .log else { throw EvidenceError(.malformed, in: "signer key") }
        add(signer, try signer.sign([UInt8](text.utf8)))
    }

    /// Adds a witness's signature: that at `time`, in seconds since 1970, this was the newest tree it knew.
    public mutating func cosign(_ signer: NoteSigner, time: UInt64) throws(EvidenceError) {
        guard signer.verifier.kind == .cosigner, time <= Int64.max else {
            throw EvidenceError(.malformed, in: "signer key")
        }
        let signature = try signer.sign(SignedNote.cosigned(text, time))
        add(signer, (0..<8).map { UInt8(truncatingIfNeeded: time >> UInt64(56 - 8 * $0)) } + signature)
    }

    /// Adds the signature lines that another copy of the same text has and this one has not.
    public mutating func merge(_ other: SignedNote) throws(EvidenceError) {
        guard other.text == text else { throw EvidenceError(.inconsistent, in: SignedNote.structure) }
        for signature in other.signatures where !signatures.contains(signature) { signatures.append(signature) }
    }

    private mutating func add(_ signer: NoteSigner, _ octets: [UInt8]) {
        signatures.append(Signature(name: signer.verifier.name, keyID: signer.verifier.id, octets: octets))
    }

    private static func cosigned(_ text: String, _ time: UInt64) -> [UInt8] {
        [UInt8]("cosignature/v1\ntime \(time)\n\(text)".utf8)
    }

    /// Verifies every signature of these keys and ignores all others. A signature of one of these keys that fails
    /// fails the whole note, and so does the absence of any.
    public func verify(_ keys: [NoteVerifier]) throws(EvidenceError) -> [Verified] {
        var verified: [Verified] = []
        for signature in signatures {
            guard let key = keys.first(where: { $0.name == signature.name && $0.id == signature.keyID }) else {
                continue
            }
            verified.append(try verify(signature, key))
        }
        guard !verified.isEmpty else { throw EvidenceError(.unsigned, in: SignedNote.structure) }
        return verified
    }

    /// The names of signatures that none of these keys made.
    public func unknownSignatures(_ keys: [NoteVerifier]) -> [String] {
        signatures.filter { signature in
            !keys.contains { $0.name == signature.name && $0.id == signature.keyID }
        }.map(\.name)
    }

    private func verify(_ signature: Signature, _ key: NoteVerifier) throws(EvidenceError) -> Verified {
        switch key.kind {
        case .log:
            if key.verifies(signature.octets, of: [UInt8](text.utf8)) { return Verified(name: key.name, time: nil) }
        case .cosigner:
            let time = signature.octets.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if signature.octets.count == 72, time <= Int64.max,
                key.verifies(signature.octets.dropFirst(8), of: SignedNote.cosigned(text, time))
            {
                return Verified(name: key.name, time: time)
            }
        }
        throw EvidenceError(.signatureInvalid, in: "signature of \(key.name)")
    }
}

extension SignedNote.Signature {
    /// Reads `— name base64`, without its line feed.
    fileprivate init?(line: String) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "—", NoteVerifier.accepts(name: String(parts[1])),
            let octets = Base64.octets(parts[2]), octets.count > 4
        else { return nil }
        self.init(name: String(parts[1]), keyID: Array(octets.prefix(4)), octets: Array(octets.dropFirst(4)))
    }

    fileprivate var line: String { "— \(name) \(Base64.text(keyID + octets))\n" }
}
