-- Why: who runs which site, with which package release, on which equipment. Everything else refers to these tables.
-- Locks: none that matters, the tables are new. Older code: there is none.
CREATE SCHEMA territory;
CREATE SCHEMA audit;

-- The organisation a connection acts for. Unset means none, and none sees nothing (row-level security below).
CREATE FUNCTION territory.current_organisation() RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('socle.organisation', true), '')::bigint;

CREATE TABLE territory.organisation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id bigint REFERENCES territory.organisation,
    kind text NOT NULL CHECK (kind IN ('departement', 'epci', 'commune', 'partner')),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    code_insee text UNIQUE CHECK (code_insee ~ '^[0-9][0-9AB][0-9]{3}$|^[0-9][0-9AB]$|^97[0-9]$'),
    latitude double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision CHECK (longitude BETWEEN -180 AND 180),
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (kind <> 'commune' OR code_insee IS NOT NULL)
);
CREATE INDEX organisation_parent ON territory.organisation (parent_id);

CREATE TABLE territory.package_release (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    version integer NOT NULL CHECK (version > 0),
    document jsonb NOT NULL,          -- the package with its `extends` resolved
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    published_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (name, version)
);

CREATE TABLE territory.site (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    package_release_id bigint NOT NULL REFERENCES territory.package_release,
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    time_zone text NOT NULL DEFAULT 'Europe/Paris',
    latitude double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision CHECK (longitude BETWEEN -180 AND 180),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX site_organisation ON territory.site (organisation_id);

CREATE TABLE territory.network (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    site_id bigint NOT NULL REFERENCES territory.site ON DELETE CASCADE,
    name text NOT NULL,
    ssid text NOT NULL CHECK (octet_length(ssid) BETWEEN 1 AND 32),
    vlan integer CHECK (vlan BETWEEN 1 AND 4094),
    encryption text NOT NULL CHECK (encryption IN ('open', 'owe', 'wpa2-psk', 'wpa3-sae', 'wpa2-enterprise', 'wpa3-enterprise')),
    handoff text NOT NULL CHECK (handoff IN ('uam', 'opennds-fas', 'mac-coa', 'none')),
    UNIQUE (site_id, name)
);

CREATE TABLE territory.equipment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    site_id bigint NOT NULL REFERENCES territory.site ON DELETE CASCADE,
    name text NOT NULL,
    profile text NOT NULL,            -- names a file of config/equipment
    management_address inet,
    mac macaddr,
    UNIQUE (site_id, name)
);

-- A network access server: what RADIUS requests come from, and what CoA and Disconnect go to.
CREATE TABLE territory.nas (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    site_id bigint NOT NULL REFERENCES territory.site ON DELETE CASCADE,
    equipment_id bigint REFERENCES territory.equipment ON DELETE SET NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 63),
    profile text NOT NULL,            -- names a file of config/equipment
    source cidr,                      -- where its packets come from; the longest prefix wins
    identifier text CHECK (char_length(identifier) BETWEEN 1 AND 253), -- NAS-Identifier, for those behind NAT
    secret bytea NOT NULL,            -- sealed under the installation's key file
    message_authenticator text NOT NULL DEFAULT 'auto' CHECK (message_authenticator IN ('auto', 'require', 'off')),
    message_authenticator_seen_at timestamptz, -- `auto` requires it from then on (BlastRADIUS, CVE-2024-3596)
    coa_address inet,                 -- null: the source address of its packets
    coa_port integer CHECK (coa_port BETWEEN 1 AND 65535), -- null: the profile's
    coa_secret bytea,                 -- null: `secret`
    portal_key bytea,                 -- openNDS faskey or UAM secret, sealed; null: none
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (site_id, name),
    CHECK (source IS NOT NULL OR identifier IS NOT NULL)
);
CREATE UNIQUE INDEX nas_source ON territory.nas (source) WHERE identifier IS NULL;
CREATE UNIQUE INDEX nas_identifier ON territory.nas (identifier) WHERE identifier IS NOT NULL;

-- The change feed: daemons hold read-through caches and drop what a row here names. NOTIFY wakes them; the table lets
-- them catch up after a gap. They do so by transaction, not by id: an id is taken before its row can be seen, so a slow
-- transaction's row appears behind ids already read. Rows older than an hour are of use to nobody.
CREATE TABLE territory.change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    subject text NOT NULL,            -- nas, site, voucher, login_grant, account
    key bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX change_transaction ON territory.change (transaction);
CREATE INDEX change_at ON territory.change (at);

CREATE FUNCTION territory.record_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    changed bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
    sequence bigint;
BEGIN
    INSERT INTO territory.change (subject, key) VALUES (TG_ARGV[0], changed) RETURNING id INTO sequence;
    PERFORM pg_notify('socle_change', sequence || ':' || TG_ARGV[0] || ':' || changed);
    RETURN NULL;
END $$;

CREATE TRIGGER nas_change AFTER INSERT OR DELETE ON territory.nas
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('nas');
-- Not on message_authenticator_seen_at: the access daemon writes it itself, and it knows.
CREATE TRIGGER nas_update AFTER UPDATE OF source, identifier, secret, message_authenticator, coa_address, coa_port,
    coa_secret, portal_key, profile, site_id ON territory.nas
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('nas');
CREATE TRIGGER site_change AFTER INSERT OR UPDATE OR DELETE ON territory.site
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('site');

-- Who did what in our software (CNIL 2021-122, class C8). No identity of a visitor is ever written here.
CREATE TABLE audit.event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    action text NOT NULL,
    organisation_id bigint,
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX event_at ON audit.event (at);
