-- Why: each daemon connects as a role that may do its work and no more; a portal or console connection sees the rows of
-- the organisation it acts for, and a forgotten WHERE shows nothing rather than everything.
-- Locks: ACCESS EXCLUSIVE on the tables for an instant (ENABLE ROW LEVEL SECURITY). Older code: connects as the owner, on
-- whom policies do not bear.
--
-- The roles are cluster-wide, so another database of this cluster may have made them already.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['socle_access', 'socle_portal', 'socle_supervision', 'socle_retention', 'socle_console'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role);
        END IF;
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA territory TO socle_access, socle_portal, socle_supervision, socle_retention, socle_console;
GRANT USAGE ON SCHEMA access TO socle_access, socle_portal, socle_retention;
GRANT USAGE ON SCHEMA identity TO socle_access, socle_portal;
GRANT USAGE ON SCHEMA audit TO socle_portal, socle_console;

GRANT SELECT ON territory.organisation, territory.package_release, territory.site, territory.network
    TO socle_access, socle_portal, socle_supervision, socle_retention, socle_console;
GRANT SELECT ON territory.change TO socle_access, socle_portal, socle_supervision, socle_retention, socle_console;
GRANT DELETE ON territory.change TO socle_access;
GRANT SELECT ON territory.equipment TO socle_access, socle_supervision, socle_console;
GRANT SELECT ON territory.nas TO socle_access;
GRANT UPDATE (message_authenticator_seen_at) ON territory.nas TO socle_access;
-- The portal verifies what a gateway signs and needs no RADIUS secret; the console needs neither.
GRANT SELECT (id, organisation_id, site_id, name, profile, source, identifier, portal_key) ON territory.nas TO socle_portal;
GRANT SELECT (id, organisation_id, site_id, equipment_id, name, profile, source, identifier, message_authenticator,
    message_authenticator_seen_at, coa_address, coa_port, created_at) ON territory.nas TO socle_console, socle_supervision;

GRANT SELECT ON identity.account TO socle_access;
GRANT UPDATE (last_seen_on) ON identity.account TO socle_access;
GRANT INSERT ON identity.terms_acceptance TO socle_portal;

GRANT SELECT ON access.voucher, access.login_grant TO socle_access, socle_portal;
GRANT INSERT ON access.login_grant TO socle_portal;
GRANT UPDATE (revoked_at, expires_at) ON access.login_grant TO socle_portal;
GRANT UPDATE (label) ON access.voucher TO socle_portal; -- for SELECT … FOR UPDATE while devices are counted
GRANT SELECT, INSERT, UPDATE, DELETE ON access.live_session, access.usage TO socle_access;
GRANT SELECT, INSERT, UPDATE ON access.live_session TO socle_portal; -- openNDS has no RADIUS: the portal counts it
GRANT SELECT, INSERT, UPDATE ON access.usage TO socle_portal;
-- DELETE: a record that comes late takes its session out of the history again (Decisions/0004).
GRANT SELECT, INSERT, DELETE ON access.session TO socle_access;
GRANT INSERT ON access.session TO socle_portal;
GRANT SELECT ON access.session, access.live_session, access.every_session TO socle_retention;
GRANT SELECT ON access.every_session TO socle_access;
GRANT SELECT, UPDATE, DELETE ON access.outbox TO socle_access;
GRANT INSERT ON access.outbox TO socle_access, socle_portal;
GRANT SELECT, INSERT, UPDATE, DELETE ON access.unknown_source TO socle_access;
GRANT INSERT ON audit.event TO socle_portal, socle_console;
REVOKE ALL ON FUNCTION access.ensure_session_partitions(date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.ensure_session_partitions(date, integer) TO socle_access;

-- Row-level security. Site, network, package and organisation are what a portal page says to everybody, so they are open
-- to the portal; whatever tells who connected is bound to one organisation.
DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['identity.account', 'identity.terms_acceptance', 'access.voucher', 'access.login_grant',
        'access.live_session', 'access.session', 'access.usage', 'access.outbox', 'territory.nas', 'territory.equipment'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY access_daemon ON %s TO socle_access USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY retention_daemon ON %s FOR SELECT TO socle_retention USING (true)', t);
        EXECUTE format('CREATE POLICY own_organisation ON %s TO socle_portal, socle_console '
            'USING (organisation_id = (SELECT territory.current_organisation())) '
            'WITH CHECK (organisation_id = (SELECT territory.current_organisation()))', t);
    END LOOP;
END $$;
CREATE POLICY supervision_daemon ON territory.equipment FOR SELECT TO socle_supervision USING (true);
CREATE POLICY supervision_daemon ON territory.nas FOR SELECT TO socle_supervision USING (true);
-- A gateway is found before its organisation is known; what the portal may read of it is a list of columns above.
CREATE POLICY portal_finds_gateway ON territory.nas FOR SELECT TO socle_portal USING (true);

-- These two look rows up by key and nothing else. Their prepared plans are often made while a table is empty, when reading
-- it whole looks cheapest, and are kept while it grows: so they are made without that choice.
DO $$
DECLARE
    role text;
    setting text;
BEGIN
    FOREACH role IN ARRAY ARRAY['socle_access', 'socle_portal'] LOOP
        FOREACH setting IN ARRAY ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'jit'] LOOP
            EXECUTE format('ALTER ROLE %I SET %I = off', role, setting);
        END LOOP;
    END LOOP;
END $$;
