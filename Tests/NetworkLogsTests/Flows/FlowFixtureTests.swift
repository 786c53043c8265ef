import NetworkLogs
import Testing

@Suite struct FlowFixtureTests {
    private func read(
        _ step: FlowFixture.Step, _ fixture: FlowFixture, _ decoder: inout FlowDecoder, dumping dumped: inout String
    ) -> [String] {
        var found: [String] = []
        let report = decoder.decode(
            step.octets, from: FlowFixture.exporter, receivedAt: fixture.source.receivedAt
        ) { event in
            found.append("> " + EventText.describe(event))
            dump(event, to: &dumped)
        }
        return found + ["= " + EventText.describe(report)]
    }

    @Test func `the fixtures are there and whole`() {
        #expect(FlowFixture.all.count >= 19 && FlowFixture.datagrams.count >= 70)
        #expect(FlowFixture.all.allSatisfy { $0.source.receivedAt > 0 && $0.steps.allSatisfy { !$0.expected.isEmpty } })
    }

    @Test(arguments: FlowFixture.all)
    func `a datagram comes to the events and the report its fixture says`(fixture: FlowFixture) {
        var decoder = fixture.decoder
        var dumped = ""
        for step in fixture.steps {
            let found = read(step, fixture, &decoder, dumping: &dumped)
            #expect(found == step.expected, "line \(step.number)")
            if found != step.expected { print("ACTUAL \(step.number)\n" + found.joined(separator: "\n") + "\nEND") }
        }
        for word in fixture.forbidden { #expect(!dumped.contains(word)) }
    }

    /// After each datagram the templates go into a new decoder, as they do when the daemon restarts.
    @Test(arguments: FlowFixture.all)
    func `templates that were saved read the same after a restart`(fixture: FlowFixture) throws {
        var decoder = fixture.decoder
        var restarted = fixture.decoder
        var ignored = ""
        for step in fixture.steps {
            let waited = decoder.bufferedBytes > 0
            let events = { (lines: [String]) in lines.filter { $0.hasPrefix("> ") } }
            let first = read(step, fixture, &decoder, dumping: &ignored)
            let second = read(step, fixture, &restarted, dumping: &ignored)
            // What waited for a template is not saved.
            if !waited { #expect(events(first) == events(second), "line \(step.number)") }
            let saved = restarted.exportTemplates()
            restarted = fixture.decoder
            try restarted.importTemplates(saved)
            #expect(restarted.exportTemplates().sorted() == saved.sorted())
        }
    }
}
