public import Territory

/// A grant and the password that goes with its login, for the way back to the gateway. The password is stored nowhere.
public struct IssuedGrant: Sendable, Hashable {
    /// The grant.
    public let grant: LoginGrant
    /// What the gateway is to send as password, or to answer its challenge with.
    public let password: Secret

    init(_ grant: LoginGrant, credential: GrantCredential) {
        self.grant = grant
        password = Secret(text: credential.password(for: grant.login))
    }
}
