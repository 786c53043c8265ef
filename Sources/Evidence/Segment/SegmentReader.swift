internal import Crypto

/// A segment opened with its data key. Not to be shared between threads: it keeps pages of the dictionary.
public final class SegmentReader {
    /// The clear part.
    public let file: SegmentFile
    /// The kind of segment.
    public let schema: Schema
    let index: SegmentIndex
    private let key: SymmetricKey
    private var pages: [Int: [NetworkAddress]] = [:]

    /// Checks the key against the header's commitment, and opens the index.
    public init(_ file: SegmentFile, _ key: DataKey) throws(EvidenceError) {
        guard let schema = Schema.withID(file.header.kind) else {
            throw EvidenceError(.unsupported, in: SegmentHeader.structure)
        }
        guard key.commitment(file.header.label.id) == file.header.commitment else {
            throw EvidenceError(.wrongKey, in: SegmentHeader.structure)
        }
        (self.file, self.schema, self.key) = (file, schema, key.partKey(file.header.label.id))
        let octets = try SegmentReader.open(file, file.header.parts - 1, self.key)
        index = try SegmentIndex(octets, file.header)
    }

    private static func open(_ file: SegmentFile, _ number: Int, _ key: SymmetricKey) throws(EvidenceError) -> [UInt8] {
        let part = SegmentPart(number: number, of: file.header)
        let name = part.name(file.header)
        let frame = try part.open(try file.part(number), key, file.seal.headerHash, name)
        return try BlockExpander.expand(frame, limit: SegmentLimits.part, name)
    }

    /// Blocks of records.
    public var blocks: Int { index.blocks.count }

    func block(_ number: Int) throws(EvidenceError) -> BlockDecoder {
        let octets = try SegmentReader.open(file, number, key)
        return try BlockDecoder(octets, schema, count: index.blocks[number].count, file.partName(number))
    }

    /// The records of a block, counted from 0, in their order.
    public func records(ofBlock number: Int) throws(EvidenceError) -> [ArchivedRecord] {
        guard index.blocks.indices.contains(number) else { throw EvidenceError(.missingObject, in: "block \(number)") }
        return try block(number).records(entry: destination)
    }

    /// The records that match, in their order. Opens only the blocks that may hold one.
    public func find(_ query: AttributionQuery) throws(EvidenceError) -> [ArchivedRecord] {
        var found: [ArchivedRecord] = []
        for (number, summary) in index.blocks.enumerated() where query.concerns(summary) {
            let block = try block(number)
            let places = try block.places(query)
            if !places.isEmpty { found += try block.records(places, entry: destination) }
        }
        return found
    }

    /// An entry of the segment's dictionary.
    func destination(_ number: UInt64) throws(EvidenceError) -> NetworkAddress {
        guard number < UInt64(index.dictionary) else { throw EvidenceError(.malformed, in: "dictionary number") }
        let (page, place) = Int(number).quotientAndRemainder(dividingBy: SegmentLimits.page)
        if let addresses = pages[page] { return addresses[place] }
        let addresses = try readPage(page)
        pages[page] = addresses
        return addresses[place]
    }

    private func readPage(_ page: Int) throws(EvidenceError) -> [NetworkAddress] {
        let number = file.header.blocks + page
        let count = min(SegmentLimits.page, index.dictionary - page * SegmentLimits.page)
        guard page < file.header.pages else { throw EvidenceError(.inconsistent, in: "dictionary") }
        let octets = try SegmentReader.open(file, number, key)
        guard octets.count == count * 16 else { throw EvidenceError(.inconsistent, in: file.partName(number)) }
        return (0..<count).map { entry in
            (0..<16).reduce(NetworkAddress.none) { address, plane in
                let octet = UInt64(octets[plane * count + entry])
                return NetworkAddress(
                    high: plane < 8 ? address.high << 8 | octet : address.high,
                    low: plane < 8 ? address.low : address.low << 8 | octet)
            }
        }
    }
}

extension BlockDecoder {
    /// The principals of all records, MAC addresses as numbers.
    func principals() throws(EvidenceError) -> [NetworkAddress] {
        let none = { (_: UInt64) throws(EvidenceError) -> NetworkAddress in .none }
        return switch schema.principal {
        case .publicAddress: try addresses(.publicAddress, entry: none)
        case .privateAddress: try addresses(.privateAddress, entry: none)
        case .mac: try integers(.mac).map { NetworkAddress(high: 0, low: $0) }
        case .none: [NetworkAddress](repeating: .none, count: count)
        }
    }

    /// Which records match.
    fileprivate func places(_ query: AttributionQuery) throws(EvidenceError) -> [Int] {
        let principals = try principals()
        var places = principals.indices.filter { principals[$0] == query.principal }
        guard !places.isEmpty else { return [] }
        let (starts, ends) = (try integers(.start), try integers(.end))
        places.removeAll {
            Int64(bitPattern: starts[$0]) > query.time.upperBound || Int64(bitPattern: ends[$0]) < query.time.lowerBound
        }
        if let port = query.port, schema.has(.publicPort) {
            let (first, last) = (try integers(.publicPort), try integers(.publicPortEnd))
            places.removeAll { port < first[$0] || port > max(first[$0], last[$0]) }
        }
        if let transport = query.transport, schema.has(.transport) {
            let transports = try integers(.transport)
            places.removeAll { transports[$0] != 0 && transports[$0] != UInt64(transport) }
        }
        return places
    }
}
