-- Why: a NAS that acknowledges a Disconnect has not always done it. A command is over only when accounting says so, the
-- methods of the equipment's profile are tried one after the other until then, and each attempt is kept with its session.
-- A command also says why it was left, so that any number of nodes that see the same right end leave it once.
-- Locks: ACCESS EXCLUSIVE on access.outbox for a moment: the new columns need no rewrite, the index reads a small table.
-- Older code: takes the acknowledgement for the end, starts each command at the first method, and records no attempt; a
-- command that it claims is done as before.
ALTER TABLE access.outbox
    ADD COLUMN reason text,                        -- null: somebody asked
    ADD COLUMN method integer NOT NULL DEFAULT 0,  -- which of the profile's methods it has come to
    ADD COLUMN acknowledged_at timestamptz;        -- when the NAS said that it did it; null: not by this method

-- At most one command under way for a session and a reason, whoever leaves it.
CREATE UNIQUE INDEX outbox_once ON access.outbox (session_id, reason)
    WHERE done_at IS NULL AND session_id IS NOT NULL AND reason IS NOT NULL;
-- What was done for a session lately, so that it is not done again each minute.
CREATE INDEX outbox_session ON access.outbox (session_id) WHERE session_id IS NOT NULL;

CREATE TABLE access.session_attempt (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL,
    session_id uuid NOT NULL,
    nas_id bigint NOT NULL,
    at timestamptz NOT NULL,
    method text NOT NULL CHECK (method IN ('disconnect', 'coa', 'reauthenticate')),
    reason text,                      -- why; null: somebody asked
    result text NOT NULL,             -- ack, nak, timeout, not-sent; then stopped, silent or continues, as accounting says
    error_cause bigint                -- of a NAK (RFC 5176 §3.5)
);
CREATE INDEX session_attempt_session ON access.session_attempt (session_id, at);
CREATE INDEX session_attempt_at ON access.session_attempt (at);

GRANT SELECT, INSERT, DELETE ON access.session_attempt TO socle_access;
GRANT SELECT ON access.session_attempt TO socle_retention;
ALTER TABLE access.session_attempt ENABLE ROW LEVEL SECURITY;
CREATE POLICY access_daemon ON access.session_attempt TO socle_access USING (true) WITH CHECK (true);
CREATE POLICY own_organisation ON access.session_attempt TO socle_portal, socle_console
    USING (organisation_id = (SELECT territory.current_organisation()))
    WITH CHECK (organisation_id = (SELECT territory.current_organisation()));
CREATE POLICY retention_daemon ON access.session_attempt FOR SELECT TO socle_retention USING (true);
