internal import Crypto

/// Encrypts what a ``SegmentBuilder`` takes in, frame by frame, so that it can be made durable long before the segment is
/// sealed, and so that whoever holds the disk cannot read it. The writer's process is the only one that knows the key:
/// after a crash nobody but auditor and officers opens the journal, which then stays in the archive as it is.
///
/// One owner. It belongs to one builder, from its first record on.
public final class JournalWriter {
    /// The octets that a journal begins with.
    public let header: [UInt8]
    private let key: SymmetricKey
    private let headerHash: Digest
    private var frames: UInt32 = 0
    private var texts = 1
    private var rows = 0

    /// Octets of a frame before encryption, at most; what a builder took in since the last one is cut accordingly.
    public static let frameLimit = 1 << 20

    /// A journal for records of `schema`, under a fresh key.
    public init(_ schema: Schema, _ label: SegmentLabel, to recipients: Recipients) throws(EvidenceError) {
        let key = DataKey.fresh()
        guard let commitment = key.commitment(label.id) else { throw EvidenceError(.cryptography, in: "commitment") }
        let context = KeyContext(label, kind: schema.id, commitment: commitment)
        header = try JournalHeader(
            label: label, kind: schema.id, commitment: commitment, wrappedKeys: try recipients.wrap(key, for: context)
        ).encoded()
        headerHash = Digest(of: header)
        self.key = key.partKey(label.id)
    }

    /// The next frames: what `builder` took in since the last call. Empty: nothing. They follow what came before in the
    /// file; until they are on disk, nothing that depends on them is promised.
    public func frames(of builder: SegmentBuilder) throws(EvidenceError) -> [UInt8] {
        var octets: [UInt8] = []
        while texts < builder.texts.count || rows < builder.rows.count {
            let before = rows
            let plain = nextFrame(of: builder)
            let count = UInt32(rows - before)
            do {
                let box = try AES.GCM.seal(
                    plain, using: key, nonce: try JournalFrame.nonce(frames),
                    authenticating: JournalFrame.additional(headerHash, frames, records: count))
                octets.put(UInt32(box.ciphertext.count + box.tag.count))
                octets.put(count)
                octets.append(contentsOf: box.ciphertext)
                octets.append(contentsOf: box.tag)
            } catch { throw EvidenceError(.cryptography, in: "journal frame \(frames)") }
            frames += 1
        }
        return octets
    }

    /// New octet strings, each with its length, then new rows; rows need the strings before them.
    private func nextFrame(of builder: SegmentBuilder) -> [UInt8] {
        var plain: [UInt8] = []
        var (lastText, lastRow) = (texts, rows)
        var size = 8
        while lastText < builder.texts.count, size < JournalWriter.frameLimit {
            size += 2 + builder.texts.range(lastText).count
            lastText += 1
        }
        if lastText == builder.texts.count {
            let room = max(0, JournalWriter.frameLimit - size) / builder.layout.stride
            lastRow = min(builder.rows.count, rows + max(room, size == 8 ? 1 : 0))
        }
        plain.reserveCapacity(size + (lastRow - rows) * builder.layout.stride)
        plain.put(UInt32(lastText - texts))
        plain.put(UInt32(lastRow - rows))
        for text in texts..<lastText {
            plain.put(UInt16(truncatingIfNeeded: builder.texts.range(text).count))
            plain.append(contentsOf: builder.texts.text(text))
        }
        let stride = builder.layout.stride
        plain.append(
            contentsOf: UnsafeRawBufferPointer(
                start: builder.rows.rows + rows * stride, count: (lastRow - rows) * stride))
        (texts, rows) = (lastText, lastRow)
        return plain
    }
}

/// What binds a frame to its place.
enum JournalFrame {
    static let structure = "journal frame"

    static func nonce(_ number: UInt32) throws -> AES.GCM.Nonce {
        var octets: [UInt8] = [0, 0, 0, 0]
        octets.put(UInt64(number))
        return try AES.GCM.Nonce(data: octets)
    }

    /// Octets before the ciphertext: its length, and how many records it holds.
    static let prefix = 8

    static func additional(_ headerHash: Digest, _ number: UInt32, records: UInt32) -> [UInt8] {
        var octets = [UInt8]("socle-journal-1 frame\n".utf8)
        octets += headerHash.octets
        octets.put(number)
        octets.put(records)
        return octets
    }
}
