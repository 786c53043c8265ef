/// One public port, or the ports of a block.
public struct PortRange: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The first port.
    public var first: UInt16
    /// The last port, included; that of ``first`` for one port.
    public var last: UInt16
    /// Every how many ports one belongs to the block: 1 for all of them (RFC 8158 `portRangeStepSize`).
    public var step: UInt16

    /// No port is stated.
    public static let none = PortRange(first: 0, last: 0)

    /// Ports from `first` to `last`.
    @inlinable public init(first: UInt16, last: UInt16, step: UInt16 = 1) {
        (self.first, self.last, self.step) = (first, last, step)
    }

    /// One port.
    @inlinable public init(_ port: UInt16) { self.init(first: port, last: port) }

    /// Whether no port is stated. Port 0 alone is never a port of a binding.
    @inlinable public var isNone: Bool { first == 0 && last == 0 }

    /// Whether `port` belongs to the range.
    @inlinable public func contains(_ port: UInt16) -> Bool {
        port >= first && port <= last && (step <= 1 || (port - first) % step == 0)
    }

    /// `57922`, `1024-2047`, `1024-2047/4`, or `-`.
    public var description: String {
        if isNone { return "-" }
        if first == last { return String(first) }
        return "\(first)-\(last)" + (step > 1 ? "/\(step)" : "")
    }
}
