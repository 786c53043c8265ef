/// Finds syslog messages in a stream of octets: one for each TCP or TLS connection.
///
/// Both framings of RFC 6587 are told apart for each message: octet counting (§3.4.1, the only one over TLS, RFC 5425
/// §4.3) when digits, a space and `<` follow one another, else lines that end with LF (§3.4.2). At most
/// `maximumMessage` and twelve octets wait for the rest of a message; longer messages are skipped without being kept.
public struct SyslogFramer: Sendable {
    /// Which framing a stream has.
    public enum Framing: Sendable {
        /// Told apart for each message.
        case automatic
        /// RFC 6587 §3.4.1 alone.
        case octetCounted
        /// RFC 6587 §3.4.2 alone.
        case newline
    }

    private enum Skip {
        case nothing
        case octets(UInt64)
        case line
    }

    private enum Found {
        case incomplete
        case message(Range<Int>, next: Int)
        case fault(FrameFault, Skip, next: Int)
    }

    /// Digits of an octet count; more are no count.
    private static let countDigits = 10

    private let maximumMessage: Int
    private let framing: Framing
    private var waiting: [UInt8] = []
    /// Octets of `waiting` known to hold no LF, so that a line which comes octet by octet is read once.
    private var searched = 0
    private var skip = Skip.nothing
    private var offset: UInt64 = 0

    /// A framer at the beginning of a stream.
    /// - Parameter maximumMessage: octets of the longest message taken, at least 480 (RFC 5424 §6.1), 64 KiB unless said.
    public init(maximumMessage: Int = 65_536, framing: Framing = .automatic) {
        self.maximumMessage = max(maximumMessage, 480)
        self.framing = framing
    }

    /// Octets that wait for the rest of their message.
    public var bufferedBytes: Int { waiting.count }

    /// Takes the next octets of the stream and hands over each message they complete, in order.
    public mutating func append(_ bytes: UnsafeRawBufferPointer, _ body: (SyslogFrame) -> Void) {
        if waiting.isEmpty {
            let taken = scan(bytes, body)
            waiting.append(contentsOf: bytes[taken...])
        } else {
            waiting.append(contentsOf: bytes)
            var held: [UInt8] = []
            swap(&held, &waiting)
            let taken = held.withUnsafeBytes { scan($0, body) }
            held.removeFirst(taken)
            swap(&held, &waiting)
        }
    }

    /// Ends the stream: a last line without LF is a message, part of a counted message is a fault.
    public mutating func finish(_ body: (SyslogFrame) -> Void) {
        defer { waiting = [] }
        if case .octets = skip { return body(.skipped(.truncated, offset: offset)) }
        guard !waiting.isEmpty else { return }
        waiting.withUnsafeBytes { raw in
            let start = Self.firstContent(raw, from: 0)
            guard start < raw.count else { return }
            if framing == .octetCounted || (framing == .automatic && Self.couldBeCounted(raw, from: start)) {
                return body(.skipped(.truncated, offset: offset + UInt64(start)))
            }
            let end = Self.trimmedEnd(raw, from: start, to: raw.count)
            if end > start { body(.message(.init(rebasing: raw[start..<end]), offset: offset + UInt64(start))) }
        }
    }

    /// Hands over what is whole and returns how many octets it took.
    private mutating func scan(_ raw: UnsafeRawBufferPointer, _ body: (SyslogFrame) -> Void) -> Int {
        var at = 0
        let from = searched
        searched = 0
        loop: while at < raw.count {
            if !skipped(raw, &at) { break }
            at = Self.firstContent(raw, from: at)
            guard at < raw.count else { break }
            switch next(raw, from: at, searched: at == 0 ? from : 0) {
            case .incomplete: break loop
            case .message(let range, let next):
                let end = Self.trimmedEnd(raw, from: range.lowerBound, to: range.upperBound)
                if end > range.lowerBound {
                    let message = UnsafeRawBufferPointer(rebasing: raw[range.lowerBound..<end])
                    body(.message(message, offset: offset + UInt64(range.lowerBound)))
                }
                at = next
            case .fault(let fault, let skip, let next):
                body(.skipped(fault, offset: offset + UInt64(at)))
                self.skip = skip
                at = next
            }
        }
        offset += UInt64(at)
        return at
    }

    /// Passes over what is to be skipped; false when more of it is to come.
    private mutating func skipped(_ raw: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        switch skip {
        case .nothing: return true
        case .octets(let count):
            let step = min(count, UInt64(raw.count - at))
            at += Int(step)
            skip = count == step ? .nothing : .octets(count - step)
            return count == step
        case .line:
            guard let newline = Self.firstNewline(raw, from: at) else {
                at = raw.count
                return false
            }
            at = newline + 1
            skip = .nothing
            return true
        }
    }

    private mutating func next(_ raw: UnsafeRawBufferPointer, from at: Int, searched: Int) -> Found {
        if framing != .newline, let counted = counted(raw, from: at) { return counted }
        if let newline = Self.firstNewline(raw, from: max(at, searched)) {
            if newline - at <= maximumMessage { return .message(at..<newline, next: newline + 1) }
            return .fault(.oversized, .nothing, next: newline + 1)
        }
        if raw.count - at > maximumMessage { return .fault(.oversized, .line, next: raw.count) }
        self.searched = at == 0 ? raw.count : raw.count - at
        return .incomplete
    }

    /// A counted message; nil when it is a line.
    private func counted(_ raw: UnsafeRawBufferPointer, from at: Int) -> Found? {
        var cursor = Cursor(raw)
        cursor.move(to: at)
        let notCounted: Found? = framing == .octetCounted ? .fault(.badLength, .line, next: at) : nil
        guard cursor.current &- 0x31 < 9 else { return notCounted }
        var index = at
        while index < raw.count, Cursor.isDigit(raw[index]) {
            index += 1
            if index - at > Self.countDigits { return notCounted }
        }
        if index == raw.count { return .incomplete }
        guard raw[index] == 0x20, let count = cursor.decimal() else { return notCounted }
        let start = index + 1
        if framing == .automatic {
            if start == raw.count { return .incomplete }
            guard raw[start] == 0x3c else { return nil }
        }
        if count > UInt64(maximumMessage) { return .fault(.oversized, .octets(count), next: start) }
        guard UInt64(raw.count - start) >= count else { return .incomplete }
        return .message(start..<(start + Int(count)), next: start + Int(count))
    }

    private static func couldBeCounted(_ raw: UnsafeRawBufferPointer, from start: Int) -> Bool {
        var index = start
        while index < raw.count, Cursor.isDigit(raw[index]) { index += 1 }
        guard index > start, index - start <= countDigits else { return false }
        return index == raw.count || raw[index] == 0x20 && (index + 1 == raw.count || raw[index + 1] == 0x3c)
    }

    /// LF, CR and NUL between messages are no messages.
    private static func firstContent(_ raw: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < raw.count, raw[index] == 0x0a || raw[index] == 0x0d || raw[index] == 0 { index += 1 }
        return index
    }

    private static func trimmedEnd(_ raw: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
        var index = end
        while index > start, raw[index - 1] == 0x0a || raw[index - 1] == 0x0d || raw[index - 1] == 0 { index -= 1 }
        return index
    }

    /// The first LF at or after `start`, eight octets at a time.
    private static func firstNewline(_ raw: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        while index <= raw.count - 8 {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let difference = word ^ 0x0a0a_0a0a_0a0a_0a0a
            let zeros = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
            if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < raw.count {
            if raw[index] == 0x0a { return index }
            index += 1
        }
        return nil
    }
}
