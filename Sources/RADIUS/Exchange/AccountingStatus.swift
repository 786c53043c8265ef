/// What an Accounting-Request reports: Acct-Status-Type (RFC 2866 §5.1).
public struct AccountingStatus: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt32

    /// Any number is a status, known or not.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A session begins.
    public static let start = AccountingStatus(rawValue: 1)
    /// A session has ended.
    public static let stop = AccountingStatus(rawValue: 2)
    /// A session goes on (Interim-Update).
    public static let interim = AccountingStatus(rawValue: 3)
    /// The NAS starts: none of its earlier sessions lives.
    public static let on = AccountingStatus(rawValue: 7)
    /// The NAS stops: none of its sessions will live.
    public static let off = AccountingStatus(rawValue: 8)
}

/// Why a session ended: Acct-Terminate-Cause (RFC 2866 §5.10).
public struct TerminateCause: RawRepresentable, Hashable, Sendable {
    /// The number on the wire; the dictionary has the names.
    public let rawValue: UInt32

    /// Any number is a cause, known or not.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The visitor asked for it.
    public static let userRequest = TerminateCause(rawValue: 1)
    /// The radio link was lost.
    public static let lostCarrier = TerminateCause(rawValue: 2)
    /// The visitor was idle too long.
    public static let idleTimeout = TerminateCause(rawValue: 4)
    /// The session was as long as it may be.
    public static let sessionTimeout = TerminateCause(rawValue: 5)
    /// An administrator, or we, ended it.
    public static let adminReset = TerminateCause(rawValue: 6)
    /// The NAS restarts.
    public static let nasReboot = TerminateCause(rawValue: 11)
}

extension PacketView {
    /// Acct-Status-Type; nil when there is none of four octets.
    public var accountingStatus: AccountingStatus? {
        first(.acctStatusType)?.uint32.map(AccountingStatus.init(rawValue:))
    }

    /// A 64-bit octet counter: Acct-Input-Octets and its Gigawords (RFC 2869 §5.1), or the output pair.
    ///
    /// Nil without the low word; a missing high word is 0.
    public func octetCount(_ low: AttributeType, gigawords high: AttributeType) -> UInt64? {
        guard let low = first(low)?.uint32 else { return nil }
        return UInt64(first(high)?.uint32 ?? 0) << 32 | UInt64(low)
    }
}
