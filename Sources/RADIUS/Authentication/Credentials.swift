/// How the sender of an Access-Request wants to be recognised.
public enum Credentials: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// PAP: the password, revealed.
    case password([UInt8])
    /// CHAP: a response to a challenge.
    case chap(CHAPResponse)
    /// MS-CHAP: a response to a challenge.
    case msCHAP(MSCHAPResponse)
    /// EAP, whose conversation is elsewhere.
    case eap
    /// None of them: a NAS that asks about a station (Service-Type Call-Check).
    case none

    /// The kind, never what it holds.
    public var description: String {
        switch self {
        case .password: "PAP"
        case .chap: "CHAP"
        case .msCHAP: "MS-CHAP"
        case .eap: "EAP"
        case .none: "none"
        }
    }

    /// Never what it holds.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SharedSecret {
    /// The credentials in an Access-Request.
    ///
    /// Throws `.credentialsConflict` when there is more than one kind (RFC 2865 §4.1, RFC 3579 §3.1), and the length
    /// faults of User-Password, CHAP-Password, CHAP-Challenge and Microsoft's attributes (RFC 2548 §2).
    public func credentials(of request: PacketView) throws(RADIUSError) -> Credentials {
        let kinds: [AttributeType] = [.userPassword, .chapPassword, .eapMessage]
        let microsoft = try MSCHAPResponse(request)
        guard kinds.count(where: request.has) + (microsoft == nil ? 0 : 1) <= 1 else {
            throw RADIUSError(.credentialsConflict)
        }
        if let microsoft { return .msCHAP(microsoft) }
        if let hidden = request.first(.userPassword) {
            if request.version == .radius11 { return .password(hidden.octets) }
            var password = [UInt8](repeating: 0, count: PacketLimits.maximumPasswordLength)
            let length = try reveal(hidden.value, authenticator: request.authenticator, into: &password)
            password.removeLast(password.count - length)
            return .password(password)
        }
        if let response = try CHAPResponse(request) { return .chap(response) }
        return request.has(.eapMessage) ? .eap : .none
    }

    private func reveal(
        _ hidden: UnsafeRawBufferPointer, authenticator: Authenticator, into output: inout [UInt8]
    ) throws(RADIUSError) -> Int {
        try output.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
            try reveal(hidden, authenticator: authenticator, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
