/// The size and root of a log, as a note's text says them (C2SP tlog-checkpoint).
public struct Checkpoint: Sendable, Equatable {
    /// The log's name.
    public let origin: String
    /// Entries.
    public let size: UInt64
    /// The root over them.
    public let root: Digest
    /// Further lines, which cosigners do not vouch for.
    public let extensions: [String]

    static let structure = "checkpoint"

    /// A checkpoint without further lines.
    public init(origin: String, size: UInt64, root: Digest) {
        (self.origin, self.size, self.root, extensions) = (origin, size, root, [])
    }

    /// Reads a note's text.
    public init(_ text: String) throws(EvidenceError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last == "", let origin = lines.first, !origin.isEmpty else {
            throw EvidenceError(.malformed, in: Checkpoint.structure)
        }
        guard let size = UInt64(lines[1]), String(size) == lines[1], size <= Int64.max,
            let root = Base64.octets(lines[2]).flatMap({ Digest($0) }), !lines[3..<lines.count - 1].contains("")
        else { throw EvidenceError(.malformed, in: Checkpoint.structure, at: origin.utf8.count + 1) }
        (self.origin, self.size, self.root) = (String(origin), size, root)
        extensions = lines[3..<lines.count - 1].map(String.init)
    }

    /// The note's text.
    public var text: String {
        "\(origin)\n\(size)\n\(Base64.text(root.octets))\n" + extensions.map { $0 + "\n" }.joined()
    }

    /// A note of it, signed by the log.
    public func signed(by signer: NoteSigner) throws(EvidenceError) -> SignedNote {
        var note = try SignedNote(text)
        try note.sign(signer)
        return note
    }
}
