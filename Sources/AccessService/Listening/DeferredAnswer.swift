internal import RADIUS

/// The answer to a deferred request, made off the packet threads: what they still have to sign and send.
struct DeferredAnswer: Sendable {
    /// Of the reply.
    var code: PacketCode
    /// The attributes encoded, without Message-Authenticator and Proxy-State: the reply adds both.
    var attributes: [UInt8]
    /// What the reply, or its absence, is counted as.
    var kind: TallyKind
    /// Why it is a reject, by the name that rejects are counted under; nil for anything else.
    var rejectReason: String?
    /// Whether the decision has been noted where it was made.
    var isNoted = false
    /// No reply: the NAS sends again, and is then processed anew.
    var isSilent = false

    /// No reply, counted as `kind`.
    static func silence(_ kind: TallyKind) -> DeferredAnswer {
        DeferredAnswer(code: .accessReject, attributes: [], kind: kind, isSilent: true)
    }
}

extension PacketThread {
    /// Sends an answer that was made elsewhere.
    func answer(_ request: Request, _ answer: DeferredAnswer) {
        noteFromHome(answer.kind, request)
        if answer.isSilent { return drop(request, answer.kind) }
        if answer.kind == .reject {
            let reason = answer.rejectReason ?? "unspecified"
            request.gateway.tally.countReject(reason)
            if !answer.isNoted { note(AccessDecision(.rejectNamed(reason), .eap), request) }
        }
        reply(to: request, answer.code, counting: answer.kind) { $0.append(encoded: answer.attributes) }
    }
}
