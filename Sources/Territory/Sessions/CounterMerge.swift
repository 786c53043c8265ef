/// Takes a NAS's counters into a session's, and says what that adds.
///
/// A counter below the known one is a straggler unless Acct-Session-Time proves the record newer. Then it has wrapped
/// at 2³² (no Gigawords attribute, from the top quarter into the bottom one), or the gateway has lost count: it becomes
/// the new baseline and all of it counts, since all of it came after. Zero says nothing.
struct CounterMerge {
    private(set) var counters: SessionCounters
    private(set) var usage = Usage.zero
    private(set) var wentBack = false

    init(_ counters: SessionCounters) { self.counters = counters }

    mutating func merge(_ record: AccountingRecord, seconds: Int64, isProvenNewer: Bool) {
        if seconds > counters.seconds {
            usage.seconds = seconds - counters.seconds
            counters.seconds = seconds
        }
        let input = Self.next(counters.inputOctets, record.input.octets, record.input.hasGigawords, isProvenNewer)
        let output = Self.next(counters.outputOctets, record.output.octets, record.output.hasGigawords, isProvenNewer)
        (counters.inputOctets, usage.inputOctets) = (input.counter, input.added)
        (counters.outputOctets, usage.outputOctets) = (output.counter, output.added)
        wentBack = input.wentBack || output.wentBack
        counters.inputPackets = Self.next(counters.inputPackets, record.input.packets, false, isProvenNewer).counter
        counters.outputPackets = Self.next(counters.outputPackets, record.output.packets, false, isProvenNewer).counter
    }

    /// What becomes of a counter, and what that adds, never negative.
    private static func next(
        _ counter: Int64, _ told: Int64?, _ hasGigawords: Bool, _ isProvenNewer: Bool
    ) -> (counter: Int64, added: Int64, wentBack: Bool) {
        guard let told, told != counter else { return (counter, 0, false) }
        if told > counter { return (told, told - counter, false) }
        guard isProvenNewer, told > 0 else { return (counter, 0, false) }
        if !hasGigawords, let continued = continuation(of: counter, low: told) {
            return (continued, continued - counter, false)
        }
        return (told, told, true)
    }

    /// The counter's next value of which only the low 32 bits are told; nil where it cannot be one.
    private static func continuation(of counter: Int64, low: Int64) -> Int64? {
        let word: Int64 = 1 << 32
        guard low < word, counter <= .max - word else { return nil }
        let sameEpoch = counter / word * word + low
        if counter >= word, sameEpoch >= counter { return sameEpoch }
        guard counter % word >= word / 4 * 3, low < word / 4 else { return nil }
        return sameEpoch + word
    }
}
