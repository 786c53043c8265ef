-- Why: what lets a visitor in (voucher, grant) and what was done with it (session, usage), plus the commands the daemons
-- leave for each other (outbox). Locks: none that matters, the tables are new. Older code: does not know these tables.
CREATE SCHEMA access;

-- A code handed out at the desk. Only its keyed digest is stored: a copy of the database lets nobody in.
CREATE TABLE access.voucher (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    site_id bigint REFERENCES territory.site, -- null: every site of the organisation
    digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32), -- HMAC-SHA-256(key, code)
    label text NOT NULL DEFAULT '',
    rights jsonb,                     -- what differs from the site's package; null: nothing
    devices integer NOT NULL DEFAULT 1 CHECK (devices BETWEEN 1 AND 1000),
    valid_from timestamptz NOT NULL DEFAULT now(),
    valid_until timestamptz NOT NULL,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX voucher_organisation ON access.voucher (organisation_id, created_at);
CREATE TRIGGER voucher_change AFTER UPDATE OF revoked_at, valid_until, valid_from, rights, devices OR DELETE ON access.voucher
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('voucher');

-- A visitor let in by the portal: a random RADIUS login whose password is derived from it under the installation's key,
-- so that PAP and CHAP both work and the database holds neither (Decisions/0005).
CREATE TABLE access.login_grant (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    site_id bigint NOT NULL REFERENCES territory.site,
    login text NOT NULL UNIQUE CHECK (login ~ '^g\.[a-z2-7]{20}$'),
    method text NOT NULL CHECK (method IN ('click-through', 'voucher', 'account')),
    voucher_id bigint REFERENCES access.voucher,
    account_id bigint REFERENCES identity.account,
    device macaddr,
    issued_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX login_grant_device ON access.login_grant (site_id, device, expires_at DESC) WHERE revoked_at IS NULL;
CREATE INDEX login_grant_voucher ON access.login_grant (voucher_id) WHERE voucher_id IS NOT NULL;
CREATE TRIGGER login_grant_change AFTER UPDATE OF revoked_at, expires_at OR DELETE ON access.login_grant
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('login_grant');

-- Sessions that are open or closed not long ago: a small table that accounting upserts by key, because a unique key and
-- partitions by time do not go together (FreeRADIUS #5628). Closed ones move to access.session in bulk (Decisions/0004).
CREATE TABLE access.live_session (
    session_id uuid NOT NULL,
    nas_id bigint NOT NULL,
    session_key bytea NOT NULL CHECK (octet_length(session_key) = 16), -- digest of what identifies it to its NAS
    version integer NOT NULL,         -- counts writes: a writer that read another version tries again
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    subject_kind text COLLATE "C" CHECK (subject_kind IN ('login_grant', 'voucher', 'account')),
    subject_id bigint,                -- whose usage it is; null: nobody we know
    user_name text,
    acct_session_id text NOT NULL,
    calling_station text,             -- canonical MAC address where it is one
    called_station text,
    framed_address inet,
    framed_ipv6_prefix cidr,
    delegated_ipv6_prefix cidr,
    nas_port bigint,
    started_at timestamptz NOT NULL,
    last_event_at timestamptz NOT NULL, -- when it happened, clock offset and Acct-Delay-Time taken out
    received_at timestamptz NOT NULL, -- when the last record reached us
    stopped_at timestamptz,           -- null: open
    inferred_stop boolean NOT NULL DEFAULT false, -- nobody told us: closed by age, Accounting-On/Off or a new session
    terminate_cause text,
    session_seconds bigint NOT NULL DEFAULT 0,
    input_octets bigint NOT NULL DEFAULT 0,   -- from the visitor
    output_octets bigint NOT NULL DEFAULT 0,  -- to the visitor
    input_packets bigint NOT NULL DEFAULT 0,
    output_packets bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (nas_id, session_key)
) WITH (fillfactor = 70);
-- The number comes first in indexes on a subject: comparing it tells nearly all rows apart, and costs less than text.
CREATE INDEX live_session_subject ON access.live_session (subject_id, subject_kind) WHERE subject_id IS NOT NULL;
-- No index on any column an interim changes: those updates must stay heap-only.

CREATE TABLE access.session (
    LIKE access.live_session INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
    PRIMARY KEY (session_id, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX session_key ON access.session (nas_id, session_key);
CREATE INDEX session_site ON access.session (site_id, started_at);
CREATE INDEX session_subject ON access.session (subject_id, subject_kind, started_at) WHERE subject_id IS NOT NULL;

CREATE VIEW access.every_session WITH (security_invoker = true) AS
    SELECT * FROM access.live_session UNION ALL SELECT * FROM access.session;

-- Makes the monthly partitions from the month of `first` on; those that exist are left alone. Returns how many it made.
-- A partition that no longer has to be kept is dropped by the retention daemon, never emptied row by row.
CREATE FUNCTION access.ensure_session_partitions(first date, months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    month timestamp := date_trunc('month', first::timestamp);
    lower_bound timestamptz;
    upper_bound timestamptz;
    made integer := 0;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('access.ensure_session_partitions'));
    FOR i IN 1 .. least(greatest(months, 0), 120) LOOP
        name := 'session_' || to_char(month, 'YYYY_MM');
        IF to_regclass('access.' || name) IS NULL THEN
            lower_bound := month AT TIME ZONE 'UTC';
            upper_bound := (month + interval '1 month') AT TIME ZONE 'UTC';
            EXECUTE format('CREATE TABLE access.%I (LIKE access.session INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
            -- The default partition may hold rows of this month, when the month had no partition in time.
            EXECUTE format('WITH moved AS (DELETE FROM access.session_default WHERE started_at >= $1 AND started_at < $2 '
                'RETURNING *) INSERT INTO access.%I SELECT * FROM moved', name) USING lower_bound, upper_bound;
            EXECUTE format('ALTER TABLE access.session ATTACH PARTITION access.%I FOR VALUES FROM (%L) TO (%L)',
                name, lower_bound, upper_bound);
            made := made + 1;
        END IF;
        month := month + interval '1 month';
    END LOOP;
    RETURN made;
END $$;
-- A NAS with its clock in 1970, or a session from before the first partition, still has a place to go.
CREATE TABLE access.session_default PARTITION OF access.session DEFAULT;
SELECT access.ensure_session_partitions((now() AT TIME ZONE 'UTC')::date - 31, 4);

-- What a subject has used on a day (of the site's time zone), all devices together: what quotas are measured against.
CREATE TABLE access.usage (
    organisation_id bigint NOT NULL,
    subject_kind text COLLATE "C" NOT NULL,
    subject_id bigint NOT NULL,
    day date NOT NULL,
    seconds bigint NOT NULL,
    input_octets bigint NOT NULL,
    output_octets bigint NOT NULL,
    PRIMARY KEY (subject_id, day, subject_kind)
) WITH (fillfactor = 70);

-- Commands from one daemon to another: disconnect this session, authenticate this device again.
CREATE TABLE access.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    command text NOT NULL CHECK (command IN ('disconnect', 'coa', 'reauthenticate')),
    nas_id bigint NOT NULL REFERENCES territory.nas ON DELETE CASCADE,
    session_id uuid,                  -- null: the session of `device` on that NAS
    device macaddr,
    attributes jsonb NOT NULL DEFAULT '{}', -- CoA: the allowance to apply
    created_at timestamptz NOT NULL DEFAULT now(),
    not_before timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    done_at timestamptz,
    outcome text,                     -- ack, nak:<Error-Cause>, timeout, expired
    CHECK (session_id IS NOT NULL OR device IS NOT NULL)
);
CREATE INDEX outbox_pending ON access.outbox (not_before) WHERE done_at IS NULL;
CREATE FUNCTION access.outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('socle_outbox', '');
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_notify AFTER INSERT ON access.outbox
    FOR EACH STATEMENT EXECUTE FUNCTION access.outbox_notify();

-- Requests from addresses that no NAS is declared for: counted, never answered, shown by `socle doctor`.
CREATE TABLE access.unknown_source (
    address inet PRIMARY KEY,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    packets bigint NOT NULL
);
