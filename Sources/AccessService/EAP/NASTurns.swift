/// Work that waits, one line per NAS, NAS served in turn: a NAS that floods lengthens its own line only.
struct NASTurns<Element> {
    private var lines: [Int64: ArraySlice<Element>] = [:]
    private var turn: ArraySlice<Int64> = []
    private(set) var count = 0

    /// Adds work at the end of its NAS's line.
    mutating func append(_ element: Element, nas: Int64) {
        if lines[nas] == nil { turn.append(nas) }
        lines[nas, default: []].append(element)
        count += 1
    }

    /// Takes the first of the next NAS in turn.
    mutating func take() -> Element? {
        guard let nas = turn.popFirst(), let element = lines[nas]?.popFirst() else { return nil }
        count -= 1
        if lines[nas]?.isEmpty ?? true { lines[nas] = nil } else { turn.append(nas) }
        return element
    }

    /// Takes the oldest of the longest line, to make room.
    mutating func shedFromLongest() -> Element? {
        guard let nas = lines.max(by: { $0.value.count < $1.value.count })?.key, let element = lines[nas]?.popFirst()
        else { return nil }
        count -= 1
        if lines[nas]?.isEmpty ?? true {
            lines[nas] = nil
            turn.removeAll { $0 == nas }
        }
        return element
    }
}
