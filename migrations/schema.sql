CREATE SCHEMA access;

CREATE SCHEMA audit;

CREATE SCHEMA identity;

CREATE SCHEMA retention;

CREATE SCHEMA territory;

CREATE FUNCTION access.drop_auth_event_partitions(oldest date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
END $_$;

CREATE FUNCTION access.ensure_auth_event_partitions(first date, days integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
END $_$;

CREATE FUNCTION access.ensure_session_partitions(first date, months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
END $_$;

CREATE FUNCTION access.forget_auth_events(sites bigint[], oldest timestamp with time zone[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
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
END $_$;

CREATE FUNCTION access.gateway_of_hash(wanted bytea) RETURNS TABLE(organisation_id bigint, site_id bigint, nas_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT h.organisation_id, h.site_id, h.nas_id FROM access.portal_handoff h
    WHERE h.gateway_hash = wanted ORDER BY h.id DESC LIMIT 1
$$;

CREATE FUNCTION access.outbox_notify() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('socle_outbox', '');
    RETURN NULL;
END $$;

CREATE FUNCTION access.record_wifi_key_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    changed bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.account_id ELSE NEW.account_id END;
    sequence bigint;
BEGIN
    INSERT INTO territory.change (subject, key) VALUES ('account', changed) RETURNING id INTO sequence;
    PERFORM pg_notify('socle_change', sequence || ':account:' || changed);
    RETURN NULL;
END $$;

CREATE FUNCTION identity.forget_nt_hash() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    NEW.nt_hash := NULL;
    RETURN NEW;
END $$;

CREATE FUNCTION territory.current_organisation() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('socle.organisation'::text, true), ''::text))::bigint;

CREATE FUNCTION territory.record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    changed bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
    sequence bigint;
BEGIN
    INSERT INTO territory.change (subject, key) VALUES (TG_ARGV[0], changed) RETURNING id INTO sequence;
    PERFORM pg_notify('socle_change', sequence || ':' || TG_ARGV[0] || ':' || changed);
    RETURN NULL;
END $$;

CREATE TABLE access.auth_event (
    at timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    nas_id bigint NOT NULL,
    subject_id bigint,
    latency_us integer NOT NULL,
    repeats integer NOT NULL,
    survived boolean NOT NULL,
    result text NOT NULL COLLATE pg_catalog."C",
    method text NOT NULL COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C",
    subject_kind text COLLATE pg_catalog."C",
    user_name text,
    calling_station text,
    node text NOT NULL COLLATE pg_catalog."C",
    last_at timestamp with time zone,
    CONSTRAINT auth_event_result_check CHECK ((result = ANY (ARRAY['accept'::text, 'reject'::text, 'drop'::text])))
)
PARTITION BY RANGE (at);

CREATE TABLE access.auth_event_default (
    at timestamp with time zone NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    nas_id bigint NOT NULL,
    subject_id bigint,
    latency_us integer NOT NULL,
    repeats integer NOT NULL,
    survived boolean NOT NULL,
    result text NOT NULL COLLATE pg_catalog."C",
    method text NOT NULL COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C",
    subject_kind text COLLATE pg_catalog."C",
    user_name text,
    calling_station text,
    node text NOT NULL COLLATE pg_catalog."C",
    last_at timestamp with time zone,
    CONSTRAINT auth_event_result_check CHECK ((result = ANY (ARRAY['accept'::text, 'reject'::text, 'drop'::text])))
);

CREATE TABLE access.auth_event_forgotten (
    site_id bigint NOT NULL,
    before timestamp with time zone NOT NULL
);

CREATE TABLE access.live_session (
    session_id uuid NOT NULL,
    nas_id bigint NOT NULL,
    session_key bytea NOT NULL,
    version integer NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    subject_kind text COLLATE pg_catalog."C",
    subject_id bigint,
    user_name text,
    acct_session_id text NOT NULL,
    calling_station text,
    called_station text,
    framed_address inet,
    framed_ipv6_prefix cidr,
    delegated_ipv6_prefix cidr,
    nas_port bigint,
    started_at timestamp with time zone NOT NULL,
    last_event_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    stopped_at timestamp with time zone,
    inferred_stop boolean DEFAULT false NOT NULL,
    terminate_cause text,
    session_seconds bigint DEFAULT 0 NOT NULL,
    input_octets bigint DEFAULT 0 NOT NULL,
    output_octets bigint DEFAULT 0 NOT NULL,
    input_packets bigint DEFAULT 0 NOT NULL,
    output_packets bigint DEFAULT 0 NOT NULL,
    CONSTRAINT live_session_session_key_check CHECK ((octet_length(session_key) = 16)),
    CONSTRAINT live_session_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['login_grant'::text, 'voucher'::text, 'account'::text])))
)
WITH (fillfactor='50');

CREATE TABLE access.session (
    session_id uuid NOT NULL,
    nas_id bigint NOT NULL,
    session_key bytea NOT NULL,
    version integer NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    subject_kind text COLLATE pg_catalog."C",
    subject_id bigint,
    user_name text,
    acct_session_id text NOT NULL,
    calling_station text,
    called_station text,
    framed_address inet,
    framed_ipv6_prefix cidr,
    delegated_ipv6_prefix cidr,
    nas_port bigint,
    started_at timestamp with time zone NOT NULL,
    last_event_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    stopped_at timestamp with time zone,
    inferred_stop boolean DEFAULT false NOT NULL,
    terminate_cause text,
    session_seconds bigint DEFAULT 0 NOT NULL,
    input_octets bigint DEFAULT 0 NOT NULL,
    output_octets bigint DEFAULT 0 NOT NULL,
    input_packets bigint DEFAULT 0 NOT NULL,
    output_packets bigint DEFAULT 0 NOT NULL,
    CONSTRAINT live_session_session_key_check CHECK ((octet_length(session_key) = 16)),
    CONSTRAINT live_session_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['login_grant'::text, 'voucher'::text, 'account'::text])))
)
PARTITION BY RANGE (started_at);

