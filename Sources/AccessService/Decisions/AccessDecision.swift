internal import Territory

/// What became of an Access-Request: what the log keeps and `socle radius watch` shows.
struct AccessDecision: Sendable {
    /// How the user proved who they are.
    enum Method: String, Sendable {
        case pap, chap, mac
        /// Neither password nor challenge, or not read so far.
        case none
        /// EAP that ended before a method was agreed.
        case eap
        case eapTLS = "eap-tls"
        case ttls, peap
        case ttlsPAP = "ttls-pap"
        case ttlsCHAP = "ttls-chap"
        case ttlsMSCHAP = "ttls-mschap"
        case ttlsMSCHAPv2 = "ttls-mschapv2"
        case ttlsEAPMSCHAPv2 = "ttls-eap-mschapv2"
        case ttlsGTC = "ttls-gtc"
        case peapMSCHAPv2 = "peap-mschapv2"
        case peapGTC = "peap-gtc"
        case proxied
    }

    /// What was decided.
    enum Outcome: Sendable {
        case accept
        /// From memory, while the store was away.
        case acceptFromSurvival
        case reject(RefusalReason)
        /// Rejected for a reason that no visitor is told: a certificate, another server's answer.
        case rejectNamed(String)
        /// No answer: the NAS sends again.
        case drop(TallyKind)
    }

    var outcome: Outcome
    var method: Method
    /// Whose login it is, where somebody was found.
    var subject: SubjectReference?

    init(_ outcome: Outcome, _ method: Method, _ subject: SubjectReference? = nil) {
        (self.outcome, self.method, self.subject) = (outcome, method, subject)
    }
}

extension AccessDecision.Outcome {
    /// The reason's name; nil for an accept.
    var reason: String? {
        switch self {
        case .accept, .acceptFromSurvival: nil
        case .reject(let reason): reason.rawValue
        case .rejectNamed(let name): name
        case .drop(let kind): kind.label
        }
    }
}
