public import Foundation
internal import Postgres
public import Territory

extension Vouchers {
    /// Lets a visitor in with a voucher, or says why not.
    ///
    /// The voucher's row is locked while its devices are counted, so of two devices that come at once with a voucher for
    /// one, exactly one gets in. A device that holds a grant of this voucher here gets that one again: going back and
    /// typing the code once more costs no place; and a phone that has made itself another address takes over the place of
    /// the one that fell silent, whose grant ends (``Territory/DeviceBinding``). The grant ends at `expiresAt` or with the
    /// voucher, whichever is first.
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
            switch try await Self.place(for: device, at: site, among: inForce, of: voucher, now: now, in: transaction) {
            case .own(let index): return .granted(IssuedGrant(inForce[index], credential: keys.grants))
            case .free: break
            case .replaces(let index):
                let replaced = inForce.filter { $0.device == inForce[index].device }.map(\.id)
                _ = try await transaction.query(
                    "UPDATE access.login_grant SET revoked_at = \(now) WHERE id = ANY(\(replaced))")
            case .none: return .refused(.devicesExhausted)
            }
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

    /// The place of a device among those that hold a grant. When each was last heard of is asked only where it matters:
    /// when there is no room.
    private static func place(
        for device: MACAddress?, at site: SiteID, among grants: [LoginGrant], of voucher: Voucher, now: Date,
        in transaction: PostgresTransaction
    ) async throws -> DeviceBinding.Place {
        func place(_ heard: (LoginGrant) -> Date?) -> DeviceBinding.Place {
            let held = grants.map {
                DeviceBinding.Held(device: $0.device, siteID: $0.siteID, heardAt: heard($0), since: $0.issuedAt)
            }
            return DeviceBinding.place(for: device, at: site, among: held, places: voucher.devices, now: now)
        }
        let crowded = place { _ in now }
        guard crowded == .none, device?.isLocallyAdministered == true else { return crowded }
        let rows = try await transaction.query(
            """
            SELECT s.calling_station, max(s.received_at) FROM access.live_session AS s
            WHERE s.subject_kind = 'voucher' AND s.subject_id = \(voucher.id) AND s.calling_station IS NOT NULL
            GROUP BY 1
            """)
        let heard = Dictionary(
            try rows.decode(String.self, Date.self).map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
        return place { grant in grant.device.flatMap { heard[$0.description] } }
    }
}
