-- Why: an account or a voucher may be in a group, to which the site's package gives a VLAN, a role and rights of its own;
-- and a household or a device may have a WPA key of its own (DPSK, iPSK, MPSK), which access points ask for by the
-- device's address.
-- Locks: ACCESS EXCLUSIVE on identity.account and access.voucher while each is read once, for the CHECK of the new column.
-- Older code: knows neither the columns nor the table; who is in a group has the package's ordinary rights meanwhile, and a
-- device with a key and no grant is unknown.
ALTER TABLE identity.account ADD COLUMN group_name text CHECK (group_name ~ '^[a-z0-9][a-z0-9-]{0,62}$');
ALTER TABLE access.voucher ADD COLUMN group_name text CHECK (group_name ~ '^[a-z0-9][a-z0-9-]{0,62}$');

DROP TRIGGER account_change ON identity.account;
CREATE TRIGGER account_change AFTER UPDATE OF password_hash, rights, closed_at, group_name OR DELETE ON identity.account
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('account');
DROP TRIGGER voucher_change ON access.voucher;
CREATE TRIGGER voucher_change
    AFTER UPDATE OF revoked_at, valid_until, valid_from, rights, devices, group_name OR DELETE ON access.voucher
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('voucher');

-- The key of a device, or of all devices that hold a grant of the account: a household's. What its devices use counts
-- for the account.
CREATE TABLE access.wifi_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    site_id bigint REFERENCES territory.site ON DELETE CASCADE, -- null: every site of the organisation
    account_id bigint NOT NULL REFERENCES identity.account ON DELETE CASCADE,
    device macaddr,                   -- null: every device that holds a grant of the account
    group_name text CHECK (group_name ~ '^[a-z0-9][a-z0-9-]{0,62}$'), -- null: the account's
    psk bytea NOT NULL,               -- 8 to 63 octets, sealed under the installation's key file
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
CREATE UNIQUE INDEX wifi_key_device ON access.wifi_key (device, organisation_id, site_id) NULLS NOT DISTINCT
    WHERE device IS NOT NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX wifi_key_household ON access.wifi_key (account_id, site_id) NULLS NOT DISTINCT
    WHERE device IS NULL AND revoked_at IS NULL;
CREATE INDEX wifi_key_account ON access.wifi_key (account_id);

GRANT SELECT ON access.wifi_key TO socle_access;
ALTER TABLE access.wifi_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY access_daemon ON access.wifi_key TO socle_access USING (true) WITH CHECK (true);
CREATE POLICY own_organisation ON access.wifi_key TO socle_portal, socle_console
    USING (organisation_id = (SELECT territory.current_organisation()))
    WITH CHECK (organisation_id = (SELECT territory.current_organisation()));

-- To the daemons a key is a part of its account.
CREATE FUNCTION access.record_wifi_key_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    changed bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.account_id ELSE NEW.account_id END;
    sequence bigint;
BEGIN
    INSERT INTO territory.change (subject, key) VALUES ('account', changed) RETURNING id INTO sequence;
    PERFORM pg_notify('socle_change', sequence || ':account:' || changed);
    RETURN NULL;
END $$;
CREATE TRIGGER wifi_key_change AFTER INSERT OR UPDATE OR DELETE ON access.wifi_key
    FOR EACH ROW EXECUTE FUNCTION access.record_wifi_key_change();
