internal import Foundation
internal import Postgres
internal import Territory

/// A batch of writes as one statement.
///
/// **Safe to run again after an unknown outcome.** A row is written only over the version it was read at, an addition only
/// where there is no row, and a row is taken out of the history only at its version; usage is added and the archive filled
/// only for rows really written, in the same statement. If the first run took effect, the second finds newer versions,
/// writes nothing, and names every session as conflicting. The caller then reads them again and applies its records to
/// rows that hold them already: the counters are what the NAS counts since the session began, so a record that is in them
/// adds nothing. Nothing is lost, nothing is counted twice.
///
/// **Locks** are taken in the order of the primary key for sessions and then for usage, the same in
/// every writer.
struct SessionBatch {
    private var added: SessionColumns
    private var progressed: ProgressColumns
    private var replaced = SessionColumns()
    private var restored = SessionColumns()
    private var successors: [UUID] = []
    private var taken: [SessionRow] = []
    private var archived = SessionColumns()
    private var archivedBy: [UUID] = []
    private var brought = UsageColumns()
    private(set) var references: [UUID: SessionReference] = [:]
    /// Sessions named twice: only the first change of each is written.
    private(set) var repeated: Set<SessionReference> = []

    init(_ writes: [SessionWrite]) {
        let shapes = writes.map(\.shape)
        let additions = shapes.count { $0 == .addition }
        added = SessionColumns(additions)
        progressed = ProgressColumns(writes.count - additions)
        references.reserveCapacity(writes.count)
        var last: SessionReference?
        for (reference, index) in Self.order(writes) {
            if reference == last {
                repeated.insert(reference)
                continue
            }
            last = reference
            references[writes[index].row.sessionID] = reference
            append(writes[index], shapes[index])
        }
    }

    /// The writes' places in the order of the primary key; of two changes of one session, the first comes first.
    private static func order(_ writes: [SessionWrite]) -> [(SessionReference, Int)] {
        writes.indices.map { (writes[$0].reference, $0) }.sorted { $0 < $1 }
    }

    private mutating func append(_ write: SessionWrite, _ shape: SessionWrite.Shape) {
        switch shape {
        case .progress:
            progressed.append(write)
            return
        case .addition: added.append(write.row)
        case .replacement: replaced.append(write.row)
        case .restoration:
            restored.append(write.row)
            successors.append(write.row.sessionID)
            taken.append(write.previous?.row ?? write.row)
        }
        for earlier in write.archived {
            archived.append(earlier)
            archivedBy.append(write.row.sessionID)
        }
        brought.append(write)
    }

    /// The statement. It yields the ids of the sessions that were not written.
    ///
    /// The steps that touch the history are there only when the batch needs them: they cost, and the portal's role may
    /// not take anything out of the history. Nearly every batch needs none: its text is put together once.
    var statement: SQL {
        guard replaced.isEmpty, restored.isEmpty, archived.isEmpty else { return composed }
        return SQL(
            Self.plain, binding: added.parameters + progressed.parameters + brought.parameters + [ids])
    }

    private static let plain = SessionBatch([]).composed

    private var ids: ArrayParameter {
        var ids = ArrayParameter.uuid(references.count)
        for id in references.keys { ids.append(id) }
        return ids
    }

    private var composed: SQL {
        var steps: [SQL] = [
            """
            added AS (\(Self.insertion) FROM \(added.unnested(as: "new"))
                ON CONFLICT (nas_id, session_key) DO NOTHING RETURNING session_id)
            """,
            "progressed AS (\(progression))",
        ]
        var written: SQL = "SELECT session_id FROM added UNION ALL SELECT session_id FROM progressed"
        if !replaced.isEmpty {
            steps.append(replacement)
            written = "\(written) UNION ALL SELECT session_id FROM replaced"
        }
        if !restored.isEmpty {
            steps += restoration
            written = "\(written) UNION ALL SELECT session_id FROM returned"
        }
        steps.append("written AS (\(written))")
        if !archived.isEmpty { steps.append(archiving) }
        steps.append("used AS (\(usage))")
        let list = steps.dropFirst().reduce(steps[0]) { "\($0),\n\($1)" }
        return """
            WITH \(list),
            wanted AS (SELECT session_id FROM unnest(\(ids)) AS w(session_id))
            SELECT session_id FROM wanted
            WHERE (SELECT count(*) FROM written) < (SELECT count(*) FROM wanted)
                AND session_id NOT IN (SELECT session_id FROM written)
            """
    }