CREATE VIEW access.every_session WITH (security_invoker='true') AS
 SELECT live_session.session_id,
    live_session.nas_id,
    live_session.session_key,
    live_session.version,
    live_session.organisation_id,
    live_session.site_id,
    live_session.subject_kind,
    live_session.subject_id,
    live_session.user_name,
    live_session.acct_session_id,
    live_session.calling_station,
    live_session.called_station,
    live_session.framed_address,
    live_session.framed_ipv6_prefix,
    live_session.delegated_ipv6_prefix,
    live_session.nas_port,
    live_session.started_at,
    live_session.last_event_at,
    live_session.received_at,
    live_session.stopped_at,
    live_session.inferred_stop,
    live_session.terminate_cause,
    live_session.session_seconds,
    live_session.input_octets,
    live_session.output_octets,
    live_session.input_packets,
    live_session.output_packets
   FROM access.live_session
UNION ALL
 SELECT session.session_id,
    session.nas_id,
    session.session_key,
    session.version,
    session.organisation_id,
    session.site_id,
    session.subject_kind,
    session.subject_id,
    session.user_name,
    session.acct_session_id,
    session.calling_station,
    session.called_station,
    session.framed_address,
    session.framed_ipv6_prefix,
    session.delegated_ipv6_prefix,
    session.nas_port,
    session.started_at,
    session.last_event_at,
    session.received_at,
    session.stopped_at,
    session.inferred_stop,
    session.terminate_cause,
    session.session_seconds,
    session.input_octets,
    session.output_octets,
    session.input_packets,
    session.output_packets
   FROM access.session;

CREATE TABLE access.login_grant (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    login text NOT NULL,
    method text NOT NULL,
    voucher_id bigint,
    account_id bigint,
    device macaddr,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT login_grant_login_check CHECK ((login ~ '^g\.[a-z2-7]{20}$'::text)),
    CONSTRAINT login_grant_method_check CHECK ((method = ANY (ARRAY['click-through'::text, 'voucher'::text, 'account'::text])))
);

ALTER TABLE access.login_grant ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.login_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.outbox (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    command text NOT NULL,
    nas_id bigint NOT NULL,
    session_id uuid,
    device macaddr,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    not_before timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    done_at timestamp with time zone,
    outcome text,
    reason text,
    method integer DEFAULT 0 NOT NULL,
    acknowledged_at timestamp with time zone,
    CONSTRAINT outbox_check CHECK (((session_id IS NOT NULL) OR (device IS NOT NULL))),
    CONSTRAINT outbox_command_check CHECK ((command = ANY (ARRAY['disconnect'::text, 'coa'::text, 'reauthenticate'::text])))
);

ALTER TABLE access.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.portal_handoff (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    nas_id bigint NOT NULL,
    login_grant_id bigint NOT NULL,
    session_id uuid NOT NULL,
    gateway_hash bytea NOT NULL,
    token text NOT NULL,
    parameters text NOT NULL,
    fetched boolean NOT NULL,
    device macaddr,
    address inet,
    visitor_address inet,
    created_at timestamp with time zone NOT NULL,
    offered_at timestamp with time zone,
    acknowledged_at timestamp with time zone,
    ends_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT portal_handoff_gateway_hash_check CHECK ((octet_length(gateway_hash) = 32)),
    CONSTRAINT portal_handoff_parameters_check CHECK ((char_length(parameters) <= 400)),
    CONSTRAINT portal_handoff_token_check CHECK ((token ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE access.portal_handoff ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.portal_handoff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.session_attempt (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    session_id uuid NOT NULL,
    nas_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    method text NOT NULL,
    reason text,
    result text NOT NULL,
    error_cause bigint,
    CONSTRAINT session_attempt_method_check CHECK ((method = ANY (ARRAY['disconnect'::text, 'coa'::text, 'reauthenticate'::text])))
);

ALTER TABLE access.session_attempt ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.session_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.session_default (
    session_id uuid NOT NULL,
    nas_id bigint NOT NULL,
    session_key bytea NOT NULL,
    version integer NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    subject_kind text COLLATE pg_catalog."C",
    subject_id bigint,
    user_name text,
    acct_session_id text NOT NULL,
    calling_station text,
    called_station text,
    framed_address inet,
    framed_ipv6_prefix cidr,
    delegated_ipv6_prefix cidr,
    nas_port bigint,
    started_at timestamp with time zone NOT NULL,
    last_event_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    stopped_at timestamp with time zone,
    inferred_stop boolean DEFAULT false NOT NULL,
    terminate_cause text,
    session_seconds bigint DEFAULT 0 NOT NULL,
    input_octets bigint DEFAULT 0 NOT NULL,
    output_octets bigint DEFAULT 0 NOT NULL,
    input_packets bigint DEFAULT 0 NOT NULL,
    output_packets bigint DEFAULT 0 NOT NULL,
    CONSTRAINT live_session_session_key_check CHECK ((octet_length(session_key) = 16)),
    CONSTRAINT live_session_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['login_grant'::text, 'voucher'::text, 'account'::text])))
);

CREATE TABLE access.unknown_source (
    address inet NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    packets bigint NOT NULL
);

