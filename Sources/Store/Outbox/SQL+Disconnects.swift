internal import Postgres

extension SQL {
    /// A statement that leaves a Disconnect for the live sessions of accounts, each once, and returns the ids of what it
    /// left. `rights` is a query of three columns: `account_id`; `site_id` and `device`, which bound the sessions where they
    /// are not null.
    static func disconnects(of rights: SQL, reason: String) -> SQL {
        """
        INSERT INTO access.outbox (organisation_id, command, nas_id, session_id, reason)
        SELECT s.organisation_id, 'disconnect', s.nas_id, s.session_id, \(reason)
        FROM (\(rights)) AS r (account_id, site_id, device)
        JOIN access.live_session AS s ON s.subject_kind = 'account' AND s.subject_id = r.account_id
        WHERE s.stopped_at IS NULL AND (r.site_id IS NULL OR s.site_id = r.site_id)
            AND (r.device IS NULL OR s.calling_station = r.device::text)
            AND EXISTS (SELECT FROM territory.nas AS n WHERE n.id = s.nas_id)
        ON CONFLICT DO NOTHING
        RETURNING id
        """
    }
}
