import NetworkLogs
import Testing

/// Every line of the fixtures comes to what the fixture says.
@Suite struct LineFixtureTests {
    private func outcome(of fixture: LineFixture, _ options: ParserOptions? = nil) -> LineOutcome {
        let source = fixture.source
        let parser = LineParser(
            dialects: source.dialects, clock: source.clock, options: options ?? source.options)
        return parser.parse(fixture.octets, receivedAt: source.receivedAt)
    }

    @Test func `the fixtures are there and whole`() {
        #expect(LineFixture.all.count >= 150)
        #expect(LineFixture.all.allSatisfy { !$0.expected.isEmpty && $0.source.receivedAt > 0 })
        #expect(LineFixture.all.filter { !$0.forbidden.isEmpty }.count >= 20)
        let dialects = LineFixture.all.reduce(into: LineDialects()) { $0.formUnion($1.source.dialects) }
        #expect(dialects.names == LineDialects.allNames)
    }

    @Test(arguments: LineFixture.all)
    func `a line comes to the event, the reason or the fault its fixture says`(fixture: LineFixture) {
        #expect(EventText.describe(outcome(of: fixture)) == fixture.expected)
    }

    /// Not by its description alone: every stored property is looked at.
    @Test(arguments: LineFixture.all)
    func `nothing that may not be kept leaves the parser`(fixture: LineFixture) {
        let outcome = outcome(of: fixture)
        var dumped = ""
        dump(outcome, to: &dumped)
        let text = dumped + EventText.describe(outcome)
        for word in fixture.forbidden { #expect(!text.contains(word), "\(word) came out") }
        guard case .event(let event) = outcome, !fixture.source.options.contains(.keepsDestination) else { return }
        #expect(event.destinationAddress.isNone && event.destinationPort == 0)
    }

    @Test(arguments: LineFixture.all)
    func `with every dialect on, a line's own dialect still reads it, or none does`(fixture: LineFixture) {
        let all = LineDialects(rawValue: .max)
        let parser = LineParser(dialects: all, clock: fixture.source.clock, options: fixture.source.options)
        let found = parser.parse(fixture.octets, receivedAt: fixture.source.receivedAt)
        guard case .event = outcome(of: fixture) else { return }
        #expect(EventText.describe(found) == fixture.expected)
    }

    @Test(arguments: LineFixture.all)
    func `no line is read by a source without dialects`(fixture: LineFixture) {
        let parser = LineParser(dialects: [], clock: .utc)
        if case .event = parser.parse(fixture.octets, receivedAt: 0) { Issue.record("an event came out") }
    }

    @Test func `an event has no room for text and no heap`() {
        #expect(MemoryLayout<NetworkEvent>.size <= 128)
        #expect(_isPOD(NetworkEvent.self) && _isPOD(LineOutcome.self) && _isPOD(FlowReport.self))
    }

    @Test func `takes a line of 65536 octets and refuses one of 65537`() {
        let parser = LineParser(dialects: .natRecord, clock: .utc)
        let line = Array("proto=TCP src=10.0.0.1:1 nat=203.0.113.1:2 x=".utf8)
        let full = line + [UInt8](repeating: 0x61, count: LineParser.maximumLine - line.count)
        guard case .event = parser.parse(full, receivedAt: 0) else {
            Issue.record("the longest line was refused")
            return
        }
        #expect(parser.parse(full + [0x61], receivedAt: 0) == .malformed(.tooLong, offset: 65_536))
    }

    @Test func `names of dialects are read back`() {
        for name in LineDialects.allNames { #expect(LineDialects(name: name)?.names == [name]) }
        #expect(LineDialects(name: "windows") == nil)
    }
}
