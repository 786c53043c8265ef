internal import Foundation
internal import Postgres
internal import Territory

/// What an interim or a stop changes of sessions that are there already, as arrays for `unnest`.
struct ProgressColumns {
    private var sessionID: [UUID] = []
    private var nasID: [Int64] = []
    private var sessionKey: [[UInt8]] = []
    private var version: [Int32] = []
    private var lastEventAt: [Date] = []
    private var receivedAt: [Date] = []
    private var stoppedAt: [Date?] = []
    private var inferredStop: [Bool] = []
    private var terminateCause: [String?] = []
    private var framedAddress: [String?] = []
    private var counters: [SessionCounters] = []
    private var day: [String?] = []
    private var used: [Usage] = []

    mutating func append(_ write: SessionWrite) {
        let row = write.row
        sessionID.append(row.sessionID)
        nasID.append(row.nasID.rawValue)
        sessionKey.append(row.sessionKey.bytes)
        version.append(row.version)
        lastEventAt.append(row.lastEventAt)
        receivedAt.append(row.receivedAt)
        stoppedAt.append(row.stoppedAt)
        inferredStop.append(row.inferredStop)
        terminateCause.append(row.terminateCause)
        framedAddress.append(row.framedAddress?.description)
        counters.append(row.counters)
        day.append(write.usage.first?.day.description)
        used.append(write.usage.first?.usage ?? .zero)
    }

    /// `unnest(…) AS progress(…)`; an address and a day are text in it.
    var unnested: SQL {
        """
        unnest(\(sessionID), \(nasID), \(sessionKey), \(version), \(lastEventAt), \(receivedAt), \(stoppedAt),
            \(inferredStop), \(terminateCause), \(framedAddress), \(counters.map(\.seconds)),
            \(counters.map(\.inputOctets)), \(counters.map(\.outputOctets)), \(counters.map(\.inputPackets)),
            \(counters.map(\.outputPackets)), \(day), \(used.map(\.seconds)), \(used.map(\.inputOctets)),
            \(used.map(\.outputOctets))
        ) AS progress(session_id, nas_id, session_key, version, last_event_at, received_at, stopped_at, inferred_stop,
            terminate_cause, framed_address, session_seconds, input_octets, output_octets, input_packets, output_packets,
            day, used_seconds, used_input, used_output)
        """
    }
}

/// The usage that new, replaced and restored sessions bring, as arrays for `unnest`.
struct UsageColumns {
    private var sessionID: [UUID] = []
    private var organisationID: [Int64] = []
    private var subjectKind: [String] = []
    private var subjectID: [Int64] = []
    private var day: [String] = []
    private var used: [Usage] = []

    mutating func append(_ write: SessionWrite) {
        for part in write.usage {
            sessionID.append(write.row.sessionID)
            organisationID.append(part.organisationID.rawValue)
            subjectKind.append(part.subject.kind.rawValue)
            subjectID.append(part.subject.id)
            day.append(part.day.description)
            used.append(part.usage)
        }
    }

    /// `unnest(…) AS brought(…)`; a day is text in it.
    var unnested: SQL {
        """
        unnest(\(sessionID), \(organisationID), \(subjectKind), \(subjectID), \(day), \(used.map(\.seconds)),
            \(used.map(\.inputOctets)), \(used.map(\.outputOctets))
        ) AS brought(session_id, organisation_id, subject_kind, subject_id, day, used_seconds, used_input, used_output)
        """
    }
}
