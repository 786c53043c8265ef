/// What the password pool found, on its way back to the packet thread.
struct Verification: Sendable {
    var outcome: PasswordOutcome
    /// The password under the account's hash.
    var digest: KeyedDigest
    /// The account and the device, remembered as suspects if the password was wrong.
    var suspects: [KeyedDigest]
    var entry: LoginEntry
}
