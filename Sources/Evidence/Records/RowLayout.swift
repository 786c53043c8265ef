/// Where the fields of a schema are in a builder's row. Rows are packed, so loads and stores are unaligned.
struct RowLayout {
    let schema: Schema
    let stride: Int
    /// By the code of the field; −1 for one that the schema lacks.
    private var offsets: InlineArray<25, Int>

    init(_ schema: Schema) {
        self.schema = schema
        offsets = InlineArray(repeating: -1)
        var stride = 0
        for field in schema.fields {
            offsets[Int(field.rawValue)] = stride
            stride += field.rowWidth
        }
        self.stride = stride
    }

    @inline(__always) func offset(_ field: Field) -> Int { offsets[Int(field.rawValue)] }

    @inline(__always)
    private func put<T: BitwiseCopyable>(_ value: T, _ field: Field, _ row: UnsafeMutableRawPointer) {
        let offset = offset(field)
        if offset >= 0 { row.storeBytes(of: value, toByteOffset: offset, as: T.self) }
    }

    /// Writes a record to `row`, which has room for `stride` octets.
    @inline(__always)
    func write(_ record: borrowing NewRecord, to row: UnsafeMutableRawPointer) {
        put(record.start, .start, row)
        put(record.end, .end, row)
        put(record.received, .received, row)
        put(record.publicAddress, .publicAddress, row)
        put(record.publicPort, .publicPort, row)
        put(record.publicPortEnd, .publicPortEnd, row)
        put(record.transport, .transport, row)
        put(record.privateAddress, .privateAddress, row)
        put(record.privatePort, .privatePort, row)
        put(record.destinationAddress, .destinationAddress, row)
        put(record.destinationPort, .destinationPort, row)
        put(record.mac & 0xffff_ffff_ffff, .mac, row)
        put(record.event.rawValue, .event, row)
        put(record.flags.rawValue, .flags, row)
        put(record.clockOffset, .clockOffset, row)
        put(record.clockTolerance, .clockTolerance, row)
        put(record.octetsIn, .octetsIn, row)
        put(record.octetsOut, .octetsOut, row)
        put(record.subject.index, .subject, row)
        put(record.source.index, .source, row)
        put(record.site.index, .site, row)
        put(record.accessPoint.index, .accessPoint, row)
        put(record.reference.index, .reference, row)
        put(record.payload.index, .payload, row)
    }

    /// The address the row is sorted by: an address, the MAC as a number, or none.
    @inline(__always)
    func principal(_ row: UnsafeRawPointer) -> NetworkAddress {
        switch schema.principal {
        case .publicAddress: row.loadUnaligned(fromByteOffset: offset(.publicAddress), as: NetworkAddress.self)
        case .privateAddress: row.loadUnaligned(fromByteOffset: offset(.privateAddress), as: NetworkAddress.self)
        case .mac: NetworkAddress(high: 0, low: row.loadUnaligned(fromByteOffset: offset(.mac), as: UInt64.self))
        case .none: NetworkAddress.none
        }
    }

    /// The public port; 0 where the schema has none.
    @inline(__always)
    func port(_ row: UnsafeRawPointer) -> UInt16 {
        let offset = offset(.publicPort)
        return offset < 0 ? 0 : row.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
    }

    /// What orders rows of one principal and port: the transport, then the start.
    @inline(__always)
    func rank(_ row: UnsafeRawPointer) -> (transport: UInt8, start: Int64) {
        let offset = offset(.transport)
        let transport = offset < 0 ? 0 : row.load(fromByteOffset: offset, as: UInt8.self)
        return (transport, row.loadUnaligned(fromByteOffset: self.offset(.start), as: Int64.self))
    }
}
