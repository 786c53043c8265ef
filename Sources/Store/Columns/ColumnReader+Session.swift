internal import Foundation
internal import Postgres
internal import Territory

extension SQL {
    /// The columns that ``ColumnReader/nextSession()`` reads, of a session table `AS s`.
    static let sessionColumns: SQL = """
        s.session_id, s.nas_id, s.session_key, s.version, s.organisation_id, s.site_id, s.subject_kind, s.subject_id,
        s.user_name, s.acct_session_id, s.calling_station, s.called_station, inet_send(s.framed_address),
        cidr_send(s.framed_ipv6_prefix), cidr_send(s.delegated_ipv6_prefix), s.nas_port, s.started_at, s.last_event_at,
        s.received_at, s.stopped_at, s.inferred_stop, s.terminate_cause, s.session_seconds, s.input_octets,
        s.output_octets, s.input_packets, s.output_packets
        """
}

extension ColumnReader {
    /// Reads ``Postgres/SQL/sessionColumns``.
    mutating func nextSession() throws -> SessionRow {
        SessionRow(
            sessionID: try next(), nasID: try next(), sessionKey: try nextSessionKey(), version: try next(),
            organisationID: try next(), siteID: try next(), subject: try nextSubject(), userName: try next(),
            acctSessionID: try next(), callingStation: try next(), calledStation: try next(),
            framedAddress: try nextSentPrefix()?.address, framedIPv6Prefix: try nextSentPrefix(),
            delegatedIPv6Prefix: try nextSentPrefix(), nasPort: try next(), startedAt: try next(),
            lastEventAt: try next(), receivedAt: try next(), stoppedAt: try next(), inferredStop: try next(),
            terminateCause: try next(), counters: try nextCounters())
    }

    /// Reads ``Postgres/SQL/sessionColumns``; nil when an outer join found none.
    mutating func nextSessionIfAny() throws -> SessionRow? {
        guard try peek(UUID?.self) != nil else {
            skip(27)
            return nil
        }
        return try nextSession()
    }

    mutating func nextSessionKey() throws -> SessionKey {
        guard let key = SessionKey(bytes: try next([UInt8].self)) else { throw StoreError(.unreadable, "session_key") }
        return key
    }

    /// The next column, an address or prefix in the server's binary form, which costs a tenth of reading text: family,
    /// length in bits, whether it is `cidr`, count of octets, octets.
    private mutating func nextSentPrefix() throws -> IPPrefix? {
        guard let sent = try next([UInt8]?.self) else { return nil }
        guard sent.count > 4, let address = IPAddress(bytes: Array(sent.dropFirst(4))),
            let prefix = IPPrefix(address, length: Int(sent[1]))
        else { throw StoreError(.unreadable, "an address of a session") }
        return prefix
    }

    private mutating func nextSubject() throws -> SubjectReference? {
        let kind = try nextText { SubjectReference.Kind(rawValue: $0) }
        let id = try next(Int64?.self)
        guard let kind, let id else { return nil }
        return SubjectReference(kind: kind, id: id)
    }

    private mutating func nextCounters() throws -> SessionCounters {
        SessionCounters(
            seconds: try next(), inputOctets: try next(), outputOctets: try next(), inputPackets: try next(),
            outputPackets: try next())
    }
}
