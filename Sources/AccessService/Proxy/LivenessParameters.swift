/// When a home server counts as dead, and as alive again.
public struct LivenessParameters: Hashable, Sendable {
    /// A request unanswered for this long, and nothing else answered since it was sent, makes its server a suspect.
    public var responseWindow: Duration = .seconds(6)
    /// A suspect that answers nothing for this long is dead.
    public var zombiePeriod: Duration = .seconds(20)
    /// Between two Status-Servers to a suspect or dead server; also how long one is waited for.
    public var probeInterval: Duration = .seconds(5)
    /// Status-Servers answered in a row that make a dead server alive (RFC 3539 §3.4.1: three).
    public var answersToRevive = 3
    /// A dead server that does not answer Status-Server is given logins again after this.
    public var reviveAfter: Duration = .seconds(120)
    /// A connection over which nothing has come for this long is asked whether its server is there (RFC 3539 §3.4.1); sooner
    /// than the half minute after which servers close one without traffic.
    public var watchdogInterval: Duration = .seconds(20)

    /// The defaults.
    public init() {}
}
