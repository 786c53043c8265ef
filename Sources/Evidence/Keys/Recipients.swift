/// To whom the data keys of a class are wrapped: one auditor, and three officers of whom any two suffice.
public struct Recipients: Sendable, Equatable {
    /// Opens sampled segments alone.
    public let auditor: RecipientKey
    /// The three officers.
    public let officers: [RecipientKey]

    /// Refuses other than three distinct officers, roles that do not fit, and names of more than 255 octets or with
    /// control characters.
    public init(auditor: RecipientKey, officers: [RecipientKey]) throws(EvidenceError) {
        let all = [auditor] + officers
        guard officers.count == 3, Set(all.map(\.id)).count == 4, auditor.role == .auditor,
            officers.allSatisfy({ $0.role == .officer }),
            all.allSatisfy({ $0.name.utf8.count <= 255 && $0.name.utf8.allSatisfy { $0 >= 32 && $0 != 127 } })
        else { throw EvidenceError(.malformed, in: "recipients") }
        (self.auditor, self.officers) = (auditor, officers)
    }

    /// The pairs of officers, by position, in the order of ``WrappedKey/pair`` 1, 2 and 3.
    static let pairs = [(0, 1), (0, 2), (1, 2)]

    /// Wraps `key` to the auditor, and for each pair of officers one random share to the first and the share that
    /// completes it to the second.
    func wrap(_ key: DataKey, for context: KeyContext) throws(EvidenceError) -> [WrappedKey] {
        var wrapped = [try WrappedKey(key.octets, to: auditor, pair: 0, context)]
        for (number, pair) in Recipients.pairs.enumerated() {
            let share = DataKey.random(DataKey.length)
            let completion = zip(share, key.octets).map { $0 ^ $1 }
            let pairNumber = UInt8(number + 1)
            wrapped.append(try WrappedKey(share, to: officers[pair.0], pair: pairNumber, context))
            wrapped.append(try WrappedKey(completion, to: officers[pair.1], pair: pairNumber, context))
        }
        return wrapped
    }
}
