import Evidence

/// Records with the statistics of a territory's translation log: many small sites behind one public address each,
/// random public ports, destinations of very different popularity, times in the order of arrival.
struct GeneratedFlows {
    private var state: UInt64
    private var clock: Double
    /// Flows a second.
    let rate: Double
    static let sites = 2048

    init(seed: UInt64 = 1, start: Int64 = 1_790_000_000_000, rate: Double = 231) {
        (state, clock, self.rate) = (seed, Double(start), rate)
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    /// From 0 to 1.
    private mutating func uniform() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

    /// From 1 to e^`extent`, so that each order of magnitude is as likely as another.
    private mutating func logarithmic(_ extent: Double) -> Double {
        var (value, term, power) = (1.0, 1.0, uniform() * extent)
        var squarings = 0
        while power > 0.5 {
            power /= 2
            squarings += 1
        }
        for step in 1..<12 {
            term *= power / Double(step)
            value += term
        }
        for _ in 0..<squarings { value *= value }
        return value
    }

    /// The next flow; its source and site are for the caller to fill in, by number.
    mutating func flow() -> (record: NewRecord, site: Int) {
        var record = NewRecord()
        clock += 1000 / rate
        let busy = uniform()
        let site = Int(busy * busy * Double(GeneratedFlows.sites))
        record.start = Int64(clock) + Int64(next() & 7)
        record.end = record.start + Int64(logarithmic(12))
        record.received = record.end + 2 + Int64(next() & 7)
        record.publicAddress = NetworkAddress(v4: 0xc612_0000 + UInt32(site))
        record.publicPort = UInt16(1024 + next() % 64_512)
        record.publicPortEnd = record.publicPort
        record.privateAddress = NetworkAddress(v4: 0x0a00_0000 | UInt32(site) << 8 | UInt32(10 + next() % 200))
        record.privatePort = UInt16(32_768 + next() % 28_232)
        let popularity = UInt64(logarithmic(12.2))
        var place = GeneratedFlows(seed: popularity)
        record.destinationAddress = NetworkAddress(v4: 0x1700_0000 + UInt32(place.next() % 0x5000_0000))
        let services: [UInt16] = [443, 443, 443, 443, 443, 443, 443, 443, 443, 443, 53, 53, 80, 80, 5228, 993]
        record.destinationPort = services[Int(place.next() & 15)]
        record.transport = record.destinationPort == 53 || record.destinationPort == 443 && next() & 3 == 0 ? 17 : 6
        record.event = .binding
        return (record, site)
    }
}
