/// The check that needs the key.
extension SegmentReader {
    /// Opens every part and checks what a writer promises: counts, order, and the index's summaries.
    /// - Returns: how many records were read.
    @discardableResult
    public func verify() throws(EvidenceError) -> Int {
        var before: RecordPlace?
        for number in 0..<blocks {
            let block = try block(number)
            try check(block, number, &before)
        }
        for entry in stride(from: 0, to: index.dictionary, by: SegmentLimits.page) {
            _ = try destination(UInt64(entry))
        }
        return file.header.records
    }

    private struct RecordPlace {
        var place: SegmentIndex.Place
        var transport: UInt64
        var start: Int64

        func precedes(_ other: RecordPlace) -> Bool {
            if place != other.place { return place < other.place }
            return transport != other.transport ? transport < other.transport : start <= other.start
        }
    }

    private func check(_ block: BlockDecoder, _ number: Int, _ before: inout RecordPlace?) throws(EvidenceError) {
        let (summary, name) = (index.blocks[number], file.partName(number))
        let principals = try block.principals()
        let (starts, ends) = (try block.integers(.start), try block.integers(.end))
        let ports = schema.has(.publicPort) ? try block.integers(.publicPort) : []
        let transports = schema.has(.transport) ? try block.integers(.transport) : []
        for record in 0..<block.count {
            let port = UInt16(truncatingIfNeeded: ports.isEmpty ? 0 : ports[record])
            let next = RecordPlace(
                place: .init(principal: principals[record], port: port),
                transport: transports.isEmpty ? 0 : transports[record], start: Int64(bitPattern: starts[record]))
            if let before, !before.precedes(next) { throw EvidenceError(.unordered, in: name) }
            guard next.place >= summary.first, next.place <= summary.last, next.start >= summary.earliest,
                Int64(bitPattern: ends[record]) <= summary.latest
            else { throw EvidenceError(.inconsistent, in: name) }
            before = next
        }
        try checkOtherColumns(block)
    }

    private func checkOtherColumns(_ block: BlockDecoder) throws(EvidenceError) {
        for field in schema.fields {
            switch field.shape {
            case .integer: _ = try block.integers(field)
            case .octets: _ = try block.texts(field)
            case .address: _ = try block.addresses(field, entry: destination)
            }
        }
    }
}