CREATE TABLE access.usage (
    organisation_id bigint NOT NULL,
    subject_kind text NOT NULL COLLATE pg_catalog."C",
    subject_id bigint NOT NULL,
    day date NOT NULL,
    seconds bigint NOT NULL,
    input_octets bigint NOT NULL,
    output_octets bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE access.voucher (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint,
    digest bytea NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    rights jsonb,
    devices integer DEFAULT 1 NOT NULL,
    valid_from timestamp with time zone DEFAULT now() NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    group_name text,
    CONSTRAINT voucher_devices_check CHECK (((devices >= 1) AND (devices <= 1000))),
    CONSTRAINT voucher_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT voucher_group_name_check CHECK ((group_name ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
);

ALTER TABLE access.voucher ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.voucher_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.wifi_key (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint,
    account_id bigint NOT NULL,
    device macaddr,
    group_name text,
    psk bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT wifi_key_group_name_check CHECK ((group_name ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
);

ALTER TABLE access.wifi_key ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.wifi_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE audit.event (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    organisation_id bigint,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE audit.event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit.event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE identity.account (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    login text NOT NULL,
    password_hash text NOT NULL,
    rights jsonb,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_on date,
    closed_at timestamp with time zone,
    group_name text,
    nt_hash bytea,
    CONSTRAINT account_group_name_check CHECK ((group_name ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
    CONSTRAINT account_login_check CHECK (((login = lower(login)) AND ((char_length(login) >= 1) AND (char_length(login) <= 253))))
);

ALTER TABLE identity.account ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME identity.account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE identity.terms_acceptance (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    device macaddr,
    address inet,
    terms_version text NOT NULL,
    language text NOT NULL,
    accepted_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE identity.terms_acceptance ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME identity.terms_acceptance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE retention.injunction (
    id integer NOT NULL,
    reference text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    entered_at timestamp with time zone DEFAULT now() NOT NULL,
    entered_by text NOT NULL,
    CONSTRAINT injunction_check CHECK (((starts_at < ends_at) AND (ends_at <= (starts_at + '1 year'::interval)))),
    CONSTRAINT injunction_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 100)))
);

ALTER TABLE retention.injunction ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME retention.injunction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE retention.segment (
    name text NOT NULL COLLATE pg_catalog."C",
    class text NOT NULL COLLATE pg_catalog."C",
    tenant_group text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    is_journal boolean DEFAULT false NOT NULL,
    period_start timestamp with time zone NOT NULL,
    period_end timestamp with time zone NOT NULL,
    records bigint NOT NULL,
    bytes bigint NOT NULL,
    basis text NOT NULL,
    policy text NOT NULL COLLATE pg_catalog."C",
    clock_start timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    leaf bigint NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    destroyed_at timestamp with time zone,
    CONSTRAINT segment_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT segment_check CHECK ((expires_at > clock_start)),
    CONSTRAINT segment_check1 CHECK ((period_start < period_end)),
    CONSTRAINT segment_leaf_check CHECK ((leaf >= 0)),
    CONSTRAINT segment_records_check CHECK ((records >= 0))
);

CREATE TABLE retention.source (
    id integer NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    address cidr,
    certificate_name text COLLATE pg_catalog."C",
    dialects text[] NOT NULL,
    time_zone text NOT NULL COLLATE pg_catalog."C",
    tenant_group text NOT NULL COLLATE pg_catalog."C",
    silent_after_seconds integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT source_certificate_name_check CHECK ((certificate_name = lower(certificate_name))),
    CONSTRAINT source_check CHECK (((kind = 'syslog'::text) = (cardinality(dialects) > 0))),
    CONSTRAINT source_check1 CHECK (((address IS NOT NULL) OR ((certificate_name IS NOT NULL) AND (kind = 'syslog'::text)))),
    CONSTRAINT source_kind_check CHECK ((kind = ANY (ARRAY['syslog'::text, 'flow'::text]))),
    CONSTRAINT source_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9.-]{0,62}$'::text)),
    CONSTRAINT source_silent_after_seconds_check CHECK (((silent_after_seconds >= 60) AND (silent_after_seconds <= 604800))),
    CONSTRAINT source_tenant_group_check CHECK ((tenant_group ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
);

ALTER TABLE retention.source ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME retention.source_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE retention.source_state (
    source_id integer NOT NULL,
    last_event_at timestamp with time zone,
    last_received_at timestamp with time zone,
    records bigint DEFAULT 0 NOT NULL,
    ignored bigint DEFAULT 0 NOT NULL,
    malformed bigint DEFAULT 0 NOT NULL,
    lost bigint DEFAULT 0 NOT NULL,
    clock_offset_ms integer,
    silent_since timestamp with time zone
)
WITH (fillfactor='50');

CREATE TABLE retention.unknown_sender (
    address inet NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    messages bigint NOT NULL
);

CREATE TABLE territory.change (
    id bigint NOT NULL,
    transaction xid8 DEFAULT pg_current_xact_id() NOT NULL,
    subject text NOT NULL,
    key bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE territory.change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME territory.change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE territory.equipment (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    name text NOT NULL,
    profile text NOT NULL,
    management_address inet,
    mac macaddr
);

ALTER TABLE territory.equipment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME territory.equipment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE territory.nas (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    equipment_id bigint,
    name text NOT NULL,
    profile text NOT NULL,
    source cidr,
    identifier text,
    secret bytea NOT NULL,
    message_authenticator text DEFAULT 'auto'::text NOT NULL,
    message_authenticator_seen_at timestamp with time zone,
    coa_address inet,
    coa_port integer,
    coa_secret bytea,
    portal_key bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    certificate_name text,
    CONSTRAINT nas_certificate_name_check CHECK ((((char_length(certificate_name) >= 1) AND (char_length(certificate_name) <= 253)) AND (certificate_name = lower(certificate_name)))),
    CONSTRAINT nas_coa_port_check CHECK (((coa_port >= 1) AND (coa_port <= 65535))),
    CONSTRAINT nas_identifier_check CHECK (((char_length(identifier) >= 1) AND (char_length(identifier) <= 253))),
    CONSTRAINT nas_is_recognised CHECK ((num_nonnulls(source, identifier, certificate_name) > 0)),
    CONSTRAINT nas_message_authenticator_check CHECK ((message_authenticator = ANY (ARRAY['auto'::text, 'require'::text, 'off'::text]))),
    CONSTRAINT nas_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 63)))
);

ALTER TABLE territory.nas ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME territory.nas_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE territory.network (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    site_id bigint NOT NULL,
    name text NOT NULL,
    ssid text NOT NULL,
    vlan integer,
    encryption text NOT NULL,
    handoff text NOT NULL,
    CONSTRAINT network_encryption_check CHECK ((encryption = ANY (ARRAY['open'::text, 'owe'::text, 'wpa2-psk'::text, 'wpa3-sae'::text, 'wpa2-enterprise'::text, 'wpa3-enterprise'::text]))),
    CONSTRAINT network_handoff_check CHECK ((handoff = ANY (ARRAY['uam'::text, 'opennds-fas'::text, 'mac-coa'::text, 'none'::text]))),
    CONSTRAINT network_ssid_check CHECK (((octet_length(ssid) >= 1) AND (octet_length(ssid) <= 32))),
    CONSTRAINT network_vlan_check CHECK (((vlan >= 1) AND (vlan <= 4094)))
);

ALTER TABLE territory.network ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME territory.network_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE territory.organisation (
    id bigint NOT NULL,
    parent_id bigint,
    kind text NOT NULL,
    name text NOT NULL,
    code_insee text,
    latitude double precision,
    longitude double precision,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT organisation_check CHECK (((kind <> 'commune'::text) OR (code_insee IS NOT NULL))),
    CONSTRAINT organisation_code_insee_check CHECK ((code_insee ~ '^[0-9][0-9AB][0-9]{3}$|^[0-9][0-9AB]$|^97[0-9]$'::text)),
    CONSTRAINT organisation_kind_check CHECK ((kind = ANY (ARRAY['departement'::text, 'epci'::text, 'commune'::text, 'partner'::text]))),
    CONSTRAINT organisation_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT organisation_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT organisation_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200)))
);

ALTER TABLE territory.organisation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME territory.organisation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE territory.package_release (
    id bigint NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    document jsonb NOT NULL,
    sha256 bytea NOT NULL,
    published_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT package_release_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
    CONSTRAINT package_release_sha256_check CHECK ((octet_length(sha256) = 32)),
    CONSTRAINT package_release_version_check CHECK ((version > 0))
);

ALTER TABLE territory.package_release ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME territory.package_release_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE territory.site (
    id bigint NOT NULL,
    organisation_id bigint NOT NULL,
    package_release_id bigint NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    time_zone text DEFAULT 'Europe/Paris'::text NOT NULL,
    latitude double precision,
    longitude double precision,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT site_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT site_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT site_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT site_slug_check CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
    CONSTRAINT site_status_check CHECK ((status = ANY (ARRAY['open'::text, 'closed'::text])))
);

ALTER TABLE territory.site ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME territory.site_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY access.auth_event ATTACH PARTITION access.auth_event_default DEFAULT;

ALTER TABLE ONLY access.session ATTACH PARTITION access.session_default DEFAULT;

ALTER TABLE ONLY access.auth_event_forgotten
    ADD CONSTRAINT auth_event_forgotten_pkey PRIMARY KEY (site_id);

ALTER TABLE ONLY access.live_session
    ADD CONSTRAINT live_session_pkey PRIMARY KEY (nas_id, session_key);

ALTER TABLE ONLY access.login_grant
    ADD CONSTRAINT login_grant_login_key UNIQUE (login);

ALTER TABLE ONLY access.login_grant
    ADD CONSTRAINT login_grant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY access.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY access.portal_handoff
    ADD CONSTRAINT portal_handoff_pkey PRIMARY KEY (id);

ALTER TABLE ONLY access.portal_handoff
    ADD CONSTRAINT portal_handoff_session_id_key UNIQUE (session_id);

ALTER TABLE ONLY access.session_attempt
    ADD CONSTRAINT session_attempt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY access.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_id, started_at);

ALTER TABLE ONLY access.session_default
    ADD CONSTRAINT session_default_pkey PRIMARY KEY (session_id, started_at);

ALTER TABLE ONLY access.unknown_source
    ADD CONSTRAINT unknown_source_pkey PRIMARY KEY (address);

ALTER TABLE ONLY access.usage
    ADD CONSTRAINT usage_pkey PRIMARY KEY (subject_id, day, subject_kind);

ALTER TABLE ONLY access.voucher
    ADD CONSTRAINT voucher_digest_key UNIQUE (digest);

ALTER TABLE ONLY access.voucher
    ADD CONSTRAINT voucher_pkey PRIMARY KEY (id);

ALTER TABLE ONLY access.wifi_key
    ADD CONSTRAINT wifi_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.account
    ADD CONSTRAINT account_login_key UNIQUE (login);

ALTER TABLE ONLY identity.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.terms_acceptance
    ADD CONSTRAINT terms_acceptance_pkey PRIMARY KEY (id);

ALTER TABLE ONLY retention.injunction
    ADD CONSTRAINT injunction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY retention.injunction
    ADD CONSTRAINT injunction_reference_key UNIQUE (reference);

ALTER TABLE ONLY retention.segment
    ADD CONSTRAINT segment_pkey PRIMARY KEY (name);

ALTER TABLE ONLY retention.source
    ADD CONSTRAINT source_pkey PRIMARY KEY (id);

ALTER TABLE ONLY retention.source_state
    ADD CONSTRAINT source_state_pkey PRIMARY KEY (source_id);

ALTER TABLE ONLY retention.unknown_sender
    ADD CONSTRAINT unknown_sender_pkey PRIMARY KEY (address, kind);

ALTER TABLE ONLY territory.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY territory.equipment
    ADD CONSTRAINT equipment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY territory.equipment
    ADD CONSTRAINT equipment_site_id_name_key UNIQUE (site_id, name);

ALTER TABLE ONLY territory.nas
    ADD CONSTRAINT nas_certificate_name_key UNIQUE (certificate_name);

ALTER TABLE ONLY territory.nas
    ADD CONSTRAINT nas_pkey PRIMARY KEY (id);

ALTER TABLE ONLY territory.nas
    ADD CONSTRAINT nas_site_id_name_key UNIQUE (site_id, name);

ALTER TABLE ONLY territory.network
    ADD CONSTRAINT network_pkey PRIMARY KEY (id);

ALTER TABLE ONLY territory.network
    ADD CONSTRAINT network_site_id_name_key UNIQUE (site_id, name);

ALTER TABLE ONLY territory.organisation
    ADD CONSTRAINT organisation_code_insee_key UNIQUE (code_insee);

ALTER TABLE ONLY territory.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY territory.package_release
    ADD CONSTRAINT package_release_name_version_key UNIQUE (name, version);

ALTER TABLE ONLY territory.package_release
    ADD CONSTRAINT package_release_pkey PRIMARY KEY (id);

ALTER TABLE ONLY territory.site
    ADD CONSTRAINT site_pkey PRIMARY KEY (id);

ALTER TABLE ONLY territory.site
    ADD CONSTRAINT site_slug_key UNIQUE (slug);

CREATE INDEX live_session_subject ON access.live_session USING btree (subject_id, subject_kind) WHERE (subject_id IS NOT NULL);

CREATE INDEX login_grant_device ON access.login_grant USING btree (site_id, device, expires_at DESC) WHERE (revoked_at IS NULL);

CREATE INDEX login_grant_voucher ON access.login_grant USING btree (voucher_id) WHERE (voucher_id IS NOT NULL);

CREATE UNIQUE INDEX outbox_once ON access.outbox USING btree (session_id, reason) WHERE ((done_at IS NULL) AND (session_id IS NOT NULL) AND (reason IS NOT NULL));

CREATE INDEX outbox_pending ON access.outbox USING btree (not_before) WHERE (done_at IS NULL);

CREATE INDEX outbox_session ON access.outbox USING btree (session_id) WHERE (session_id IS NOT NULL);

CREATE INDEX portal_handoff_gateway ON access.portal_handoff USING btree (gateway_hash, id);

CREATE INDEX portal_handoff_grant ON access.portal_handoff USING btree (login_grant_id);

CREATE INDEX portal_handoff_open ON access.portal_handoff USING btree (gateway_hash) WHERE (closed_at IS NULL);

CREATE INDEX portal_handoff_organisation ON access.portal_handoff USING btree (organisation_id, created_at);

CREATE INDEX session_attempt_at ON access.session_attempt USING btree (at);

CREATE INDEX session_attempt_session ON access.session_attempt USING btree (session_id, at);

CREATE INDEX session_key ON ONLY access.session USING btree (nas_id, session_key);

CREATE INDEX session_default_nas_id_session_key_idx ON access.session_default USING btree (nas_id, session_key);

CREATE INDEX session_site ON ONLY access.session USING btree (site_id, started_at);

CREATE INDEX session_default_site_id_started_at_idx ON access.session_default USING btree (site_id, started_at);

CREATE INDEX session_subject ON ONLY access.session USING btree (subject_id, subject_kind, started_at) WHERE (subject_id IS NOT NULL);

CREATE INDEX session_default_subject_id_subject_kind_started_at_idx ON access.session_default USING btree (subject_id, subject_kind, started_at) WHERE (subject_id IS NOT NULL);

CREATE INDEX voucher_organisation ON access.voucher USING btree (organisation_id, created_at);

CREATE INDEX wifi_key_account ON access.wifi_key USING btree (account_id);

CREATE UNIQUE INDEX wifi_key_device ON access.wifi_key USING btree (device, organisation_id, site_id) NULLS NOT DISTINCT WHERE ((device IS NOT NULL) AND (revoked_at IS NULL));

CREATE UNIQUE INDEX wifi_key_household ON access.wifi_key USING btree (account_id, site_id) NULLS NOT DISTINCT WHERE ((device IS NULL) AND (revoked_at IS NULL));

CREATE INDEX event_at ON audit.event USING btree (at);

CREATE INDEX terms_acceptance_expiry ON identity.terms_acceptance USING btree (expires_at);

CREATE INDEX segment_due ON retention.segment USING btree (expires_at) WHERE (destroyed_at IS NULL);

CREATE INDEX segment_period ON retention.segment USING btree (class, period_start) WHERE (destroyed_at IS NULL);

CREATE UNIQUE INDEX source_address ON retention.source USING btree (kind, address) WHERE ((removed_at IS NULL) AND (address IS NOT NULL));

CREATE UNIQUE INDEX source_certificate ON retention.source USING btree (certificate_name) WHERE ((removed_at IS NULL) AND (certificate_name IS NOT NULL));

CREATE UNIQUE INDEX source_name ON retention.source USING btree (name);

CREATE INDEX change_at ON territory.change USING btree (at);

CREATE INDEX change_transaction ON territory.change USING btree (transaction);

CREATE UNIQUE INDEX nas_identifier ON territory.nas USING btree (identifier) WHERE (identifier IS NOT NULL);

CREATE UNIQUE INDEX nas_source ON territory.nas USING btree (source) WHERE (identifier IS NULL);

CREATE INDEX organisation_parent ON territory.organisation USING btree (parent_id);

CREATE INDEX site_organisation ON territory.site USING btree (organisation_id);

ALTER INDEX access.session_key ATTACH PARTITION access.session_default_nas_id_session_key_idx;

ALTER INDEX access.session_pkey ATTACH PARTITION access.session_default_pkey;

ALTER INDEX access.session_site ATTACH PARTITION access.session_default_site_id_started_at_idx;

ALTER INDEX access.session_subject ATTACH PARTITION access.session_default_subject_id_subject_kind_started_at_idx;

CREATE TRIGGER login_grant_change AFTER DELETE OR UPDATE OF revoked_at, expires_at ON access.login_grant FOR EACH ROW EXECUTE FUNCTION territory.record_change('login_grant');

CREATE TRIGGER outbox_notify AFTER INSERT ON access.outbox FOR EACH STATEMENT EXECUTE FUNCTION access.outbox_notify();

CREATE TRIGGER voucher_change AFTER DELETE OR UPDATE OF revoked_at, valid_until, valid_from, rights, devices, group_name ON access.voucher FOR EACH ROW EXECUTE FUNCTION territory.record_change('voucher');

CREATE TRIGGER wifi_key_change AFTER INSERT OR DELETE OR UPDATE ON access.wifi_key FOR EACH ROW EXECUTE FUNCTION access.record_wifi_key_change();

CREATE TRIGGER account_change AFTER DELETE OR UPDATE OF password_hash, nt_hash, rights, closed_at, group_name ON identity.account FOR EACH ROW EXECUTE FUNCTION territory.record_change('account');

CREATE TRIGGER account_password BEFORE UPDATE OF password_hash ON identity.account FOR EACH ROW WHEN (((new.password_hash <> old.password_hash) AND (NOT (new.nt_hash IS DISTINCT FROM old.nt_hash)))) EXECUTE FUNCTION identity.forget_nt_hash();

CREATE TRIGGER injunction_change AFTER INSERT ON retention.injunction FOR EACH ROW EXECUTE FUNCTION territory.record_change('injunction');

CREATE TRIGGER source_change AFTER INSERT OR DELETE OR UPDATE ON retention.source FOR EACH ROW EXECUTE FUNCTION territory.record_change('source');

CREATE TRIGGER nas_change AFTER INSERT OR DELETE ON territory.nas FOR EACH ROW EXECUTE FUNCTION territory.record_change('nas');

CREATE TRIGGER nas_update AFTER UPDATE OF source, identifier, secret, message_authenticator, coa_address, coa_port, coa_secret, portal_key, profile, site_id, certificate_name ON territory.nas FOR EACH ROW EXECUTE FUNCTION territory.record_change('nas');

CREATE TRIGGER site_change AFTER INSERT OR DELETE OR UPDATE ON territory.site FOR EACH ROW EXECUTE FUNCTION territory.record_change('site');

ALTER TABLE ONLY access.login_grant
    ADD CONSTRAINT login_grant_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.account(id);

ALTER TABLE ONLY access.login_grant
    ADD CONSTRAINT login_grant_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY access.login_grant
    ADD CONSTRAINT login_grant_site_id_fkey FOREIGN KEY (site_id) REFERENCES territory.site(id);

ALTER TABLE ONLY access.login_grant
    ADD CONSTRAINT login_grant_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES access.voucher(id);

ALTER TABLE ONLY access.outbox
    ADD CONSTRAINT outbox_nas_id_fkey FOREIGN KEY (nas_id) REFERENCES territory.nas(id) ON DELETE CASCADE;

ALTER TABLE ONLY access.outbox
    ADD CONSTRAINT outbox_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY access.portal_handoff
    ADD CONSTRAINT portal_handoff_login_grant_id_fkey FOREIGN KEY (login_grant_id) REFERENCES access.login_grant(id) ON DELETE CASCADE;

ALTER TABLE ONLY access.portal_handoff
    ADD CONSTRAINT portal_handoff_nas_id_fkey FOREIGN KEY (nas_id) REFERENCES territory.nas(id) ON DELETE CASCADE;

ALTER TABLE ONLY access.portal_handoff
    ADD CONSTRAINT portal_handoff_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY access.portal_handoff
    ADD CONSTRAINT portal_handoff_site_id_fkey FOREIGN KEY (site_id) REFERENCES territory.site(id) ON DELETE CASCADE;

ALTER TABLE ONLY access.voucher
    ADD CONSTRAINT voucher_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY access.voucher
    ADD CONSTRAINT voucher_site_id_fkey FOREIGN KEY (site_id) REFERENCES territory.site(id);

ALTER TABLE ONLY access.wifi_key
    ADD CONSTRAINT wifi_key_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.account(id) ON DELETE CASCADE;

ALTER TABLE ONLY access.wifi_key
    ADD CONSTRAINT wifi_key_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY access.wifi_key
    ADD CONSTRAINT wifi_key_site_id_fkey FOREIGN KEY (site_id) REFERENCES territory.site(id) ON DELETE CASCADE;

ALTER TABLE ONLY identity.account
    ADD CONSTRAINT account_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY identity.terms_acceptance
    ADD CONSTRAINT terms_acceptance_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY identity.terms_acceptance
    ADD CONSTRAINT terms_acceptance_site_id_fkey FOREIGN KEY (site_id) REFERENCES territory.site(id);

ALTER TABLE ONLY retention.source
    ADD CONSTRAINT source_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY retention.source
    ADD CONSTRAINT source_site_id_fkey FOREIGN KEY (site_id) REFERENCES territory.site(id);

ALTER TABLE ONLY retention.source_state
    ADD CONSTRAINT source_state_source_id_fkey FOREIGN KEY (source_id) REFERENCES retention.source(id);

ALTER TABLE ONLY territory.equipment
    ADD CONSTRAINT equipment_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY territory.equipment
    ADD CONSTRAINT equipment_site_id_fkey FOREIGN KEY (site_id) REFERENCES territory.site(id) ON DELETE CASCADE;

ALTER TABLE ONLY territory.nas
    ADD CONSTRAINT nas_equipment_id_fkey FOREIGN KEY (equipment_id) REFERENCES territory.equipment(id) ON DELETE SET NULL;

ALTER TABLE ONLY territory.nas
    ADD CONSTRAINT nas_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY territory.nas
    ADD CONSTRAINT nas_site_id_fkey FOREIGN KEY (site_id) REFERENCES territory.site(id) ON DELETE CASCADE;

ALTER TABLE ONLY territory.network
    ADD CONSTRAINT network_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY territory.network
    ADD CONSTRAINT network_site_id_fkey FOREIGN KEY (site_id) REFERENCES territory.site(id) ON DELETE CASCADE;

ALTER TABLE ONLY territory.organisation
    ADD CONSTRAINT organisation_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY territory.site
    ADD CONSTRAINT site_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES territory.organisation(id);

ALTER TABLE ONLY territory.site
    ADD CONSTRAINT site_package_release_id_fkey FOREIGN KEY (package_release_id) REFERENCES territory.package_release(id);

CREATE POLICY access_daemon ON access.auth_event TO socle_access USING (true) WITH CHECK (true);

CREATE POLICY access_daemon ON access.live_session TO socle_access USING (true) WITH CHECK (true);

CREATE POLICY access_daemon ON access.login_grant TO socle_access USING (true) WITH CHECK (true);

CREATE POLICY access_daemon ON access.outbox TO socle_access USING (true) WITH CHECK (true);

CREATE POLICY access_daemon ON access.session TO socle_access USING (true) WITH CHECK (true);

CREATE POLICY access_daemon ON access.session_attempt TO socle_access USING (true) WITH CHECK (true);

CREATE POLICY access_daemon ON access.usage TO socle_access USING (true) WITH CHECK (true);

CREATE POLICY access_daemon ON access.voucher TO socle_access USING (true) WITH CHECK (true);

CREATE POLICY access_daemon ON access.wifi_key TO socle_access USING (true) WITH CHECK (true);

ALTER TABLE access.auth_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.auth_event_forgotten ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.live_session ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.login_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.outbox ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_organisation ON access.auth_event FOR SELECT TO socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON access.live_session TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON access.login_grant TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON access.outbox TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON access.portal_handoff TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON access.session TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON access.session_attempt TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON access.usage TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON access.voucher TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON access.wifi_key TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

ALTER TABLE access.portal_handoff ENABLE ROW LEVEL SECURITY;

CREATE POLICY retention_daemon ON access.auth_event FOR SELECT TO socle_retention USING (true);

CREATE POLICY retention_daemon ON access.live_session FOR SELECT TO socle_retention USING (true);

CREATE POLICY retention_daemon ON access.login_grant FOR SELECT TO socle_retention USING (true);

CREATE POLICY retention_daemon ON access.outbox FOR SELECT TO socle_retention USING (true);

CREATE POLICY retention_daemon ON access.session FOR SELECT TO socle_retention USING (true);

CREATE POLICY retention_daemon ON access.session_attempt FOR SELECT TO socle_retention USING (true);

CREATE POLICY retention_daemon ON access.usage FOR SELECT TO socle_retention USING (true);

CREATE POLICY retention_daemon ON access.voucher FOR SELECT TO socle_retention USING (true);

ALTER TABLE access.session ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.session_attempt ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.usage ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.voucher ENABLE ROW LEVEL SECURITY;

ALTER TABLE access.wifi_key ENABLE ROW LEVEL SECURITY;

CREATE POLICY access_daemon ON identity.account TO socle_access USING (true) WITH CHECK (true);

CREATE POLICY access_daemon ON identity.terms_acceptance TO socle_access USING (true) WITH CHECK (true);

ALTER TABLE identity.account ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_organisation ON identity.account TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON identity.terms_acceptance TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY retention_daemon ON identity.account FOR SELECT TO socle_retention USING (true);

CREATE POLICY retention_daemon ON identity.terms_acceptance FOR SELECT TO socle_retention USING (true);

ALTER TABLE identity.terms_acceptance ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_organisation ON retention.source FOR SELECT TO socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY retention_daemon ON retention.source FOR SELECT TO socle_retention USING (true);

ALTER TABLE retention.source ENABLE ROW LEVEL SECURITY;

CREATE POLICY access_daemon ON territory.equipment TO socle_access USING (true) WITH CHECK (true);

CREATE POLICY access_daemon ON territory.nas TO socle_access USING (true) WITH CHECK (true);

ALTER TABLE territory.equipment ENABLE ROW LEVEL SECURITY;

ALTER TABLE territory.nas ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_organisation ON territory.equipment TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY own_organisation ON territory.nas TO socle_portal, socle_console USING ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation))) WITH CHECK ((organisation_id = ( SELECT territory.current_organisation() AS current_organisation)));

