internal import Foundation
internal import Postgres
internal import Territory

/// What an interim or a stop changes of sessions that are there already, as array parameters for `unnest`.
struct ProgressColumns {
    private var nasID: ArrayParameter
    private var sessionKey: ArrayParameter
    private var version: ArrayParameter
    private var lastEventAt: ArrayParameter
    private var receivedAt: ArrayParameter
    private var stoppedAt: ArrayParameter
    private var inferredStop: ArrayParameter
    private var terminateCause: ArrayParameter
    private var framedAddress: ArrayParameter
    private var counters: CounterColumns
    private var used: UsedColumns

    /// With room for so many rows.
    init(_ capacity: Int = 0) {
        (nasID, sessionKey, version) = (.int8(capacity), .bytea(capacity), .int4(capacity))
        (lastEventAt, receivedAt) = (.timestamptz(capacity), .timestamptz(capacity))
        (stoppedAt, inferredStop) = (.timestamptz(capacity), .bool(capacity))
        (terminateCause, framedAddress) = (.text(capacity), .inet(capacity))
        (counters, used) = (CounterColumns(capacity), UsedColumns(capacity))
    }

    mutating func append(_ write: SessionWrite) {
        let row = write.row
        nasID.append(row.nasID.rawValue)
        sessionKey.append(row.sessionKey)
        version.append(row.version)
        lastEventAt.append(row.lastEventAt)
        receivedAt.append(row.receivedAt)
        stoppedAt.append(row.stoppedAt)
        inferredStop.append(row.inferredStop)
        terminateCause.append(row.terminateCause)
        framedAddress.append(row.framedAddress)
        counters.append(row.counters)
        used.append(write.usage.first?.usage ?? .zero, on: write.usage.first?.day)
    }

    var parameters: [ArrayParameter] {
        [
            nasID, sessionKey, version, lastEventAt, receivedAt, stoppedAt, inferredStop, terminateCause, framedAddress,
        ] + counters.parameters + used.parameters
    }

    /// `unnest(…) AS progress(…)`.
    var unnested: SQL {
        """
        unnest(\(SQL.list(parameters))) AS progress(nas_id, session_key, version, last_event_at, received_at, stopped_at, inferred_stop,
            terminate_cause, framed_address, session_seconds, input_octets, output_octets, input_packets, output_packets,
            day, used_seconds, used_input, used_output)
        """
    }
}

/// The usage that new, replaced and restored sessions bring, as array parameters for `unnest`.
struct UsageColumns {
    private var sessionID: ArrayParameter = .uuid(0)
    private var organisationID: ArrayParameter = .int8(0)
    private var subjectKind: ArrayParameter = .text(0)
    private var subjectID: ArrayParameter = .int8(0)
    private var used = UsedColumns(0)

    mutating func append(_ write: SessionWrite) {
        for part in write.usage {
            sessionID.append(write.row.sessionID)
            organisationID.append(part.organisationID.rawValue)
            subjectKind.append(part.subject.kind.rawValue)
            subjectID.append(part.subject.id)
            used.append(part.usage, on: part.day)
        }
    }

    var parameters: [ArrayParameter] {
        [sessionID, organisationID, subjectKind, subjectID] + used.parameters
    }

    /// `unnest(…) AS brought(…)`.
    var unnested: SQL {
        """
        unnest(\(SQL.list(parameters))) AS brought(session_id, organisation_id, subject_kind, subject_id, day, used_seconds, used_input, used_output)
        """
    }
}
