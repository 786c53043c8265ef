extension LogEntry {
    /// That a journal, as a crash had left it, is in the archive: the fields of a SEALED entry, `header` and `directory`
    /// being the hashes of its header and of its sound frames.
    public static func journal(_ file: JournalFile, time: Int64) throws(EvidenceError) -> LogEntry {
        let (label, seal) = (file.header.label, file.seal)
        return try LogEntry(
            .journal,
            [
                "time": String(time), "segment": label.id.description, "class": label.recordClass,
                "tenant": label.tenant, "kind": String(file.header.kind), "from": String(label.period.lowerBound),
                "until": String(label.period.upperBound), "records": String(file.records),
                "length": String(seal.length), "expires": String(label.expiresAt), "policy": label.policy,
                "basis": label.basis, "header": seal.headerHash.description,
                "directory": seal.directoryHash.description,
            ])
    }
}

extension LogEntry {
    /// The same as of a sealed segment, of one that is read back.
    public static func sealed(_ file: SegmentFile) throws(EvidenceError) -> LogEntry {
        try sealed(file.header, file.seal)
    }
}
