/// Password checks that wait, one line per NAS, NAS served in turn: a NAS that floods lengthens its own line only.
struct FairQueue {
    private var lines: [Int64: [PasswordCheck]] = [:]
    private var turn: [Int64] = []
    private(set) var count = 0

    /// Adds a check at the end of its NAS's line.
    mutating func append(_ check: PasswordCheck) {
        if lines[check.nas] == nil { turn.append(check.nas) }
        lines[check.nas, default: []].append(check)
        count += 1
    }

    /// Takes the first check of the next NAS in turn whose account is not in `busy`.
    mutating func take(notIn busy: Set<Int64>) -> PasswordCheck? {
        for position in turn.indices {
            let nas = turn[position]
            guard var line = lines[nas], let index = line.firstIndex(where: { !busy.contains($0.account) }) else {
                continue
            }
            let check = line.remove(at: index)
            turn.remove(at: position)
            if line.isEmpty {
                lines[nas] = nil
            } else {
                lines[nas] = line
                turn.append(nas)
            }
            count -= 1
            return check
        }
        return nil
    }

    /// Takes the oldest check of the longest line, to make room.
    mutating func shedFromLongest() -> PasswordCheck? {
        guard let longest = lines.max(by: { $0.value.count < $1.value.count })?.key, var line = lines[longest] else {
            return nil
        }
        let check = line.removeFirst()
        count -= 1
        if line.isEmpty {
            lines[longest] = nil
            turn.removeAll { $0 == longest }
        } else {
            lines[longest] = line
        }
        return check
    }
}
