/// The objects of an archive, wherever they are: a directory or an object store.
///
/// `checkpoint` (the newest signed note), `checkpoints/…` (earlier ones, by any name), `tile/…` (C2SP tlog-tiles) and
/// `segments/…` (each by the name ``SegmentLabel/objectName``).
public struct ArchiveStorage {
    let read: (String) throws -> [UInt8]?
    let names: (String) throws -> [String]
    let segment: (String) throws -> SegmentSource?

    /// - Parameters:
    ///   - read: the octets of a small object; nil where there is none.
    ///   - names: the names of all objects that begin with a prefix, in any order.
    ///   - segment: a segment to read from by ranges; nil where there is none.
    public init(
        read: @escaping (String) throws -> [UInt8]?, names: @escaping (String) throws -> [String],
        segment: @escaping (String) throws -> SegmentSource?
    ) {
        (self.read, self.names, self.segment) = (read, names, segment)
    }
}

extension SegmentLabel {
    /// Where the segment's object belongs: `segments/C4/2026-11-21/<id>.segment`.
    public var objectName: String { "segments/\(recordClass)/\(UTCTime.day(period.lowerBound))/\(id).segment" }
}

extension SegmentLabel {
    /// What the object is called where a journal stands for the segment.
    public var journalName: String { objectName.dropLast("segment".count) + "journal" }
}

extension LogEntry {
    /// The name of the object that a SEALED or JOURNAL entry is about.
    public var objectName: String {
        let day = UTCTime.day(number("from") ?? 0)
        return "segments/\(self["class"])/\(day)/\(self["segment"]).\(kind == .journal ? "journal" : "segment")"
    }
}

extension SegmentID {
    /// The id in the last component of an object's name.
    init?(objectName: String) {
        guard let last = objectName.split(separator: "/").last,
            let suffix = [".segment", ".journal"].first(where: last.hasSuffix)
        else { return nil }
        self.init(text: last.dropLast(suffix.count))
    }
}