    private static let insertion: SQL = """
        INSERT INTO access.live_session (\(SessionColumns.names)) SELECT \(SessionColumns.names)
        """

    /// `= ANY (ARRAY[…])` is an equality that the planner can use the primary key for and nothing else. With a plain one it
    /// may read the whole table and look each row up in the batch, which is the cheapest plan while the table is empty and
    /// ruins a daemon that keeps the plan until the statistics change.
    private var progression: SQL {
        """
        UPDATE access.live_session AS live SET version = progress.version, last_event_at = progress.last_event_at,
            received_at = progress.received_at, stopped_at = progress.stopped_at,
            inferred_stop = progress.inferred_stop, terminate_cause = progress.terminate_cause,
            framed_address = progress.framed_address, session_seconds = progress.session_seconds,
            input_octets = progress.input_octets, output_octets = progress.output_octets,
            input_packets = progress.input_packets, output_packets = progress.output_packets
        FROM \(progressed.unnested)
        WHERE live.nas_id = ANY (ARRAY[progress.nas_id]) AND live.session_key = progress.session_key
            AND live.version = progress.version - 1
        RETURNING live.session_id, live.organisation_id, live.subject_kind, live.subject_id, progress.day,
            progress.used_seconds, progress.used_input, progress.used_output
        """
    }

    /// `IS TRUE` keeps the planner from making a join of it, which for a batch of unknown size it would nest: a hashed
    /// subplan stays linear.
    private var usage: SQL {
        """
        INSERT INTO access.usage AS total (organisation_id, subject_kind, subject_id, day, seconds, input_octets,
            output_octets)
        SELECT min(organisation_id), subject_kind, subject_id, day, sum(used_seconds), sum(used_input),
            sum(used_output)
        FROM (
            SELECT organisation_id, subject_kind, subject_id, day, used_seconds, used_input, used_output
            FROM progressed WHERE subject_id IS NOT NULL AND day IS NOT NULL
            UNION ALL
            SELECT organisation_id, subject_kind, subject_id, day, used_seconds, used_input, used_output
            FROM \(brought.unnested) WHERE (session_id IN (SELECT session_id FROM written)) IS TRUE
        ) AS delta
        WHERE used_seconds <> 0 OR used_input <> 0 OR used_output <> 0
        GROUP BY subject_id, day, subject_kind ORDER BY subject_id, day, subject_kind
        ON CONFLICT (subject_id, day, subject_kind) DO UPDATE SET seconds = total.seconds + excluded.seconds,
            input_octets = total.input_octets + excluded.input_octets,
            output_octets = total.output_octets + excluded.output_octets
        """
    }
}

extension SessionBatch {
    private var replacement: SQL {
        """
        replaced AS (
            UPDATE access.live_session AS live SET (\(SessionColumns.names)) = ROW(\(SessionColumns.names(of: "r")))
            FROM \(replaced.unnested(as: "r"))
            WHERE live.nas_id = ANY (ARRAY[r.nas_id]) AND live.session_key = r.session_key AND live.version = r.version - 1
            RETURNING live.session_id
        )
        """
    }

    /// The row is inserted without `ON CONFLICT`: were there a live row of its key after all, the whole statement must
    /// fail, or the row would be gone from both tables.
    private var restoration: [SQL] {
        [
            """
            taken AS (
                DELETE FROM access.session AS past
                USING unnest(\(taken.map(\.sessionID)), \(taken.map(\.version)), \(taken.map(\.startedAt)),
                    \(successors)) AS taking(session_id, version, started_at, successor)
                WHERE past.session_id = ANY (ARRAY[taking.session_id]) AND past.started_at = taking.started_at
                    AND past.version = taking.version
                RETURNING taking.successor
            )
            """,
            """
            returned AS (\(Self.insertion) FROM \(restored.unnested(as: "r"))
                WHERE (session_id IN (SELECT successor FROM taken)) IS TRUE RETURNING session_id)
            """,
        ]
    }

    private var archiving: SQL {
        """
        kept AS (
            INSERT INTO access.session (\(SessionColumns.names)) SELECT \(SessionColumns.names)
            FROM \(archived.unnested(as: "archived_in", followedBy: archivedBy))
            WHERE (successor IN (SELECT session_id FROM written)) IS TRUE
        )
        """
    }
}
