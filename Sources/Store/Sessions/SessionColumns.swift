internal import Foundation
internal import Postgres
internal import Territory

/// Whole session rows as arrays, one a column, for `unnest`.
struct SessionColumns {
    private(set) var sessionID: [UUID] = []
    private(set) var nasID: [Int64] = []
    private(set) var sessionKey: [[UInt8]] = []
    private(set) var version: [Int32] = []
    private(set) var organisationID: [Int64] = []
    private(set) var siteID: [Int64] = []
    private(set) var subjectKind: [String?] = []
    private(set) var subjectID: [Int64?] = []
    private(set) var userName: [String?] = []
    private(set) var acctSessionID: [String] = []
    private(set) var callingStation: [String?] = []
    private(set) var calledStation: [String?] = []
    private(set) var framedAddress: [String?] = []
    private(set) var framedIPv6Prefix: [String?] = []
    private(set) var delegatedIPv6Prefix: [String?] = []
    private(set) var nasPort: [Int64?] = []
    private(set) var startedAt: [Date] = []
    private(set) var lastEventAt: [Date] = []
    private(set) var receivedAt: [Date] = []
    private(set) var stoppedAt: [Date?] = []
    private(set) var inferredStop: [Bool] = []
    private(set) var terminateCause: [String?] = []
    private(set) var counters: [SessionCounters] = []

    var isEmpty: Bool { sessionID.isEmpty }

    mutating func append(_ row: SessionRow) {
        sessionID.append(row.sessionID)
        nasID.append(row.nasID.rawValue)
        sessionKey.append(row.sessionKey.bytes)
        version.append(row.version)
        organisationID.append(row.organisationID.rawValue)
        siteID.append(row.siteID.rawValue)
        subjectKind.append(row.subject?.kind.rawValue)
        subjectID.append(row.subject?.id)
        userName.append(row.userName)
        acctSessionID.append(row.acctSessionID)
        callingStation.append(row.callingStation)
        calledStation.append(row.calledStation)
        framedAddress.append(row.framedAddress?.description)
        framedIPv6Prefix.append(row.framedIPv6Prefix?.description)
        delegatedIPv6Prefix.append(row.delegatedIPv6Prefix?.description)
        nasPort.append(row.nasPort)
        startedAt.append(row.startedAt)
        lastEventAt.append(row.lastEventAt)
        receivedAt.append(row.receivedAt)
        stoppedAt.append(row.stoppedAt)
        inferredStop.append(row.inferredStop)
        terminateCause.append(row.terminateCause)
        counters.append(row.counters)
    }

    /// The columns in the order of the tables, named.
    static let names: SQL = """
        session_id, nas_id, session_key, version, organisation_id, site_id, subject_kind, subject_id, user_name,
        acct_session_id, calling_station, called_station, framed_address, framed_ipv6_prefix, delegated_ipv6_prefix,
        nas_port, started_at, last_event_at, received_at, stopped_at, inferred_stop, terminate_cause, session_seconds,
        input_octets, output_octets, input_packets, output_packets
        """

    /// The same, of what ``unnested(as:)`` yields, with the casts that a table wants.
    static let values = values(of: nil)

    /// The same, of the table of this name.
    static func values(of table: String?) -> SQL {
        let prefix = SQL(unescaped: table.map { "\($0)." } ?? "")
        return """
            \(prefix)session_id, \(prefix)nas_id, \(prefix)session_key, \(prefix)version, \(prefix)organisation_id,
            \(prefix)site_id, \(prefix)subject_kind, \(prefix)subject_id, \(prefix)user_name, \(prefix)acct_session_id,
            \(prefix)calling_station, \(prefix)called_station, \(prefix)framed_address::inet,
            \(prefix)framed_ipv6_prefix::cidr, \(prefix)delegated_ipv6_prefix::cidr, \(prefix)nas_port,
            \(prefix)started_at, \(prefix)last_event_at, \(prefix)received_at, \(prefix)stopped_at,
            \(prefix)inferred_stop, \(prefix)terminate_cause, \(prefix)session_seconds, \(prefix)input_octets,
            \(prefix)output_octets, \(prefix)input_packets, \(prefix)output_packets
            """
    }

    /// `unnest(…) AS name(…)`; an address and a prefix are text in it.
    func unnested(as name: String) -> SQL {
        "unnest(\(arrays)) AS \(unescaped: name)(\(Self.names))"
    }

    /// The same with one more column, `successor`.
    func unnested(as name: String, followedBy successors: [UUID]) -> SQL {
        "unnest(\(arrays), \(successors)) AS \(unescaped: name)(\(Self.names), successor)"
    }

    private var arrays: SQL {
        """
        \(sessionID), \(nasID), \(sessionKey), \(version), \(organisationID), \(siteID), \(subjectKind), \(subjectID),
        \(userName), \(acctSessionID), \(callingStation), \(calledStation), \(framedAddress), \(framedIPv6Prefix),
        \(delegatedIPv6Prefix), \(nasPort), \(startedAt), \(lastEventAt), \(receivedAt), \(stoppedAt), \(inferredStop),
        \(terminateCause), \(counters.map(\.seconds)), \(counters.map(\.inputOctets)), \(counters.map(\.outputOctets)),
        \(counters.map(\.inputPackets)), \(counters.map(\.outputPackets))
        """
    }
}
