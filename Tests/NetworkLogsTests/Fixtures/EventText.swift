import NetworkLogs

/// Events, outcomes and reports as the fixtures write them.
enum EventText {
    /// `2026-11-21T22:40:01.123Z`.
    static func instant(_ milliseconds: Int64) -> String {
        let day = Int((milliseconds - (milliseconds < 0 ? 86_399_999 : 0)) / 86_400_000)
        let rest = Int(milliseconds) - day * 86_400_000
        let date = Calendar.date(ofDay: day)
        return "\(date.year)-\(two(date.month))-\(two(date.day))T\(two(rest / 3_600_000)):"
            + "\(two(rest / 60_000 % 60)):\(two(rest / 1000 % 60)).\(two(rest % 1000 / 10))\(rest % 10)Z"
    }

    private static func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }

    static func describe(_ event: NetworkEvent) -> String {
        var words = ["\(event.kind)", instant(event.time) + traits(event.timeTraits)]
        if event.networkProtocol != 0 { words.append("proto=\(event.networkProtocol)") }
        if !event.privateAddress.isNone {
            words.append("private=\(event.privateAddress)" + (event.privatePort == 0 ? "" : "#\(event.privatePort)"))
        }
        if !event.publicAddress.isNone {
            words.append("public=\(event.publicAddress)" + (event.publicPorts.isNone ? "" : "#\(event.publicPorts)"))
        }
        if !event.destinationAddress.isNone || event.destinationPort != 0 {
            words.append("to=\(event.destinationAddress)#\(event.destinationPort)")
        }
        if event.origin == .outside { words.append("from=outside") }
        if let start = event.start, start != event.time { words.append("start=\(instant(start))") }
        if let end = event.end, end != event.time { words.append("end=\(instant(end))") }
        if let mac = event.mac { words.append("mac=\(mac)") }
        if let id = event.sessionID { words.append("id=\(id)") }
        return words.joined(separator: " ")
    }

    private static func traits(_ traits: NetworkEvent.TimeTraits) -> String {
        let names: [(NetworkEvent.TimeTraits, String)] = [
            (.yearInferred, "year"), (.zoneInferred, "zone"), (.ambiguousHour, "twice"), (.skippedHour, "never"),
            (.fromReception, "reception"),
        ]
        let held = names.filter { traits.contains($0.0) }.map(\.1)
        return held.isEmpty ? "" : "[" + held.joined(separator: ",") + "]"
    }

    static func describe(_ outcome: LineOutcome) -> String {
        switch outcome {
        case .event(let event): describe(event)
        case .ignored(let reason): "ignored \(reason.rawValue)"
        case .malformed(let reason, let offset): "malformed \(reason.rawValue) at \(offset)"
        }
    }

    /// What is not nought, in the order of the declaration.
    static func describe(_ report: FlowReport) -> String {
        let counts: [(String, UInt32)] = [
            ("events", report.events), ("untranslated", report.untranslated), ("denied", report.denied),
            ("other", report.otherEvents), ("options", report.options), ("withdrawals", report.withdrawalsIgnored),
            ("buffered", report.setsBuffered), ("recovered", report.setsRecovered), ("dropped", report.setsDropped),
            ("octets", report.bytesDropped),
        ]
        var words = counts.filter { $0.1 != 0 }.map { "\($0.0)=\($0.1)" }
        if report.lost != 0 { words.append("lost=\(report.lost) \(report.unit)") }
        if report.late != 0 { words.append("late=\(report.late) \(report.unit)") }
        if report.templatesChanged { words.append("templates") }
        if report.sequenceRestarted { words.append("restarted") }
        if report.repeated { words.append("repeated") }
        if report.sequenceUnchecked { words.append("unchecked") }
        if let fault = report.fault { words.append("\(fault.rawValue) at \(report.faultOffset)") }
        return words.isEmpty ? "nothing" : words.joined(separator: " ")
    }
}

/// A calendar written otherwise than the library's: by walking the years.
enum Calendar {
    static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        var (year, rest) = (1970, day)
        while rest < 0 {
            year -= 1
            rest += length(ofYear: year)
        }
        while rest >= length(ofYear: year) {
            rest -= length(ofYear: year)
            year += 1
        }
        var month = 1
        while rest >= lengths(year)[month - 1] {
            rest -= lengths(year)[month - 1]
            month += 1
        }
        return (year, month, rest + 1)
    }

    static func day(of year: Int, _ month: Int, _ day: Int) -> Int {
        let years = (1970..<max(year, 1970)).reduce(0) { $0 + length(ofYear: $1) }
        return years + lengths(year)[..<(month - 1)].reduce(0, +) + day - 1
    }

    private static func length(ofYear year: Int) -> Int { lengths(year).reduce(0, +) }

    private static func lengths(_ year: Int) -> [Int] {
        let leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
        return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    }
}
