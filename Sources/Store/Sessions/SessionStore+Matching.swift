internal import Postgres
public import Territory

/// What a session is looked for by; all that is there must fit.
public struct SessionCriteria: Sendable, Hashable {
    /// User-Name as the NAS reports it.
    public var userName: String?
    /// Acct-Session-Id.
    public var acctSessionID: String?
    /// The device, as a canonical MAC address where it is one.
    public var callingStation: String?
    /// Framed-IP-Address.
    public var framedAddress: IPAddress?
    /// The NAS that it may be at; nil: any.
    public var nas: [NASID]?

    /// Nothing: fits any session.
    public init() {}
}

extension SessionStore {
    /// The sessions that go on and fit, the earliest first, at most `limit`. Reads the whole live table.
    public func open(matching criteria: SessionCriteria, limit: Int) async throws -> [SessionRow] {
        try await client.query(
            """
            SELECT \(SQL.sessionColumns) FROM access.live_session AS s
            WHERE s.stopped_at IS NULL
                AND (\(criteria.userName) IS NULL OR s.user_name = \(criteria.userName))
                AND (\(criteria.acctSessionID) IS NULL OR s.acct_session_id = \(criteria.acctSessionID))
                AND (\(criteria.callingStation) IS NULL OR s.calling_station = \(criteria.callingStation))
                AND (\(criteria.framedAddress?.description) IS NULL
                    OR s.framed_address = \(criteria.framedAddress?.description)::text::inet)
                AND (\(criteria.nas) IS NULL OR s.nas_id = ANY(\(criteria.nas ?? [])))
            ORDER BY s.started_at LIMIT \(Int64(limit))
            """, settings: settings
        ).map(Self.session)
    }
}
