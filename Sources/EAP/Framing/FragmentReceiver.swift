/// Puts a peer's fragments together (RFC 5216 §2.1.5).
struct FragmentReceiver {
    /// What a fragment made.
    enum Event: Hashable {
        /// A whole TLS message, never empty.
        case message([UInt8])
        /// More will follow: acknowledge.
        case fragment
        /// No data and no flags: the other side acknowledges, or has nothing to say.
        case acknowledgement
    }

    private let hasVersion: Bool
    private var pending: [UInt8] = []
    private var announced: Int?

    /// Of a method whose last three flags are a version, which must be 0; in EAP-TLS they are ignored (RFC 5216 §3.2).
    init(hasVersion: Bool = true) { self.hasVersion = hasVersion }

    /// Whether a message has begun and is not whole.
    var isAssembling: Bool { announced != nil }

    /// Takes what follows the type octet, flags first.
    mutating func receive(_ data: [UInt8], allowsStart: Bool = false) throws(EAPError) -> Event {
        guard let first = data.first else { throw EAPError(.fragmentTruncated) }
        let flags = TLSFlags(rawValue: first)
        guard allowsStart || !flags.contains(.start) else { throw EAPError(.flagsInvalid) }
        guard !hasVersion || first & TLSFlags.versionBits == 0 else { throw EAPError(.flagsInvalid) }
        let hasLength = flags.contains(.length)
        guard data.count >= (hasLength ? 5 : 1) else { throw EAPError(.fragmentTruncated) }
        let length = hasLength ? data[1..<5].reduce(0) { $0 << 8 | Int($1) } : nil
        let content = data.dropFirst(hasLength ? 5 : 1)
        guard !content.isEmpty else { return try empty(flags) }
        return try append(content, more: flags.contains(.more), length: length)
    }

    /// A frame without data: an acknowledgement, unless it says it is part of something.
    private func empty(_ flags: TLSFlags) throws(EAPError) -> Event {
        guard !flags.contains(.more), !isAssembling else { throw EAPError(.messageLengthInvalid) }
        return .acknowledgement
    }

    private mutating func append(
        _ content: ArraySlice<UInt8>, more: Bool, length: Int?
    ) throws(EAPError) -> Event {
        // The first of several fragments must announce the length; later ones may repeat it.
        guard let whole = announced ?? length ?? (more ? nil : content.count), whole <= EAPLimits.maximumMessage,
            length == nil || length == whole
        else { throw EAPError(.messageLengthInvalid) }
        let total = pending.count + content.count
        guard more ? total < whole : total == whole else { throw EAPError(.messageLengthInvalid) }
        pending += content
        announced = whole
        guard !more else { return .fragment }
        let message = pending
        (pending, announced) = ([], nil)
        return .message(message)
    }
}
