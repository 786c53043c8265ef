/// One thing `doctor` found: what is wrong and how to mend it.
struct Finding: Encodable, Equatable {
    enum Severity: String, Encodable, CaseIterable {
        /// Something does not work, or will not survive.
        case fault
        /// It works; somebody should look.
        case warning
        /// It was looked at and is right.
        case fine
    }

    let severity: Severity
    /// What it is about: a key of the configuration, a gateway, a file.
    let subject: String
    let what: String
    /// Empty when nothing is to be done.
    let mend: String

    static func fault(_ subject: String, _ what: String, mend: String) -> Finding {
        Finding(severity: .fault, subject: subject, what: what, mend: mend)
    }

    static func warning(_ subject: String, _ what: String, mend: String) -> Finding {
        Finding(severity: .warning, subject: subject, what: what, mend: mend)
    }

    static func fine(_ subject: String, _ what: String) -> Finding {
        Finding(severity: .fine, subject: subject, what: what, mend: "")
    }

    /// A failure of a check, as a finding.
    static func failure(_ subject: String, _ error: any Error) -> Finding {
        let failure = (error as? Failure) ?? Failure(describing: error)
        return .fault(subject, failure?.what ?? "\(error)", mend: failure?.mend ?? "")
    }

    var lines: String {
        let first = "\(severity.rawValue.padded(to: 8)) \(subject): \(what)"
        return mend.isEmpty ? first : "\(first)\n         → \(mend)"
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
