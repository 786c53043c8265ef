/// Our own Proxy-State (RFC 2865 §5.33): who we are, and which of our requests it was.
public struct ProxyState: Hashable, Sendable {
    /// Octets of a mark.
    public static let markLength = 8

    /// What all nodes of one deployment put first: a request that comes back with it has run in a circle. Nothing secret.
    public let mark: UInt64
    /// Ours to choose.
    public let serial: UInt32

    /// A state of ours.
    public init(mark: UInt64, serial: UInt32) { (self.mark, self.serial) = (mark, serial) }

    /// Reads a state; nil when it is not one of ours.
    public init?(_ octets: [UInt8], mark: UInt64) {
        guard octets.count == Self.markLength + 4 else { return nil }
        let found = octets[..<Self.markLength].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard found == mark else { return nil }
        self.init(mark: mark, serial: octets[Self.markLength...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }

    /// The value of the attribute.
    public var octets: [UInt8] {
        withUnsafeBytes(of: mark.bigEndian) { Array($0) } + withUnsafeBytes(of: serial.bigEndian) { Array($0) }
    }
}

extension PacketView {
    /// The values of every Proxy-State, in order: the last one was added last.
    public var proxyStates: [[UInt8]] {
        guard has(.proxyState) else { return [] }
        return attributes.compactMap { $0.type == .proxyState ? $0.octets : nil }
    }

    /// Whether one of a deployment's proxies has forwarded the packet before: a loop.
    public func hasPassed(mark: UInt64) -> Bool { proxyStates.contains { ProxyState($0, mark: mark) != nil } }
}
