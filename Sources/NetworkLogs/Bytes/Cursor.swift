/// A place in octets from the network, and the readers that move it.
///
/// Every access is compared with the bounds first, also in release builds, where `UnsafeRawBufferPointer` itself
/// checks nothing; outside them an octet reads as 0 and nothing moves. `0 <= position <= end <= bytes.count` holds
/// from `init` on, for only the checked methods here move `position` and only downwards goes `end`.
/// The octets belong to the caller and are valid for the call that made the cursor; none outlives it.
struct Cursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var position: Int
    private(set) var end: Int

    @inline(__always) init(_ bytes: UnsafeRawBufferPointer) {
        (self.bytes, position, end) = (bytes, 0, bytes.count)
    }

    @inline(__always) var isAtEnd: Bool { position >= end }
    @inline(__always) var remaining: Int { end - position }

    /// The octet at an absolute place, 0 outside.
    @inline(__always) func octet(at index: Int) -> UInt8 {
        index >= 0 && index < end ? bytes[index] : 0
    }

    /// The octet under the cursor, 0 at the end.
    @inline(__always) var current: UInt8 { position < end ? bytes[position] : 0 }

    /// The octet `ahead` places further, 0 outside.
    @inline(__always) func peek(_ ahead: Int) -> UInt8 {
        ahead >= 0 && ahead < remaining ? bytes[position + ahead] : 0
    }

    /// Moves forward, at most to the end.
    @inline(__always) mutating func advance(_ count: Int = 1) {
        position = count >= remaining ? end : position + max(count, 0)
    }

    /// Goes to an absolute place within the bounds.
    @inline(__always) mutating func move(to index: Int) { position = min(max(index, 0), end) }

    /// The same octets from `start` to `end`, both cut to this cursor's bounds.
    @inline(__always) func slice(_ start: Int, _ end: Int) -> Cursor {
        var part = self
        part.end = min(max(end, 0), self.end)
        part.position = min(max(start, 0), part.end)
        return part
    }

    /// Takes one octet if it is the one asked for.
    @inline(__always) mutating func take(_ octet: UInt8) -> Bool {
        guard position < end, bytes[position] == octet else { return false }
        position += 1
        return true
    }

    /// Whether the octets here are those of `text`.
    @inline(__always) func starts(with text: StaticString) -> Bool { matches(text, at: position) }

    /// Whether the octets at an absolute place are those of `text`.
    @inline(__always) func matches(_ text: StaticString, at start: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard start >= 0, start <= end, count <= end - start else { return false }
        let wanted = text.utf8Start
        for index in 0..<count where bytes[start + index] != wanted[index] { return false }
        return true
    }

    /// Takes `text` if the octets here are its own.
    @inline(__always) mutating func take(_ text: StaticString) -> Bool {
        guard starts(with: text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }

    @inline(__always) mutating func skipSpaces() {
        while position < end, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    }

    /// Moves to the next `octet`, or to the end; says whether it was found.
    @inline(__always) @discardableResult mutating func seek(_ octet: UInt8) -> Bool {
        while position < end, bytes[position] != octet { position += 1 }
        return position < end
    }

    /// The first place of `text` at or after the cursor.
    func find(_ text: StaticString) -> Int? {
        let count = text.utf8CodeUnitCount
        guard count > 0, count <= remaining else { return nil }
        let first = text.utf8Start[0]
        var index = position
        while index <= end - count {
            if bytes[index] == first, matches(text, at: index) { return index }
            index += 1
        }
        return nil
    }

    /// The last place of `text` at or after the cursor.
    func findLast(_ text: StaticString) -> Int? {
        let count = text.utf8CodeUnitCount
        guard count > 0, count <= remaining else { return nil }
        let first = text.utf8Start[0]
        var index = end - count
        while index >= position {
            if bytes[index] == first, matches(text, at: index) { return index }
            index -= 1
        }
        return nil
    }
}
