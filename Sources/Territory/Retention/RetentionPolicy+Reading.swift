public import Foundation

extension RetentionPolicy {
    /// Reads a policy's file, `NAME.yaml`, all faults at once. Throws `unreadable`, or `faultyDocument` with every fault.
    public static func load(_ file: URL) throws(TerritoryError) -> RetentionPolicy {
        let name = file.lastPathComponent
        switch DocumentFiles.text(of: file) {
        case .failure(let fault): throw TerritoryError(.unreadable, "\(name) \(fault)")
        case .success(let text):
            switch read(text, file: name) {
            case .success(let policy): return policy
            case .failure(let faults):
                throw TerritoryError(.faultyDocument, "retention policy \(name)", faults: faults.faults)
            }
        }
    }

    /// Reads a policy's text.
    static func read(_ text: String, file: String) -> Result<RetentionPolicy, DocumentFaults> {
        let root: DocumentNode
        switch DocumentNode.parse(text, file: file) {
        case .failure(let faults): return .failure(faults)
        case .success(let node): root = node
        }
        let log = DocumentReader.Log()
        let reader = DocumentReader(root, log: log)
        let name = reader.string("policy", required: true, length: 1...60)
        let version = reader.integer("version", required: true, 1...1_000_000)
        let rules = reader.groups("classes", required: true, count: 1...RetentionClass.allCases.count, rule)
        for (index, rule) in rules.enumerated()
        where rules[..<index].contains(where: { $0.retentionClass == rule.retentionClass }) {
            reader.fault("classes", "has \(rule.retentionClass.rawValue) twice")
        }
        reader.finish()
        guard log.faults.isEmpty, let name, let version else { return .failure(DocumentFaults(log.faults)) }
        let byClass = Dictionary(rules.map { ($0.retentionClass, $0) }) { first, _ in first }
        return .success(RetentionPolicy(name: name, version: Int(version), rules: byClass))
    }

    private static func rule(_ reader: DocumentReader) -> Rule? {
        let retentionClass: RetentionClass? = reader.choice("class", required: true)
        let title = reader.group("title", required: true) { group in
            let en = group.string("en", length: 1...200)
            return group.string("fr", required: true, length: 1...200).map { LocalizedText(fr: $0, en: en) }
        }
        let basis = reader.string("basis", required: true)
        let clock: RetentionClass.Clock? = reader.choice("clock", required: true)
        let period = period(reader, ceiling: retentionClass)
        let schedule = reader.string("disposal_schedule")
        let visa = reader.string("visa")
        let approval = reader.string("approval")
        let until = instant(reader, "collected_until")
        if retentionClass == .destination, approval == nil || until == nil {
            reader.fault("class", "C5x needs approval, a reference of the data-protection officer, and collected_until")
        }
        guard let retentionClass, let title, let basis, let clock, let period else { return nil }
        return Rule(
            retentionClass: retentionClass, title: title, basis: basis, clock: clock, period: period,
            disposalSchedule: schedule, visa: visa, approval: approval, collectedUntil: until)
    }

    private static func period(_ reader: DocumentReader, ceiling: RetentionClass?) -> RetentionPeriod? {
        guard let text = reader.string("keep", required: true) else { return nil }
        guard let period = RetentionPeriod(text) else {
            reader.fault("keep", "is \"\(text.prefix(40))\", wanted such as 1 year, 3 months, 90 days")
            return nil
        }
        if let ceiling, period.nominalDays > ceiling.longestDays {
            reader.fault(
                "keep", "is \(period), longer than the \(ceiling.longestDays) days that \(ceiling.rawValue) may be kept"
            )
            return nil
        }
        return period
    }

    private static func instant(_ reader: DocumentReader, _ key: String) -> Date? {
        guard let text = reader.string(key) else { return nil }
        guard let instant = try? Date(text, strategy: .iso8601) else {
            reader.fault(key, "is \"\(text.prefix(40))\", wanted an instant such as 2027-01-01T00:00:00Z")
            return nil
        }
        return instant
    }
}
