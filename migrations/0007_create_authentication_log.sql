-- Why: every decision of the access daemon with its reason, so that an operator can tell why a login was refused, and an
-- attack can be found out about afterwards (security data, retention class C7: 90 days). No password is ever in it.
-- Locks: none that matters, the table is new. Older code: does not write to it; the partitions made here serve a week, and
-- what comes later falls into the default partition until a daemon that knows the table makes more.
CREATE TABLE access.auth_event (
    at timestamptz NOT NULL,          -- of the decision; of the first, where several are told by one row
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    nas_id bigint NOT NULL,
    subject_id bigint,                -- whose login it was, where somebody was found
    latency_us integer NOT NULL,      -- from the request to the decision; of the slowest, where several are told by one row
    repeats integer NOT NULL,         -- how many decisions this row tells: the same NAS, name, station and reason
    survived boolean NOT NULL,        -- from memory, while the database was away
    result text COLLATE "C" NOT NULL CHECK (result IN ('accept', 'reject', 'drop')),
    method text COLLATE "C" NOT NULL, -- pap, chap, mac, ttls-pap, …
    reason text COLLATE "C",          -- of a reject or a drop
    subject_kind text COLLATE "C",
    user_name text,                   -- as the NAS sent it, cut after 128 octets
    calling_station text,             -- canonical MAC address where it is one, else cut after 128 octets
    node text COLLATE "C" NOT NULL,   -- which access daemon decided
    last_at timestamptz               -- of the last decision, where several are told by one row
) PARTITION BY RANGE (at);
-- No index: a day is read whole, which takes less than it would cost to keep indexes for what is rarely looked at.
CREATE TABLE access.auth_event_default PARTITION OF access.auth_event DEFAULT;

-- Makes the daily partitions (of UTC) from `first` on; those that exist are left alone. Returns how many it made.
CREATE FUNCTION access.ensure_auth_event_partitions(first date, days integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    day timestamp := first::timestamp;
    lower_bound timestamptz;
    upper_bound timestamptz;
    made integer := 0;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('access.auth_event'));
    FOR i IN 1 .. least(greatest(days, 0), 60) LOOP
        name := 'auth_event_' || to_char(day, 'YYYY_MM_DD');
        IF to_regclass('access.' || name) IS NULL THEN
            lower_bound := day AT TIME ZONE 'UTC';
            upper_bound := (day + interval '1 day') AT TIME ZONE 'UTC';
            EXECUTE format('CREATE TABLE access.%I (LIKE access.auth_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
            -- The default partition may hold rows of this day, when the day had no partition in time.
            EXECUTE format('WITH moved AS (DELETE FROM access.auth_event_default WHERE at >= $1 AND at < $2 '
                'RETURNING *) INSERT INTO access.%I SELECT * FROM moved', name) USING lower_bound, upper_bound;
            EXECUTE format('ALTER TABLE access.auth_event ATTACH PARTITION access.%I FOR VALUES FROM (%L) TO (%L)',
                name, lower_bound, upper_bound);
            made := made + 1;
        END IF;
        day := day + interval '1 day';
    END LOOP;
    RETURN made;
END $$;

-- Drops the partitions of the days before `oldest`, and what the default partition holds of them. Returns how many
-- partitions it dropped. It never touches a day that has to be kept, whoever calls it: nothing younger than a week goes.
CREATE FUNCTION access.drop_auth_event_partitions(oldest date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    boundary date := least(oldest, (now() AT TIME ZONE 'UTC')::date - 7);
    dropped integer := 0;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('access.auth_event'));
    FOR name IN
        SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid
        WHERE inhparent = 'access.auth_event'::regclass AND relname ~ '^auth_event_\d{4}_\d\d_\d\d$'
            AND to_date(right(relname, 10), 'YYYY_MM_DD') < boundary
        ORDER BY relname
    LOOP
        EXECUTE format('DROP TABLE access.%I', name);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM access.auth_event_default WHERE at < boundary::timestamp AT TIME ZONE 'UTC';
    RETURN dropped;
END $$;
SELECT access.ensure_auth_event_partitions((now() AT TIME ZONE 'UTC')::date, 7);

GRANT INSERT ON access.auth_event TO socle_access;
GRANT SELECT ON access.auth_event TO socle_retention, socle_console;
GRANT USAGE ON SCHEMA access TO socle_console;
REVOKE ALL ON FUNCTION access.ensure_auth_event_partitions(date, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION access.drop_auth_event_partitions(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.ensure_auth_event_partitions(date, integer) TO socle_access;
GRANT EXECUTE ON FUNCTION access.drop_auth_event_partitions(date) TO socle_access, socle_retention;
ALTER TABLE access.auth_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY access_daemon ON access.auth_event TO socle_access USING (true) WITH CHECK (true);
CREATE POLICY retention_daemon ON access.auth_event FOR SELECT TO socle_retention USING (true);
CREATE POLICY own_organisation ON access.auth_event FOR SELECT TO socle_console
    USING (organisation_id = (SELECT territory.current_organisation()));
