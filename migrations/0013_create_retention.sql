-- Why: what the retention daemon has to know to take records in (sources, injunctions) and to find them again (the
-- catalogue of sealed segments). No record is ever in PostgreSQL, and nothing here says who connected: the catalogue can be
-- made again from the segments alone. An event of the audit log may come from the daemon.
-- Locks: none that matters, the tables are new. Older code: does not know them.
CREATE SCHEMA retention;

-- Who may send. An address has one source of each kind; TLS senders are known by the name in their certificate.
CREATE TABLE retention.source (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    site_id bigint NOT NULL REFERENCES territory.site,
    name text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9.-]{0,62}$'),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('syslog', 'flow')),
    address cidr,
    certificate_name text COLLATE "C" CHECK (certificate_name = lower(certificate_name)),
    dialects text[] NOT NULL CHECK ((kind = 'syslog') = (cardinality(dialects) > 0)),
    time_zone text COLLATE "C" NOT NULL,
    tenant_group text COLLATE "C" NOT NULL CHECK (tenant_group ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    silent_after_seconds integer NOT NULL CHECK (silent_after_seconds BETWEEN 60 AND 604800),
    created_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz,
    CHECK (address IS NOT NULL OR (certificate_name IS NOT NULL AND kind = 'syslog'))
);
-- A name is never used again: sealed records carry it.
CREATE UNIQUE INDEX source_name ON retention.source (name);
CREATE UNIQUE INDEX source_address ON retention.source (kind, address) WHERE removed_at IS NULL AND address IS NOT NULL;
CREATE UNIQUE INDEX source_certificate ON retention.source (certificate_name)
    WHERE removed_at IS NULL AND certificate_name IS NOT NULL;

-- What the daemon has seen of each, for people; the archive itself keeps the gaps.
CREATE TABLE retention.source_state (
    source_id integer PRIMARY KEY REFERENCES retention.source,
    last_event_at timestamptz,        -- by the source's clock
    last_received_at timestamptz,
    records bigint NOT NULL DEFAULT 0,
    ignored bigint NOT NULL DEFAULT 0,
    malformed bigint NOT NULL DEFAULT 0,
    lost bigint NOT NULL DEFAULT 0,   -- counted by sequence numbers, sockets and templates
    clock_offset_ms integer,          -- the source's clock minus ours
    silent_since timestamptz          -- a gap that is open
) WITH (fillfactor = 50);

CREATE TABLE retention.unknown_sender (
    address inet NOT NULL,
    kind text COLLATE "C" NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    messages bigint NOT NULL,
    PRIMARY KEY (address, kind)
);

-- Decrees that order traffic data to be kept (CPCE L.34-1 III): each for at most a year, never changed once entered.
CREATE TABLE retention.injunction (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reference text NOT NULL UNIQUE CHECK (length(reference) BETWEEN 1 AND 100),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT now(),
    entered_by text NOT NULL,
    CHECK (starts_at < ends_at AND ends_at <= starts_at + interval '1 year')
);

-- Sealed segments and recovered journals. `name` is that of the object in the archive.
CREATE TABLE retention.segment (
    name text COLLATE "C" PRIMARY KEY,
    class text COLLATE "C" NOT NULL,
    tenant_group text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,          -- translations, leases, sessions, …
    is_journal boolean NOT NULL DEFAULT false, -- records in the order of their coming, from before a crash
    period_start timestamptz NOT NULL,
    period_end timestamptz NOT NULL,
    records bigint NOT NULL CHECK (records >= 0),
    bytes bigint NOT NULL CHECK (bytes > 0),
    basis text NOT NULL,
    policy text COLLATE "C" NOT NULL,
    clock_start timestamptz NOT NULL,        -- of the youngest record
    expires_at timestamptz NOT NULL CHECK (expires_at > clock_start),
    leaf bigint NOT NULL CHECK (leaf >= 0),
    sealed_at timestamptz NOT NULL,
    destroyed_at timestamptz,
    CHECK (period_start < period_end)
);
CREATE INDEX segment_due ON retention.segment (expires_at) WHERE destroyed_at IS NULL;
CREATE INDEX segment_period ON retention.segment (class, period_start) WHERE destroyed_at IS NULL;

GRANT USAGE ON SCHEMA retention TO socle_retention, socle_console;
GRANT SELECT ON retention.source, retention.injunction TO socle_retention, socle_console;
GRANT SELECT, INSERT, UPDATE ON retention.source_state TO socle_retention;
GRANT SELECT, INSERT, UPDATE, DELETE ON retention.unknown_sender TO socle_retention;
GRANT SELECT, INSERT, UPDATE ON retention.segment TO socle_retention;
GRANT SELECT ON retention.source_state, retention.unknown_sender, retention.segment TO socle_console;
GRANT USAGE ON SCHEMA audit TO socle_retention;
GRANT INSERT ON audit.event TO socle_retention;

ALTER TABLE retention.source ENABLE ROW LEVEL SECURITY;
CREATE POLICY retention_daemon ON retention.source FOR SELECT TO socle_retention USING (true);
CREATE POLICY own_organisation ON retention.source FOR SELECT TO socle_console
    USING (organisation_id = (SELECT territory.current_organisation()));

-- A source that comes, changes or goes is told to the daemon as any change of the territory is.
CREATE TRIGGER source_change AFTER INSERT OR UPDATE OR DELETE ON retention.source
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('source');
CREATE TRIGGER injunction_change AFTER INSERT ON retention.injunction
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('injunction');
