public import Territory

/// What the store knows of a ``LoginKey``: everything `decide` needs of a subject.
public struct KnownLogin: Sendable, Hashable {
    /// How its password is verified.
    public enum Verifier: Sendable, Hashable {
        /// The grant's password is derived from its login (``GrantCredential/password(for:)``).
        case derived(login: String)
        /// The password is the code, which the lookup has verified already.
        case code(VoucherCode)
        /// The account's password hash, in crypt(5) format; the password's NT hash of 16 octets where it is kept.
        case hash(Secret, nt: Secret?)
        /// A device whose MAC address is the whole credential.
        case none
    }

    /// Its bounds and rights; its reference is whose usage it is.
    public let subject: Subject
    /// What `territory.change` names when it changes: the row itself, not whose usage it is.
    public let source: SubjectReference
    /// How its password is verified.
    public let verifier: Verifier
    /// The grant behind a login or a device.
    public let grant: LoginGrant?
    /// The household whose WPA key the device has: a change of its keys is told as its own.
    public let keyAccount: AccountID?
    /// What the subject used up to the day asked about.
    public let usage: PeriodUsage
    /// The subject's stations that are connected, and those that were heard of within ``LoginLookup/recentSeconds``; at
    /// most 1,000.
    public let stations: [HeardStation]

    /// What was found.
    public init(
        subject: Subject, source: SubjectReference, verifier: Verifier, grant: LoginGrant? = nil,
        keyAccount: AccountID? = nil, usage: PeriodUsage = .zero, stations: [HeardStation] = []
    ) {
        (self.subject, self.source, self.verifier) = (subject, source, verifier)
        (self.grant, self.keyAccount, self.usage, self.stations) = (grant, keyAccount, usage, stations)
    }
}
