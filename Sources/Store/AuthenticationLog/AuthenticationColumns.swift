internal import Postgres
internal import Territory

/// Events as array parameters, one a column, for `unnest`.
struct AuthenticationColumns {
    private var at: ArrayParameter
    private var organisation: ArrayParameter
    private var site: ArrayParameter
    private var nas: ArrayParameter
    private var subject: ArrayParameter
    private var latency: ArrayParameter
    private var repeats: ArrayParameter
    private var survived: ArrayParameter
    private var result: ArrayParameter
    private var method: ArrayParameter
    private var reason: ArrayParameter
    private var subjectKind: ArrayParameter
    private var userName: ArrayParameter
    private var station: ArrayParameter
    private var lastAt: ArrayParameter
    private var node: ArrayParameter

    init(_ events: [AuthenticationEvent], node name: String) {
        let count = events.count
        (at, organisation, site, nas) = (.timestamptz(count), .int8(count), .int8(count), .int8(count))
        (subject, latency, repeats, survived) = (.int8(count), .int4(count), .int4(count), .bool(count))
        (result, method, reason, subjectKind) = (.text(count), .text(count), .text(count), .text(count))
        (userName, station, lastAt, node) = (.text(count), .text(count), .timestamptz(count), .text(1))
        for event in events { append(event) }
        node.append(name)
    }

    private mutating func append(_ event: AuthenticationEvent) {
        at.append(event.at)
        organisation.append(event.organisation.rawValue)
        site.append(event.site.rawValue)
        nas.append(event.nas.rawValue)
        subject.append(event.subject?.id)
        latency.append(event.latencyMicroseconds)
        repeats.append(event.repeats)
        survived.append(event.survived)
        result.append(event.result.rawValue)
        method.append(event.method)
        reason.append(event.reason)
        subjectKind.append(event.subject?.kind.rawValue)
        userName.append(event.userName)
        station.append(event.callingStation)
        lastAt.append(event.lastAt)
    }

    var parameters: [ArrayParameter] {
        [
            node, at, organisation, site, nas, subject, latency, repeats, survived, result, method, reason, subjectKind,
            userName, station, lastAt,
        ]
    }

    /// The statement, put together once.
    static let insertion: SQL = {
        let columns = AuthenticationColumns([], node: "")
        let all = columns.parameters
        return """
            INSERT INTO access.auth_event (node, at, organisation_id, site_id, nas_id, subject_id, latency_us, repeats,
                survived, result, method, reason, subject_kind, user_name, calling_station, last_at)
            SELECT (\(columns.node))[1], event.* FROM unnest(\(SQL.list(Array(all.dropFirst())))) AS event
            """
    }()
}
