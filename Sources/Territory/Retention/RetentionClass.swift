/// What is kept of a visit, by legal nature. The letters are those of the retention policy.
public enum RetentionClass: String, Sendable, Hashable, Codable, CaseIterable {
    /// Declared identity: name, e-mail address, telephone.
    case identity = "C1"
    /// Account and terms accepted.
    case account = "C2"
    /// Payment, where a service is paid for.
    case payment = "C3"
    /// Source of the connection: addresses, device, beginning and end.
    case connection = "C4"
    /// Traffic: volumes and duration, while an injunction is in force.
    case traffic = "C5"
    /// Where connections went: off unless the data-protection officer's reference says otherwise, until a date.
    case destination = "C5x"
    /// Network security: failed authentications.
    case security = "C7"
    /// Our own audit log.
    case audit = "C8"
    /// That a requisition was answered; never what was answered.
    case requisition = "C9"
    /// Supervision without any user.
    case supervision = "S"
    /// Checkpoints, timestamps, certificates of destruction: what proves, without personal data.
    case evidence = "E"

    /// What starts the clock.
    public enum Clock: String, Sendable, Hashable, Codable, CaseIterable {
        /// The account is closed.
        case accountClosed = "account-closed"
        /// The session, lease or binding ends.
        case sessionEnd = "session-end"
        /// The request is closed.
        case requestClosed = "request-closed"
        /// The event itself.
        case event
    }

    /// Longest that may be asked for, in days: keeping too long is an offence as keeping too little is (CPCE L.39-3).
    public var longestDays: Int64 {
        switch self {
        case .identity: 5 * 366
        case .account, .payment, .connection, .traffic, .destination: 366
        case .security: 92
        case .audit: 3 * 366
        case .requisition: 10 * 366
        case .supervision: 400
        case .evidence: 100 * 366
        }
    }

    /// Whether it is collected only while an injunction is in force (CPCE L.34-1 III, R.10-13 V).
    public var needsInjunction: Bool { self == .traffic }
}

extension SitePackage {
    /// How many days a site keeps what belongs to a class; nil where the package says nothing of it.
    public func keptDays(_ retentionClass: RetentionClass) -> Int? {
        retention.first { $0.retentionClass == retentionClass }?.keepDays
    }
}
