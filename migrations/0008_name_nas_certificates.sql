-- Why: a NAS behind NAT or on a dynamic address proves by a certificate who it is (RadSec, RFC 6614). The name in that
-- certificate (a DNS name, a realm, or the common name) says which NAS it is.
-- Locks: ACCESS EXCLUSIVE on territory.nas while its rows, one for each gateway, are read for the CHECKs.
-- Older code: knows no RadSec. It serves a NAS that has a certificate's name and neither source nor identifier to nobody.
ALTER TABLE territory.nas
    ADD COLUMN certificate_name text UNIQUE CHECK (char_length(certificate_name) BETWEEN 1 AND 253
        AND certificate_name = lower(certificate_name)),
    DROP CONSTRAINT nas_check,
    ADD CONSTRAINT nas_is_recognised CHECK (num_nonnulls(source, identifier, certificate_name) > 0);

DROP TRIGGER nas_update ON territory.nas;
-- Not on message_authenticator_seen_at: the access daemon writes it itself, and it knows.
CREATE TRIGGER nas_update AFTER UPDATE OF source, identifier, secret, message_authenticator, coa_address, coa_port,
    coa_secret, portal_key, profile, site_id, certificate_name ON territory.nas
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('nas');

GRANT SELECT (certificate_name) ON territory.nas TO socle_console, socle_supervision;