CREATE POLICY portal_finds_gateway ON territory.nas FOR SELECT TO socle_portal USING (true);

CREATE POLICY retention_daemon ON territory.equipment FOR SELECT TO socle_retention USING (true);

CREATE POLICY retention_daemon ON territory.nas FOR SELECT TO socle_retention USING (true);

CREATE POLICY supervision_daemon ON territory.equipment FOR SELECT TO socle_supervision USING (true);

CREATE POLICY supervision_daemon ON territory.nas FOR SELECT TO socle_supervision USING (true);

GRANT USAGE ON SCHEMA access TO socle_access;
GRANT USAGE ON SCHEMA access TO socle_portal;
GRANT USAGE ON SCHEMA access TO socle_retention;
GRANT USAGE ON SCHEMA access TO socle_console;

GRANT USAGE ON SCHEMA audit TO socle_portal;
GRANT USAGE ON SCHEMA audit TO socle_console;
GRANT USAGE ON SCHEMA audit TO socle_retention;

GRANT USAGE ON SCHEMA identity TO socle_access;
GRANT USAGE ON SCHEMA identity TO socle_portal;

GRANT USAGE ON SCHEMA retention TO socle_retention;
GRANT USAGE ON SCHEMA retention TO socle_console;

GRANT USAGE ON SCHEMA territory TO socle_access;
GRANT USAGE ON SCHEMA territory TO socle_portal;
GRANT USAGE ON SCHEMA territory TO socle_supervision;
GRANT USAGE ON SCHEMA territory TO socle_retention;
GRANT USAGE ON SCHEMA territory TO socle_console;

