/// A message whose header was read.
struct FlowMessage {
    /// NetFlow v9: version, count, uptime, seconds, sequence, source id (RFC 3954 §5.1).
    private static let headerLength9 = 20
    /// IPFIX: version, length, seconds, sequence, observation domain (RFC 7011 §3.1).
    private static let headerLength10 = 16

    let bytes: UnsafeRawBufferPointer
    let isIPFIX: Bool
    let domain: UInt32
    let sequence: UInt32
    let context: FlowContext
    let receivedAt: Int64
    /// Where the sets begin and end.
    let sets: Range<Int>

    init?(_ bytes: UnsafeRawBufferPointer, _ receivedAt: Int64, _ report: inout FlowReport) {
        guard bytes.count >= Self.headerLength10 else {
            report.fail(.truncated, at: bytes.count)
            return nil
        }
        let number = { (at: Int) in UInt32(truncatingIfNeeded: FlowRecord.number(bytes, at, 4)) }
        let seconds: UInt32
        var uptime: UInt32?
        var end = bytes.count
        switch FlowRecord.number(bytes, 0, 2) {
        case 9:
            guard bytes.count >= Self.headerLength9 else {
                report.fail(.truncated, at: bytes.count)
                return nil
            }
            isIPFIX = false
            (uptime, seconds, sequence, domain) = (number(4), number(8), number(12), number(16))
        case 10:
            isIPFIX = true
            (seconds, sequence, domain) = (number(4), number(8), number(12))
            let length = Int(FlowRecord.number(bytes, 2, 2))
            if length > bytes.count || length < Self.headerLength10 { report.fail(.truncated, at: 2) }
            guard length >= Self.headerLength10 else { return nil }
            end = min(length, bytes.count)
        default:
            report.fail(.version, at: 0)
            return nil
        }
        (self.bytes, self.receivedAt) = (bytes, receivedAt)
        sets = (isIPFIX ? Self.headerLength10 : Self.headerLength9)..<end
        context = FlowContext(exported: Int64(seconds) * 1000, uptime: uptime, systemInit: 0)
        report.domain = domain
    }
}
