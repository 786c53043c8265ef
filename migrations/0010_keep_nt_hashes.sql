-- Why: MS-CHAPv2 (PEAP of phones and Windows) is computed from the NT hash of the password, which no other hash yields. An
-- account may keep one, sealed under the installation's key file: it is as good as the password.
-- Locks: ACCESS EXCLUSIVE on identity.account for an instant; no rewrite, the column has no default.
-- Older code: does not know the column; it changes passwords all the same, and the trigger then forgets the hash of the
-- password before.
ALTER TABLE identity.account ADD COLUMN nt_hash bytea; -- 16 octets, sealed; null: none is kept

CREATE FUNCTION identity.forget_nt_hash() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.nt_hash := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER account_password BEFORE UPDATE OF password_hash ON identity.account
    FOR EACH ROW WHEN (NEW.password_hash <> OLD.password_hash AND NEW.nt_hash IS NOT DISTINCT FROM OLD.nt_hash)
    EXECUTE FUNCTION identity.forget_nt_hash();

DROP TRIGGER account_change ON identity.account;
CREATE TRIGGER account_change
    AFTER UPDATE OF password_hash, nt_hash, rights, closed_at, group_name OR DELETE ON identity.account
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('account');
