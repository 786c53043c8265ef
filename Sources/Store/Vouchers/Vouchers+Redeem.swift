public import Foundation
internal import Postgres
public import Territory

extension Vouchers {
    /// Lets a visitor in with a voucher, or says why not.
    ///
    /// The voucher's row is locked while its devices are counted, so of two devices that come at once with a voucher for
    /// one, exactly one gets in. A device that holds a grant of this voucher here gets that one again: going back and
    /// typing the code once more costs no place. The grant ends at `expiresAt` or with the voucher, whichever is first.
    public func redeem(
        _ code: VoucherCode, site: SiteID, of organisation: OrganisationID, device: MACAddress?, now: Date,
        expiresAt: Date
    ) async throws -> Redemption {
        let digest = keys.vouchers(code)
        let grants = Grants(client, keys: keys)
        return try await client.transaction(settings: [.organisation(organisation)]) { transaction in
            let rows = try await transaction.query(
                "SELECT \(SQL.voucherColumns) FROM access.voucher v WHERE v.digest = \(digest) FOR NO KEY UPDATE")
            guard let voucher = try rows.first.map(Self.voucher) ?? nil else { return .refused(.unknown) }
            if let refusal = Self.refusal(of: voucher, site: site, organisation: organisation, now: now) {
                return .refused(refusal)
            }
            let held = try await transaction.query(
                """
                SELECT \(SQL.grantColumns) FROM access.login_grant g
                WHERE g.voucher_id = \(voucher.id) AND g.revoked_at IS NULL AND g.expires_at > \(now)
                ORDER BY g.expires_at DESC
                """)
            let inForce = try held.compactMap(Grants.grant)
            if let device, let own = inForce.first(where: { $0.device == device && $0.siteID == site }) {
                return .granted(IssuedGrant(own, credential: keys.grants))
            }
            guard Self.places(taken: inForce, by: device) < voucher.devices else { return .refused(.devicesExhausted) }
            let rowsMade = try await transaction.query(
                Grants.insertion(
                    .voucher, site: site, organisation: organisation, voucher: voucher.id, device: device, now: now,
                    expiresAt: min(expiresAt, voucher.validUntil)))
            return .granted(try grants.issued(rowsMade))
        }
    }

    private static func refusal(
        of voucher: Voucher, site: SiteID, organisation: OrganisationID, now: Date
    ) -> Redemption.Refusal? {
        // The owner sees every organisation's vouchers, the portal only its own: both are told the same.
        if voucher.organisationID != organisation { return .unknown }
        if voucher.revokedAt != nil { return .revoked }
        if let only = voucher.siteID, only != site { return .otherSite }
        if now < voucher.validFrom { return .notYetValid }
        if now >= voucher.validUntil { return .expired }
        return nil
    }

    /// Devices that hold a grant, this one left out; a grant whose gateway named no device is a device of its own.
    private static func places(taken grants: [LoginGrant], by device: MACAddress?) -> Int {
        let others = Set(grants.compactMap(\.device)).subtracting([device].compactMap(\.self))
        return others.count + grants.count(where: { $0.device == nil })
    }
}
