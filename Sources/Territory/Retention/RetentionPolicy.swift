public import Foundation

/// What is kept, on which legal basis, from when and for how long: data, versioned, never constants in code.
public struct RetentionPolicy: Sendable, Equatable {
    /// The rule of one class.
    public struct Rule: Sendable, Equatable {
        /// Which class.
        public let retentionClass: RetentionClass
        /// What it holds, for people.
        public let title: LocalizedText
        /// Articles that ask for it or allow it.
        public let basis: String
        /// What starts the clock.
        public let clock: RetentionClass.Clock
        /// How long from then.
        public let period: RetentionPeriod
        /// The schedule of the public archives that provides for its elimination (Code du patrimoine L.212-2); nil: none yet.
        public let disposalSchedule: String?
        /// The visa of the Archives départementales; nil: none yet.
        public let visa: String?
        /// Who agreed to it, where a class needs it (C5x): a reference of the data-protection officer.
        public let approval: String?
        /// The day from which it is collected no longer, where it was allowed for a time (C5x).
        public let collectedUntil: Date?

        /// The first instant at which a record may no longer be kept.
        ///
        /// - Parameter start: what the class's clock says: the end of the session, lease or binding, the event, the closing
        ///   of the account or request. Nil for what has not ended: nothing expires before its clock has started.
        public func expiry(of start: Date?) -> Date? { start.map(period.end) }
    }

    /// As the file's: `france-2026`.
    public let name: String
    /// Counted up by whoever changes it.
    public let version: Int
    /// By class; a class that is absent is not collected.
    public let rules: [RetentionClass: Rule]

    /// The rule of a class; nil: it is not collected.
    public subscript(_ retentionClass: RetentionClass) -> Rule? { rules[retentionClass] }

    /// What sealed data says of the policy it was written under: `france-2026/3`.
    public var reference: String { "\(name)/\(version)" }

    /// On which basis a class is collected at an instant; nil: it must not be. The basis is bound when a record is
    /// written: what was written under an injunction keeps its full year although the injunction lapses.
    public func basis(of retentionClass: RetentionClass, at instant: Date, injunctions: InjunctionRegister) -> String? {
        guard let rule = rules[retentionClass] else { return nil }
        if let until = rule.collectedUntil, instant >= until { return nil }
        guard retentionClass.needsInjunction else { return rule.basis }
        return injunctions.inForce(at: instant).map { "\(rule.basis); \($0.reference)" }
    }
}
