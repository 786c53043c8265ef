import Metrics

/// What the portal counts. No label names a person, a device or a code.
enum PortalMetrics {
    private static let pages = Counter(label: "socle_portal_first_pages_total")
    private static let sessionsOpened = Counter(label: "socle_portal_gateway_sessions_opened_total")
    private static let sessionsClosed = Counter(label: "socle_portal_gateway_sessions_closed_total")

    /// A first page served.
    static func page() { pages.increment() }

    /// Sessions of openNDS gateways that began.
    static func opened(_ count: Int) { sessionsOpened.increment(by: count) }

    /// Sessions of openNDS gateways that ended.
    static func closed(_ count: Int) { sessionsClosed.increment(by: count) }

    /// A login attempt, by outcome: `granted`, or a closed list of reasons.
    static func login(_ outcome: String) {
        Counter(label: "socle_portal_logins_total", dimensions: [("outcome", outcome)]).increment()
    }

    /// A request refused, by code.
    static func refused(_ code: PortalError.Code) {
        Counter(label: "socle_portal_refused_total", dimensions: [("reason", code.rawValue)]).increment()
    }

    /// A request of an authmon, by action.
    static func gateway(_ action: String) {
        Counter(label: "socle_portal_gateway_requests_total", dimensions: [("action", action)]).increment()
    }
}
