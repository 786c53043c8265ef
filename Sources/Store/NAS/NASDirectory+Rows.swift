internal import Foundation
internal import OpenSSL
internal import Postgres
internal import Territory

extension NASDirectory {
    /// Reads a row of ``columns`` and opens its secrets.
    static func server(_ row: Row, keys: InstallationKeys) throws -> NAS {
        var columns = ColumnReader(row)
        let id = try columns.next(NASID.self)
        func open(_ sealed: [UInt8]?, _ column: String) throws -> Secret? {
            guard let sealed else { return nil }
            return Secret(try keys.secrets.open(sealed, at: .nas(column, id)))
        }
        let (organisation, site) = (try columns.next(OrganisationID.self), try columns.next(SiteID.self))
        let equipment = try columns.next(EquipmentID?.self)
        let (name, profile) = (try columns.next(String.self), try columns.next(String.self))
        let (source, identifier) = (try columns.nextPrefix(), try columns.next(String?.self))
        guard let secret = try open(try columns.next(), "secret") else { throw StoreError(.unreadable, "nas.secret") }
        let (policy, seenAt) = (
            try columns.nextCase() as NAS.MessageAuthenticatorPolicy, try columns.next(Date?.self)
        )
        let (address, port) = (try columns.nextAddress(), try columns.next(Int?.self))
        let coaSecret = try open(try columns.next(), "coa_secret")
        let portalKey = try open(try columns.next(), "portal_key")
        return NAS(
            id: id, organisationID: organisation, siteID: site, equipmentID: equipment, name: name, profile: profile,
            source: source, identifier: identifier, certificateName: try columns.next(), secret: secret,
            messageAuthenticator: policy, messageAuthenticatorSeenAt: seenAt, coaAddress: address, coaPort: port,
            coaSecret: coaSecret, portalKey: portalKey)
    }

    /// Adds a NAS to a site within a transaction of the owner.
    static func insert(
        _ request: NewNAS, site: SiteID, keys: InstallationKeys, in transaction: PostgresTransaction
    ) async throws -> NAS {
        guard request.source != nil || request.identifier != nil || request.certificateName != nil else {
            throw StoreError(.invalid, "a NAS needs a source, an identifier or a certificate name")
        }
        // A secret is sealed to its row, so the row's id has to be known before it exists.
        let ids = try await transaction.query(
            """
            SELECT nextval(pg_get_serial_sequence('territory.nas', 'id')), organisation_id
            FROM territory.site WHERE id = \(site)
            """)
        guard let (id, organisation) = try ids.first?.decode(NASID.self, OrganisationID.self) else {
            throw StoreError(.notFound, "site \(site)")
        }
        func seal(_ secret: Secret?, _ column: String) throws -> [UInt8]? {
            guard let secret else { return nil }
            return try keys.secrets.seal(secret.bytes, at: .nas(column, id))
        }
        do {
            let rows = try await transaction.query(
                """
                INSERT INTO territory.nas (id, organisation_id, site_id, equipment_id, name, profile, source,
                    identifier, secret, message_authenticator, coa_address, coa_port, coa_secret, portal_key,
                    certificate_name)
                OVERRIDING SYSTEM VALUE
                VALUES (\(id), \(organisation), \(site), \(request.equipmentID), \(request.name), \(request.profile),
                    \(request.source?.description)::text::cidr, \(request.identifier), \(try seal(request.secret, "secret")),
                    \(request.messageAuthenticator.rawValue), \(request.coaAddress?.description)::text::inet,
                    \(request.coaPort), \(try seal(request.coaSecret, "coa_secret")),
                    \(try seal(request.portalKey, "portal_key")), \(request.certificateName))
                RETURNING \(Self.columns)
                """)
            guard let row = rows.first else { throw StoreError(.notFound, "site \(site)") }
            return try server(row, keys: keys)
        } catch let error as PostgresError where error.sqlState == SQLState.uniqueViolation {
            throw StoreError(.duplicate, "a NAS with this name, source, identifier or certificate name")
        }
    }
}

extension SecretBox.Place {
    /// A sealed column of `territory.nas`.
    static func nas(_ column: String, _ id: NASID) -> Self {
        SecretBox.Place(table: "territory.nas", column: column, row: id.rawValue)
    }
}
