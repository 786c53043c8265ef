-- Why: accounts that people keep, apart from what they did (CJEU C-470/21: identity, attribution and traffic are separate
-- stores). Locks: none that matters, the tables are new. Older code: does not know these tables.
CREATE SCHEMA identity;

CREATE TABLE identity.account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    login text NOT NULL UNIQUE CHECK (login = lower(login) AND char_length(login) BETWEEN 1 AND 253),
    password_hash text NOT NULL,      -- crypt(5) format; yescrypt when we made it
    rights jsonb,                     -- what differs from the site's package; null: nothing
    opened_at timestamptz NOT NULL DEFAULT now(),
    last_seen_on date,                -- an inactivity rule closes accounts, or "five years after" never starts
    closed_at timestamptz
);
-- Not on INSERT: nobody remembers for more than seconds that an account does not exist, and imports are large.
CREATE TRIGGER account_change AFTER UPDATE OF password_hash, rights, closed_at OR DELETE ON identity.account
    FOR EACH ROW EXECUTE FUNCTION territory.record_change('account');

-- Terms accepted on a portal page (CPCE R.10-13 II, class C2): the last version, by device.
CREATE TABLE identity.terms_acceptance (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id bigint NOT NULL REFERENCES territory.organisation,
    site_id bigint NOT NULL REFERENCES territory.site,
    device macaddr,
    address inet,
    terms_version text NOT NULL,
    language text NOT NULL,
    accepted_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX terms_acceptance_expiry ON identity.terms_acceptance (expires_at);
