/// The fields of one record as they stood there.
struct FlowRecord {
    var source = NetworkAddress.none
    var destination = NetworkAddress.none
    var postSource = NetworkAddress.none
    var postDestination = NetworkAddress.none
    var sourcePort: UInt16 = 0
    var destinationPort: UInt16 = 0
    var postSourcePort: UInt16 = 0
    var postDestinationPort: UInt16 = 0
    var networkProtocol: UInt8 = 0
    var natEvent: UInt8 = 0
    var firewallEvent: UInt8 = 0
    var startUptimeStated = false
    var endUptimeStated = false
    var startUptime: UInt32 = 0
    var endUptime: UInt32 = 0
    /// Milliseconds since 1970 UTC; 0 when not stated.
    var start: Int64 = 0
    var end: Int64 = 0
    var observed: Int64 = 0
    var systemInit: Int64 = 0
    var mac: UInt64 = 0
    var flowID: UInt64 = 0
    var portStart: UInt16 = 0
    var portEnd: UInt16 = 0
    var portStep: UInt16 = 0
    var portCount: UInt16 = 0

    /// A big-endian number of 1 to 8 octets. The caller has checked the bounds.
    @inline(__always) static func number(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ length: Int) -> UInt64 {
        switch length {
        case 1: UInt64(bytes[at])
        case 2: UInt64(UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)))
        case 4: UInt64(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
        case 8: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        default: oddNumber(bytes, at, length)
        }
    }

    private static func oddNumber(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ length: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in at..<at + length { value = value << 8 | UInt64(bytes[index]) }
        return value
    }

    /// Takes the field of `length` octets at `at`, both within `bytes` and of a length its element can have.
    @inline(__always) mutating func take(
        _ element: FlowElement, _ bytes: UnsafeRawBufferPointer, _ at: Int, _ length: Int, exported: Int64
    ) {
        switch element {
        case .source4: source = Self.address4(bytes, at)
        case .destination4: destination = Self.address4(bytes, at)
        case .postSource4: postSource = Self.address4(bytes, at)
        case .postDestination4: postDestination = Self.address4(bytes, at)
        case .source6: source = Self.address6(bytes, at)
        case .destination6: destination = Self.address6(bytes, at)
        case .postSource6: postSource = Self.address6(bytes, at)
        case .postDestination6: postDestination = Self.address6(bytes, at)
        case .skip: break
        default: take(element, Self.number(bytes, at, length), exported)
        }
    }

    @inline(__always) private mutating func take(_ element: FlowElement, _ value: UInt64, _ exported: Int64) {
        let short = UInt16(truncatingIfNeeded: value)
        switch element {
        case .sourcePort: sourcePort = short
        case .destinationPort: destinationPort = short
        case .postSourcePort: postSourcePort = short
        case .postDestinationPort: postDestinationPort = short
        case .networkProtocol: networkProtocol = UInt8(truncatingIfNeeded: value)
        case .natEvent: natEvent = UInt8(clamping: value)
        case .firewallEvent: firewallEvent = UInt8(clamping: value)
        case .sourceMAC: mac = value
        case .flowID: flowID = value
        case .portStart: portStart = short
        case .portEnd: portEnd = short
        case .portStep: portStep = short
        case .portCount: portCount = short
        default: takeTime(element, value, exported)
        }
    }

    @inline(__always) private mutating func takeTime(_ element: FlowElement, _ value: UInt64, _ exported: Int64) {
        switch element {
        case .startMilliseconds: start = Self.milliseconds(value)
        case .endMilliseconds: end = Self.milliseconds(value)
        case .startSeconds: start = Self.seconds(value)
        case .endSeconds: end = Self.seconds(value)
        case .startFraction: start = Self.fraction(value)
        case .endFraction: end = Self.fraction(value)
        case .startDelta: start = exported - Int64(UInt32(truncatingIfNeeded: value)) / 1000
        case .endDelta: end = exported - Int64(UInt32(truncatingIfNeeded: value)) / 1000
        case .startUptime: (startUptime, startUptimeStated) = (UInt32(truncatingIfNeeded: value), true)
        case .endUptime: (endUptime, endUptimeStated) = (UInt32(truncatingIfNeeded: value), true)
        case .observedMilliseconds: observed = Self.milliseconds(value)
        case .observedSeconds: observed = Self.seconds(value)
        case .observedFraction: observed = Self.fraction(value)
        case .systemInit: systemInit = Self.milliseconds(value)
        default: break
        }
    }

    @inline(__always) private static func address4(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> NetworkAddress {
        NetworkAddress(ipv4: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
    }

    @inline(__always) private static func address6(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> NetworkAddress {
        NetworkAddress(ipv6High: number(bytes, at, 8), low: number(bytes, at + 8, 8))
    }

    /// A time beyond the year 9999 is none.
    @inline(__always) private static func milliseconds(_ value: UInt64) -> Int64 {
        value <= 253_402_300_799_999 ? Int64(value) : 0
    }

    @inline(__always) private static func seconds(_ value: UInt64) -> Int64 {
        value <= 253_402_300_799 ? Int64(value) * 1000 : 0
    }

    /// Seconds since 1900 and their fraction (RFC 7011 §6.1.9, §6.1.10); before 1970 it is the era that begins in 2036.
    @inline(__always) private static func fraction(_ value: UInt64) -> Int64 {
        guard value != 0 else { return 0 }
        var seconds = Int64(value >> 32) - 2_208_988_800
        if seconds < 0 { seconds += 4_294_967_296 }
        return seconds * 1000 + Int64(((value & 0xffff_ffff) * 1000) >> 32)
    }
}
