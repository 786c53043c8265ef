-- Why: a site's package says how long authentication decisions are kept there (retention class C7), and that may be less than
-- what the installation keeps: events of such a site are deleted from the daily partitions before these are dropped.
-- Locks: none that matters, the table is new. A purge reads the partition of a day that has come due and takes row locks on
-- what it deletes there, where nobody else writes.
-- Older code: purges nothing by site.
CREATE TABLE access.auth_event_forgotten (
    site_id bigint PRIMARY KEY,
    before timestamptz NOT NULL  -- the site's events before this are gone; the next purge begins here
);

-- Deletes events of sites[i] before oldest[i], but nothing of the running day (UTC): those of one day and the sites that are
-- equally far, so that no call takes long. Returns how many; NULL when nothing is due any more. Each day is read once, when it
-- comes due; an event that arrives for a day already purged stays until that day is dropped, as does one that has no partition.
CREATE FUNCTION access.forget_auth_events(sites bigint[], oldest timestamptz[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    first_day timestamptz;
    due record;
    forgotten bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('access.auth_event'));
    SELECT to_date(right(min(relname), 10), 'YYYY_MM_DD')::timestamp AT TIME ZONE 'UTC' INTO first_day
        FROM pg_inherits JOIN pg_class ON oid = inhrelid
        WHERE inhparent = 'access.auth_event'::regclass AND relname ~ '^auth_event_\d{4}_\d\d_\d\d$';
    SELECT since, least(until, since + interval '1 day') AS until, array_agg(site_id) AS site_ids INTO due
        FROM (
            SELECT asked.site_id, greatest(known.before, first_day) AS since,
                least(min(asked.oldest), date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') AS until
            FROM unnest(sites, oldest) AS asked (site_id, oldest)
            LEFT JOIN access.auth_event_forgotten AS known ON known.site_id = asked.site_id
            GROUP BY asked.site_id, known.before
        ) AS wanted
        WHERE since < until GROUP BY since, least(until, since + interval '1 day') ORDER BY since LIMIT 1;
    IF due IS NULL THEN
        RETURN NULL;
    END IF;
    DELETE FROM access.auth_event WHERE at >= due.since AND at < due.until AND site_id = ANY (due.site_ids);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    INSERT INTO access.auth_event_forgotten (site_id, before)
    SELECT site_id, due.until FROM unnest(due.site_ids) AS site_id
    ON CONFLICT (site_id) DO UPDATE SET before = excluded.before;
    RETURN forgotten;
END $$;

REVOKE ALL ON FUNCTION access.forget_auth_events(bigint[], timestamptz[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.forget_auth_events(bigint[], timestamptz[]) TO socle_access, socle_retention;
ALTER TABLE access.auth_event_forgotten ENABLE ROW LEVEL SECURITY;
