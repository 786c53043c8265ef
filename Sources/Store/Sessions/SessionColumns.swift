internal import Foundation
internal import Postgres
internal import Territory

/// Whole session rows as array parameters, one a column, for `unnest`.
struct SessionColumns {
    private var sessionID: ArrayParameter
    private var nasID: ArrayParameter
    private var sessionKey: ArrayParameter
    private var version: ArrayParameter
    private var organisationID: ArrayParameter
    private var siteID: ArrayParameter
    private var subjectKind: ArrayParameter
    private var subjectID: ArrayParameter
    private var userName: ArrayParameter
    private var acctSessionID: ArrayParameter
    private var callingStation: ArrayParameter
    private var calledStation: ArrayParameter
    private var framedAddress: ArrayParameter
    private var framedIPv6Prefix: ArrayParameter
    private var delegatedIPv6Prefix: ArrayParameter
    private var nasPort: ArrayParameter
    private var startedAt: ArrayParameter
    private var lastEventAt: ArrayParameter
    private var receivedAt: ArrayParameter
    private var stoppedAt: ArrayParameter
    private var inferredStop: ArrayParameter
    private var terminateCause: ArrayParameter
    private var counters: CounterColumns

    var isEmpty: Bool { sessionID.count == 0 }

    /// With room for so many rows.
    init(_ capacity: Int = 0) {
        (sessionID, nasID, sessionKey) = (.uuid(capacity), .int8(capacity), .bytea(capacity))
        (version, organisationID, siteID) = (.int4(capacity), .int8(capacity), .int8(capacity))
        (subjectKind, subjectID, userName) = (.text(capacity), .int8(capacity), .text(capacity))
        (acctSessionID, callingStation, calledStation) = (.text(capacity), .text(capacity), .text(capacity))
        (framedAddress, framedIPv6Prefix, delegatedIPv6Prefix) = (.inet(capacity), .cidr(capacity), .cidr(capacity))
        (nasPort, startedAt, lastEventAt) = (.int8(capacity), .timestamptz(capacity), .timestamptz(capacity))
        (receivedAt, stoppedAt, inferredStop) = (.timestamptz(capacity), .timestamptz(capacity), .bool(capacity))
        (terminateCause, counters) = (.text(capacity), CounterColumns(capacity))
    }

    mutating func append(_ row: SessionRow) {
        let particulars = row.particulars
        sessionID.append(row.sessionID)
        nasID.append(row.nasID.rawValue)
        sessionKey.append(row.sessionKey)
        version.append(row.version)
        organisationID.append(particulars.organisationID.rawValue)
        siteID.append(particulars.siteID.rawValue)
        subjectKind.append(row.subject?.kind.rawValue)
        subjectID.append(row.subject?.id)
        userName.append(particulars.userName)
        acctSessionID.append(particulars.acctSessionID)
        callingStation.append(particulars.callingStation)
        calledStation.append(particulars.calledStation)
        framedAddress.append(row.framedAddress)
        framedIPv6Prefix.append(particulars.framedIPv6Prefix)
        delegatedIPv6Prefix.append(particulars.delegatedIPv6Prefix)
        nasPort.append(particulars.nasPort)
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

    /// The same, of the table of this name.
    static func names(of table: String) -> SQL {
        SQL(
            unescaped: names.text.split(whereSeparator: { ", \n".contains($0) }).map { "\(table).\($0)" }
                .joined(separator: ", "))
    }

    /// `unnest(…) AS name(…)`.
    func unnested(as name: String) -> SQL {
        "unnest(\(SQL.list(parameters))) AS \(unescaped: name)(\(Self.names))"
    }

    /// The same with one more column, `successor`.
    func unnested(as name: String, followedBy successors: [UUID]) -> SQL {
        "unnest(\(SQL.list(parameters)), \(successors)) AS \(unescaped: name)(\(Self.names), successor)"
    }

    var parameters: [ArrayParameter] {
        [
            sessionID, nasID, sessionKey, version, organisationID, siteID, subjectKind, subjectID, userName,
            acctSessionID, callingStation, calledStation, framedAddress, framedIPv6Prefix, delegatedIPv6Prefix, nasPort,
            startedAt, lastEventAt, receivedAt, stoppedAt, inferredStop, terminateCause,
        ] + counters.parameters
    }
}

/// The five counters of session rows.
struct CounterColumns {
    private var seconds: ArrayParameter
    private var inputOctets: ArrayParameter
    private var outputOctets: ArrayParameter
    private var inputPackets: ArrayParameter
    private var outputPackets: ArrayParameter

    init(_ capacity: Int) {
        (seconds, inputOctets, outputOctets) = (.int8(capacity), .int8(capacity), .int8(capacity))
        (inputPackets, outputPackets) = (.int8(capacity), .int8(capacity))
    }

    mutating func append(_ counters: SessionCounters) {
        seconds.append(counters.seconds)
        inputOctets.append(counters.inputOctets)
        outputOctets.append(counters.outputOctets)
        inputPackets.append(counters.inputPackets)
        outputPackets.append(counters.outputPackets)
    }

    var parameters: [ArrayParameter] { [seconds, inputOctets, outputOctets, inputPackets, outputPackets] }
}

/// What usage grows by: a day, seconds and octets.
struct UsedColumns {
    private var day: ArrayParameter
    private var seconds: ArrayParameter
    private var inputOctets: ArrayParameter
    private var outputOctets: ArrayParameter

    init(_ capacity: Int) {
        (day, seconds) = (.date(capacity), .int8(capacity))
        (inputOctets, outputOctets) = (.int8(capacity), .int8(capacity))
    }

    mutating func append(_ usage: Usage, on day: CivilDay?) {
        self.day.append(daysSince1970: day?.daysSinceEpoch)
        seconds.append(usage.seconds)
        inputOctets.append(usage.inputOctets)
        outputOctets.append(usage.outputOctets)
    }

    var parameters: [ArrayParameter] { [day, seconds, inputOctets, outputOctets] }
}

extension ArrayParameter {
    mutating func append(_ key: SessionKey) { append(words: key.high, key.low) }

    mutating func append(_ address: IPAddress?) {
        guard let address else { return appendNull() }
        append(address, bits: address.family.width)
    }

    mutating func append(_ prefix: IPPrefix?) {
        guard let prefix else { return appendNull() }
        append(prefix.address, bits: prefix.length)
    }

    private mutating func append(_ address: IPAddress, bits: Int) {
        append(address: address.low, high: address.high, isIPv6: address.family == .v6, bits: bits)
    }
}
