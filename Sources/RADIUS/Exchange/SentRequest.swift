/// What must be remembered of a request to recognise its reply.
public struct SentRequest: Hashable, Sendable {
    /// What was sent.
    public let code: PacketCode
    /// Its identifier.
    public let identifier: UInt8
    /// Its authenticator, which the reply is signed over.
    public let authenticator: Authenticator

    /// The header of a request, however it was sent.
    public init(code: PacketCode, identifier: UInt8, authenticator: Authenticator) {
        (self.code, self.identifier, self.authenticator) = (code, identifier, authenticator)
    }
}
