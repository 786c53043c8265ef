-- Why: an openNDS gateway speaks no RADIUS. What the portal decided waits here until the gateway has fetched or taken it,
-- so that any portal node can answer the gateway, and is then the link between the gateway's own report and the session.
-- Locks: none that matters, the table is new. Older code: does not know it.
CREATE TABLE access.portal_handoff (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    site_id bigint NOT NULL REFERENCES territory.site ON DELETE CASCADE,
    nas_id bigint NOT NULL REFERENCES territory.nas ON DELETE CASCADE,
    login_grant_id bigint NOT NULL REFERENCES access.login_grant ON DELETE CASCADE,
    session_id uuid NOT NULL UNIQUE,  -- the session this becomes; the gateway hands it back when the session ends
    gateway_hash bytea NOT NULL CHECK (octet_length(gateway_hash) = 32), -- what the gateway calls itself by
    token text NOT NULL CHECK (token ~ '^[0-9a-f]{64}$'), -- what the gateway knows the device by
    parameters text NOT NULL CHECK (char_length(parameters) <= 400), -- minutes, rates, quotas, custom text
    fetched boolean NOT NULL,         -- false: the visitor's browser carries the token to the gateway
    device macaddr,
    address inet,                     -- of the device, as the gateway sees it
    visitor_address inet,             -- where the visitor's request came from
    created_at timestamptz NOT NULL,
    offered_at timestamptz,           -- when the gateway last fetched it
    acknowledged_at timestamptz,      -- when the gateway let the device through
    ends_at timestamptz NOT NULL,     -- when the allowance ends
    closed_at timestamptz             -- when the session ended, or this was given up
);
CREATE INDEX portal_handoff_open ON access.portal_handoff (gateway_hash) WHERE closed_at IS NULL;
CREATE INDEX portal_handoff_organisation ON access.portal_handoff (organisation_id, created_at);
CREATE INDEX portal_handoff_grant ON access.portal_handoff (login_grant_id);

GRANT SELECT, INSERT, DELETE ON access.portal_handoff TO socle_portal;
GRANT UPDATE (offered_at, acknowledged_at, closed_at) ON access.portal_handoff TO socle_portal;
ALTER TABLE access.portal_handoff ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON access.portal_handoff TO socle_portal, socle_console
    USING (organisation_id = (SELECT territory.current_organisation()))
    WITH CHECK (organisation_id = (SELECT territory.current_organisation()));

-- A gateway that asks names itself by a digest alone: whose it is has to be known before the organisation can be set.
CREATE FUNCTION access.gateway_of_hash(wanted bytea)
    RETURNS TABLE (organisation_id bigint, site_id bigint, nas_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT h.organisation_id, h.site_id, h.nas_id FROM access.portal_handoff h
    WHERE h.gateway_hash = wanted ORDER BY h.id DESC LIMIT 1
$$;
REVOKE ALL ON FUNCTION access.gateway_of_hash(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access.gateway_of_hash(bytea) TO socle_portal;
CREATE INDEX portal_handoff_gateway ON access.portal_handoff (gateway_hash, id);