REVOKE ALL ON FUNCTION access.drop_auth_event_partitions(oldest date) FROM PUBLIC;
GRANT ALL ON FUNCTION access.drop_auth_event_partitions(oldest date) TO socle_access;
GRANT ALL ON FUNCTION access.drop_auth_event_partitions(oldest date) TO socle_retention;

REVOKE ALL ON FUNCTION access.ensure_auth_event_partitions(first date, days integer) FROM PUBLIC;
GRANT ALL ON FUNCTION access.ensure_auth_event_partitions(first date, days integer) TO socle_access;

REVOKE ALL ON FUNCTION access.ensure_session_partitions(first date, months integer) FROM PUBLIC;
GRANT ALL ON FUNCTION access.ensure_session_partitions(first date, months integer) TO socle_access;

REVOKE ALL ON FUNCTION access.forget_auth_events(sites bigint[], oldest timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION access.forget_auth_events(sites bigint[], oldest timestamp with time zone[]) TO socle_access;
GRANT ALL ON FUNCTION access.forget_auth_events(sites bigint[], oldest timestamp with time zone[]) TO socle_retention;

REVOKE ALL ON FUNCTION access.gateway_of_hash(wanted bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION access.gateway_of_hash(wanted bytea) TO socle_portal;

GRANT INSERT ON TABLE access.auth_event TO socle_access;
GRANT SELECT ON TABLE access.auth_event TO socle_retention;
GRANT SELECT ON TABLE access.auth_event TO socle_console;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE access.live_session TO socle_access;
GRANT SELECT,INSERT,UPDATE ON TABLE access.live_session TO socle_portal;
GRANT SELECT ON TABLE access.live_session TO socle_retention;

GRANT SELECT,INSERT,DELETE ON TABLE access.session TO socle_access;
GRANT INSERT ON TABLE access.session TO socle_portal;
GRANT SELECT ON TABLE access.session TO socle_retention;

GRANT SELECT ON TABLE access.every_session TO socle_retention;
GRANT SELECT ON TABLE access.every_session TO socle_access;

GRANT SELECT ON TABLE access.login_grant TO socle_access;
GRANT SELECT,INSERT ON TABLE access.login_grant TO socle_portal;

GRANT UPDATE(expires_at) ON TABLE access.login_grant TO socle_portal;

GRANT UPDATE(revoked_at) ON TABLE access.login_grant TO socle_portal;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE access.outbox TO socle_access;
GRANT INSERT ON TABLE access.outbox TO socle_portal;

GRANT SELECT,INSERT,DELETE ON TABLE access.portal_handoff TO socle_portal;

GRANT UPDATE(offered_at) ON TABLE access.portal_handoff TO socle_portal;

GRANT UPDATE(acknowledged_at) ON TABLE access.portal_handoff TO socle_portal;

GRANT UPDATE(closed_at) ON TABLE access.portal_handoff TO socle_portal;

GRANT SELECT,INSERT,DELETE ON TABLE access.session_attempt TO socle_access;
GRANT SELECT ON TABLE access.session_attempt TO socle_retention;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE access.unknown_source TO socle_access;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE access.usage TO socle_access;
GRANT SELECT,INSERT,UPDATE ON TABLE access.usage TO socle_portal;

GRANT SELECT ON TABLE access.voucher TO socle_access;
GRANT SELECT ON TABLE access.voucher TO socle_portal;

GRANT UPDATE(label) ON TABLE access.voucher TO socle_portal;

GRANT SELECT ON TABLE access.wifi_key TO socle_access;

GRANT INSERT ON TABLE audit.event TO socle_portal;
GRANT INSERT ON TABLE audit.event TO socle_console;
GRANT INSERT ON TABLE audit.event TO socle_retention;

GRANT SELECT ON TABLE identity.account TO socle_access;

GRANT UPDATE(last_seen_on) ON TABLE identity.account TO socle_access;

GRANT INSERT ON TABLE identity.terms_acceptance TO socle_portal;

GRANT SELECT ON TABLE retention.injunction TO socle_retention;
GRANT SELECT ON TABLE retention.injunction TO socle_console;

GRANT SELECT,INSERT,UPDATE ON TABLE retention.segment TO socle_retention;
GRANT SELECT ON TABLE retention.segment TO socle_console;

GRANT SELECT ON TABLE retention.source TO socle_retention;
GRANT SELECT ON TABLE retention.source TO socle_console;

GRANT SELECT,INSERT,UPDATE ON TABLE retention.source_state TO socle_retention;
GRANT SELECT ON TABLE retention.source_state TO socle_console;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE retention.unknown_sender TO socle_retention;
GRANT SELECT ON TABLE retention.unknown_sender TO socle_console;

GRANT SELECT,DELETE ON TABLE territory.change TO socle_access;
GRANT SELECT ON TABLE territory.change TO socle_portal;
GRANT SELECT ON TABLE territory.change TO socle_supervision;
GRANT SELECT ON TABLE territory.change TO socle_retention;
GRANT SELECT ON TABLE territory.change TO socle_console;

GRANT SELECT ON TABLE territory.equipment TO socle_access;
GRANT SELECT ON TABLE territory.equipment TO socle_supervision;
GRANT SELECT ON TABLE territory.equipment TO socle_console;

GRANT SELECT ON TABLE territory.nas TO socle_access;

GRANT SELECT(id) ON TABLE territory.nas TO socle_portal;
GRANT SELECT(id) ON TABLE territory.nas TO socle_console;
GRANT SELECT(id) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(organisation_id) ON TABLE territory.nas TO socle_portal;
GRANT SELECT(organisation_id) ON TABLE territory.nas TO socle_console;
GRANT SELECT(organisation_id) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(site_id) ON TABLE territory.nas TO socle_portal;
GRANT SELECT(site_id) ON TABLE territory.nas TO socle_console;
GRANT SELECT(site_id) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(equipment_id) ON TABLE territory.nas TO socle_console;
GRANT SELECT(equipment_id) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(name) ON TABLE territory.nas TO socle_portal;
GRANT SELECT(name) ON TABLE territory.nas TO socle_console;
GRANT SELECT(name) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(profile) ON TABLE territory.nas TO socle_portal;
GRANT SELECT(profile) ON TABLE territory.nas TO socle_console;
GRANT SELECT(profile) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(source) ON TABLE territory.nas TO socle_portal;
GRANT SELECT(source) ON TABLE territory.nas TO socle_console;
GRANT SELECT(source) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(identifier) ON TABLE territory.nas TO socle_portal;
GRANT SELECT(identifier) ON TABLE territory.nas TO socle_console;
GRANT SELECT(identifier) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(message_authenticator) ON TABLE territory.nas TO socle_console;
GRANT SELECT(message_authenticator) ON TABLE territory.nas TO socle_supervision;

GRANT UPDATE(message_authenticator_seen_at) ON TABLE territory.nas TO socle_access;
GRANT SELECT(message_authenticator_seen_at) ON TABLE territory.nas TO socle_console;
GRANT SELECT(message_authenticator_seen_at) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(coa_address) ON TABLE territory.nas TO socle_console;
GRANT SELECT(coa_address) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(coa_port) ON TABLE territory.nas TO socle_console;
GRANT SELECT(coa_port) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(portal_key) ON TABLE territory.nas TO socle_portal;

GRANT SELECT(created_at) ON TABLE territory.nas TO socle_console;
GRANT SELECT(created_at) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT(certificate_name) ON TABLE territory.nas TO socle_console;
GRANT SELECT(certificate_name) ON TABLE territory.nas TO socle_supervision;

GRANT SELECT ON TABLE territory.network TO socle_access;
GRANT SELECT ON TABLE territory.network TO socle_portal;
GRANT SELECT ON TABLE territory.network TO socle_supervision;
GRANT SELECT ON TABLE territory.network TO socle_retention;
GRANT SELECT ON TABLE territory.network TO socle_console;

GRANT SELECT ON TABLE territory.organisation TO socle_access;
GRANT SELECT ON TABLE territory.organisation TO socle_portal;
GRANT SELECT ON TABLE territory.organisation TO socle_supervision;
GRANT SELECT ON TABLE territory.organisation TO socle_retention;
GRANT SELECT ON TABLE territory.organisation TO socle_console;

GRANT SELECT ON TABLE territory.package_release TO socle_access;
GRANT SELECT ON TABLE territory.package_release TO socle_portal;
GRANT SELECT ON TABLE territory.package_release TO socle_supervision;
GRANT SELECT ON TABLE territory.package_release TO socle_retention;
GRANT SELECT ON TABLE territory.package_release TO socle_console;

GRANT SELECT ON TABLE territory.site TO socle_access;
GRANT SELECT ON TABLE territory.site TO socle_portal;
GRANT SELECT ON TABLE territory.site TO socle_supervision;
GRANT SELECT ON TABLE territory.site TO socle_retention;
GRANT SELECT ON TABLE territory.site TO socle_console;
