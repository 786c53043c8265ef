/// What is counted for each NAS. The order is that of the counters in memory; the names are the metric's labels.
enum TallyKind: Int, CaseIterable, Sendable {
    // Requests, by what they are.
    case accessRequest, accountingRequest, statusServer
    // Replies.
    case accept, acceptFromSurvival, reject, challenge, accountingResponse, statusReply
    // Sent on to a home server, and what came of it; no server of its pool being alive is a reject of ours.
    case forwarded, acceptFromHome, challengeFromHome, rejectFromHome, homeUnavailable
    // RFC 5080.
    case duplicateInProgress, duplicateAnswered
    // Dropped without a reply: not authentic, or not allowed.
    case badMessageAuthenticator, badRequestAuthenticator, missingMessageAuthenticator, proxyStateRefused
    case malformed, unexpectedCode, discardedEAP
    // Dropped so that the NAS sends again: a bound was reached or something is away.
    case overloadedLookup, overloadedPassword, overloadedEAP, overloadedAccounting, databaseAway, unstorable
    case overloadedProxy, homeSilent
    // Refused: it has passed here before.
    case proxyLoop

    /// The value of the `event` label.
    var label: String {
        switch self {
        case .accessRequest: "access_request"
        case .accountingRequest: "accounting_request"
        case .statusServer: "status_server"
        case .accept: "accept"
        case .acceptFromSurvival: "accept_survival"
        case .reject: "reject"
        case .challenge: "challenge"
        case .accountingResponse: "accounting_response"
        case .statusReply: "status_reply"
        case .forwarded: "forwarded"
        case .acceptFromHome: "accept_home"
        case .challengeFromHome: "challenge_home"
        case .rejectFromHome: "reject_home"
        case .homeUnavailable: "home_unavailable"
        case .duplicateInProgress: "duplicate_in_progress"
        case .duplicateAnswered: "duplicate_answered"
        case .badMessageAuthenticator: "bad_message_authenticator"
        case .badRequestAuthenticator: "bad_request_authenticator"
        case .missingMessageAuthenticator: "missing_message_authenticator"
        case .proxyStateRefused: "proxy_state_refused"
        case .malformed: "malformed"
        case .unexpectedCode: "unexpected_code"
        case .discardedEAP: "discarded_eap"
        case .overloadedLookup: "overloaded_lookup"
        case .overloadedPassword: "overloaded_password"
        case .overloadedEAP: "overloaded_eap"
        case .overloadedAccounting: "overloaded_accounting"
        case .databaseAway: "database_away"
        case .unstorable: "unstorable"
        case .overloadedProxy: "overloaded_proxy"
        case .homeSilent: "home_silent"
        case .proxyLoop: "proxy_loop"
        }
    }
}
