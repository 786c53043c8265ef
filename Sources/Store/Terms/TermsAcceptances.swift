public import Foundation
public import Postgres
public import Territory

/// Terms accepted on a portal page (CPCE R.10-13 II), kept until they expire.
public struct TermsAcceptances: Sendable {
    private let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    /// Records that a device's user accepted a version of the terms in a language.
    public func record(
        site: SiteID, of organisation: OrganisationID, device: MACAddress?, address: IPAddress?, termsVersion: String,
        language: String, acceptedAt: Date, expiresAt: Date
    ) async throws {
        _ = try await client.write(
            """
            INSERT INTO identity.terms_acceptance (organisation_id, site_id, device, address, terms_version, language,
                accepted_at, expires_at)
            VALUES (\(organisation), \(site), \(device?.description)::text::macaddr, \(address?.description)::text::inet,
                \(termsVersion), \(language), \(acceptedAt), \(expiresAt))
            """, settings: [.organisation(organisation)], repeatable: false)
    }
}
