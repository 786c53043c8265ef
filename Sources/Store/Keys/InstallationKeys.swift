/// The keys derived from an ``InstallationKey``, one for each purpose, so that what one of them leaks endangers no other.
public struct InstallationKeys: Sendable, CustomStringConvertible, CustomReflectable {
    /// Seals what must be read again: RADIUS secrets, gateway keys.
    public let secrets: SecretBox
    /// Digests voucher codes.
    public let vouchers: VoucherDigest
    /// Makes and derives the one-time credentials of grants.
    public let grants: GrantCredential
    /// Makes and verifies the `Class` that names a subject in accounting.
    public let classes: SubjectClass
    private let installation: InstallationKey

    /// Derives all keys.
    public init(_ key: InstallationKey) {
        installation = key
        secrets = SecretBox(key: key.subkey("secrets"))
        vouchers = VoucherDigest(key: key.subkey("voucher"))
        grants = GrantCredential(key: key.subkey("grant-password"))
        classes = SubjectClass(key: key.subkey("class"))
    }

    /// A key for a purpose of the caller's own (cookies, form tokens): 32 octets. The label must be none of ours.
    public func subkey(_ label: String) -> [UInt8] { installation.subkey(label) }

    /// Says nothing about the keys.
    public var description: String { "InstallationKeys(redacted)" }
    /// Says nothing about the keys.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
