/// What proves that a request comes from a holder of the secret.
public enum RequestProof: Hashable, Sendable {
    /// A valid Message-Authenticator, which covers the whole packet.
    case messageAuthenticator
    /// The TLS connection it came over: RADIUS/1.1 packets carry no proof of their own (RFC 9765 §4).
    case connection
    /// A valid Request Authenticator alone: accounting, CoA and disconnect requests.
    case requestAuthenticator
    /// Nothing: an Access-Request without Message-Authenticator. Whether to serve it is the NAS's policy (BlastRADIUS,
    /// CVE-2024-3596).
    case none
}

extension SharedSecret {
    /// Checks that a request was made with this secret.
    ///
    /// Access-Request: a Message-Authenticator must verify, and must be there if there is an EAP-Message (RFC 3579 §3.2).
    /// Status-Server: it must be there (RFC 5997 §3). Accounting, CoA and disconnect requests: the Request Authenticator
    /// must verify (RFC 2866 §3, RFC 5176 §2.3), and a Message-Authenticator if there is one. In RADIUS/1.1 only the code
    /// is checked. Throws the reason to discard it silently.
    @discardableResult
    public func verify(request: PacketView) throws(RADIUSError) -> RequestProof {
        if request.version == .radius11 {
            guard request.code.isRequest else { throw RADIUSError(.unexpectedCode, at: 0) }
            return .connection
        }
        switch request.code {
        case .accessRequest:
            if request.has(.eapMessage), !request.has(.messageAuthenticator) {
                throw RADIUSError(.messageAuthenticatorMissing)
            }
            return try verifyMessageAuthenticator(request, over: request.authenticator)
                ? .messageAuthenticator : .none
        case .statusServer:
            guard try verifyMessageAuthenticator(request, over: request.authenticator) else {
                throw RADIUSError(.messageAuthenticatorMissing)
            }
            return .messageAuthenticator
        case .accountingRequest, .coaRequest, .disconnectRequest:
            let expected = try authenticator(of: request.bytes, over: .zero)
            guard request.authenticator.withUnsafeBytes({ expected.matches($0) }) else {
                throw RADIUSError(.requestAuthenticatorInvalid, at: 4)
            }
            return try verifyMessageAuthenticator(request, over: .zero) ? .messageAuthenticator : .requestAuthenticator
        default:
            throw RADIUSError(.unexpectedCode, at: 0)
        }
    }

    /// Checks that a packet we received answers the request we sent.
    ///
    /// Throws `.identifierMismatch`, `.unexpectedCode`, `.responseAuthenticatorInvalid` or `.messageAuthenticatorInvalid`;
    /// and `.messageAuthenticatorMissing` if one is required and missing. In RADIUS/1.1 token and code are all there is.
    public func verify(
        reply: PacketView, to request: SentRequest, requireMessageAuthenticator: Bool
    ) throws(RADIUSError) {
        if reply.version == .radius11 {
            guard reply.token == request.authenticator.token else { throw RADIUSError(.identifierMismatch, at: 4) }
            guard reply.code.answers(request.code) else { throw RADIUSError(.unexpectedCode, at: 0) }
            return
        }
        guard reply.identifier == request.identifier else { throw RADIUSError(.identifierMismatch, at: 1) }
        guard reply.code.answers(request.code) else { throw RADIUSError(.unexpectedCode, at: 0) }
        let expected = try authenticator(of: reply.bytes, over: request.authenticator)
        guard reply.authenticator.withUnsafeBytes({ expected.matches($0) }) else {
            throw RADIUSError(.responseAuthenticatorInvalid, at: 4)
        }
        let present = try verifyMessageAuthenticator(reply, over: request.authenticator)
        if requireMessageAuthenticator, !present { throw RADIUSError(.messageAuthenticatorMissing) }
    }

    /// False when there is none; throws when there is one that does not verify.
    private func verifyMessageAuthenticator(
        _ packet: PacketView, over authenticator: Authenticator
    ) throws(RADIUSError) -> Bool {
        guard let offset = packet.offset(of: .messageAuthenticator) else { return false }
        let expected = try messageAuthenticator(of: packet.bytes, at: offset, over: authenticator)
        guard expected.matches(UnsafeRawBufferPointer(rebasing: packet.bytes[offset + 2..<offset + 18])) else {
            throw RADIUSError(.messageAuthenticatorInvalid, at: offset)
        }
        return true
    }
}
