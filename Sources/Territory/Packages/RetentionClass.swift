/// What is kept of a visit, by legal nature. The letters are those of the retention policy.
public enum RetentionClass: String, Sendable, Hashable, Codable, CaseIterable {
    /// Declared identity: name, e-mail address, telephone.
    case identity = "C1"
    /// Account and terms accepted.
    case account = "C2"
    /// Source of the connection: addresses, device, beginning and end.
    case connection = "C4"
    /// Traffic: volumes and duration, while an injunction is in force.
    case traffic = "C5"
    /// Network security: failed authentications.
    case security = "C7"
    /// Our own audit log.
    case audit = "C8"
    /// Supervision without any user.
    case supervision = "S"

    /// What starts the clock.
    public enum Clock: String, Sendable, Hashable, Codable, CaseIterable {
        /// The account is closed.
        case accountClosed = "account-closed"
        /// The session ends.
        case sessionEnd = "session-end"
        /// The event itself.
        case event
    }

    /// Longest a package may ask for, in days: keeping too long is an offence as keeping too little is (CPCE L.39-3).
    public var longestDays: Int64 {
        switch self {
        case .identity: 5 * 366
        case .account, .connection, .traffic: 366
        case .security: 92
        case .audit: 3 * 366
        case .supervision: 400
        }
    }
}

extension SitePackage {
    /// How many days a site keeps what belongs to a class; nil where the package says nothing of it.
    public func keptDays(_ retentionClass: RetentionClass) -> Int? {
        retention.first { $0.retentionClass == retentionClass }?.keepDays
    }
}
