/// Where Kea's memfile has the columns that matter; versions add columns behind and within.
struct KeaColumns {
    /// Columns a file may have.
    private static let maximumColumns = 64

    private var address: Int?
    private var mac: Int?
    private var duid: Int?
    private var lifetime: Int?
    private var expiry: Int?
    private var state: Int?

    /// Reads the line of titles; nil when it names no address.
    init?(_ title: Cursor) {
        var index = 0
        Self.eachField(title) { field in
            switch FieldName(field, from: field.position, to: field.end) {
            case "address": address = index
            case "hwaddr": mac = index
            case "duid": duid = index
            case "valid_lifetime": lifetime = index
            case "expire": expiry = index
            case "state": state = index
            default: break
            }
            index += 1
        }
        if address == nil { return nil }
    }

    /// The lease of a line, or why there is none.
    func record(_ line: Cursor) -> (LeaseRecord, LineFault?) {
        var record = LeaseRecord()
        var fault: LineFault?
        var index = 0
        Self.eachField(line) { field in
            defer { index += 1 }
            var field = field
            let place = field.position
            switch index {
            case address:
                if let stated = field.address() {
                    record.address = stated
                } else {
                    fault = fault ?? .init(reason: .address, offset: place)
                }
            case mac: record.mac = field.mac() ?? record.mac
            case duid: record.mac = record.mac ?? field.duid()
            case lifetime: record.lifetime = field.decimal()
            case expiry:
                record.expiry = field.decimal(upTo: LeaseRecord.latest)
                if record.expiry == nil { fault = fault ?? .init(reason: .time, offset: place) }
            case state: record.state = field.decimal()
            default: break
            }
        }
        if fault == nil, let expiry, index <= expiry { fault = .init(reason: .truncated, offset: line.end) }
        return (record, fault)
    }

    private static func eachField(_ line: Cursor, _ body: (Cursor) -> Void) {
        var cursor = line
        var count = 0
        while count < maximumColumns {
            let start = cursor.position
            cursor.seek(0x2c)
            var end = cursor.position
            if cursor.isAtEnd, end > start, cursor.octet(at: end - 1) == 0x0d { end -= 1 }
            body(cursor.slice(start, end))
            count += 1
            if !cursor.take(0x2c) { break }
        }
    }
}
