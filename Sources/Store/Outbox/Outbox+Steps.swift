public import Foundation
internal import Postgres
internal import Territory

extension Outbox {
    /// Takes a claimed command one step further and records what was attempted, if a session is known. A node that has
    /// lost the command to another (its lease ended) records its attempt and changes nothing else.
    ///
    /// Not safe to repeat; when the outcome is not known, the lease ends and the attempt is made again.
    public func take(
        _ step: CommandStep, of command: OutboxCommand, attempt: SessionAttempt? = nil, now: Date
    ) async throws {
        let change = Change(step, command, now)
        let session = attempt == nil ? nil : command.sessionID ?? command.session?.sessionID
        _ = try await client.write(
            """
            WITH recorded AS (
                INSERT INTO access.session_attempt (organisation_id, session_id, nas_id, at, method, reason, result,
                    error_cause)
                SELECT \(command.organisationID), id, \(command.nasID), \(attempt?.at), \(attempt?.method.rawValue),
                    \(command.reason), \(attempt?.result), \(attempt?.errorCause.map(Int64.init))
                FROM (SELECT \(session)::uuid AS id) AS s WHERE id IS NOT NULL
            )
            UPDATE access.outbox SET not_before = coalesce(\(change.due), not_before), done_at = \(change.done),
                outcome = coalesce(\(change.outcome), outcome), acknowledged_at = \(change.acknowledged),
                method = \(change.method), attempts = \(change.attempts)
            WHERE id = \(command.id) AND done_at IS NULL AND attempts = \(command.attempts)
                AND method = \(command.method)
            """, repeatable: false)
    }

    /// The step after an attempt that failed for now: again after 2, 4, 8 … seconds, or the end after
    /// ``maximumAttempts``.
    public static func again(_ command: OutboxCommand, outcome: String, now: Date) -> CommandStep {
        guard command.attempts < maximumAttempts else { return .finish(outcome) }
        return .again(at: now.addingTimeInterval(Double(1 << min(max(command.attempts, 1), 6))), outcome: outcome)
    }

    /// Deletes attempts older than that. Safe to repeat.
    public func forgetAttempts(before instant: Date) async throws {
        _ = try await client.write("DELETE FROM access.session_attempt WHERE at < \(instant)", repeatable: true)
    }

    /// What was attempted with a session, the earliest first.
    public func attempts(of session: UUID) async throws -> [SessionAttempt] {
        try await client.query(
            """
            SELECT at, method, reason, result, error_cause FROM access.session_attempt
            WHERE session_id = \(session) ORDER BY at, id
            """
        ).map { row in
            var columns = ColumnReader(row)
            return SessionAttempt(
                at: try columns.next(), method: try columns.nextCase(), reason: try columns.next(),
                result: try columns.next(), errorCause: try columns.next(Int64?.self).flatMap(UInt32.init(exactly:)))
        }
    }

    /// The columns that a step changes.
    private struct Change {
        var due: Date?
        var done: Date?
        var outcome: String?
        var acknowledged: Date?
        var method: Int32
        var attempts: Int32

        init(_ step: CommandStep, _ command: OutboxCommand, _ now: Date) {
            acknowledged = command.acknowledgedAt
            (method, attempts) = (Int32(clamping: command.method), Int32(clamping: command.attempts))
            switch step {
            case .finish(let outcome): (done, self.outcome) = (now, outcome)
            case .again(let due, let outcome): (self.due, self.outcome) = (due, outcome)
            case .acknowledged(let instant, let check): (acknowledged, due, outcome) = (instant, check, "ack")
            case .lookAgain(let due): self.due = due
            case .nextMethod(let outcome):
                (due, self.outcome, acknowledged) = (now, outcome, nil)
                (method, attempts) = (Int32(clamping: command.method + 1), 0)
            }
        }
    }
}
