public import Foundation
internal import Postgres
public import Territory

extension Vouchers {
    /// What taking vouchers back did.
    public struct Revocation: Sendable, Hashable {
        /// Vouchers that were valid until then.
        public let vouchers: Int
        /// Grants made for them that end with them.
        public let grants: Int
        /// Live sessions that will be disconnected.
        public let sessions: Int

        /// These counts.
        public init(vouchers: Int, grants: Int, sessions: Int) {
            (self.vouchers, self.grants, self.sessions) = (vouchers, grants, sessions)
        }
    }

    /// Takes vouchers back: they, their grants, and by way of the outbox their live sessions, in one statement. Safe to
    /// repeat; what was taken back before is not counted.
    public func revoke(
        _ ids: [VoucherID], of organisation: OrganisationID, at instant: Date
    ) async throws -> Revocation {
        let rows = try await client.write(
            """
            WITH revoked AS (
                UPDATE access.voucher SET revoked_at = \(instant)
                WHERE id = ANY(\(ids)) AND organisation_id = \(organisation) AND revoked_at IS NULL
                RETURNING id
            ), ended AS (
                UPDATE access.login_grant SET revoked_at = \(instant)
                WHERE voucher_id IN (SELECT id FROM revoked) AND revoked_at IS NULL AND expires_at > \(instant)
                RETURNING id
            ), ordered AS (
                INSERT INTO access.outbox (organisation_id, command, nas_id, session_id, reason)
                SELECT s.organisation_id, 'disconnect', s.nas_id, s.session_id, 'revoked' FROM access.live_session s
                WHERE s.subject_kind = 'voucher' AND s.subject_id IN (SELECT id FROM revoked) AND s.stopped_at IS NULL
                    AND EXISTS (SELECT FROM territory.nas n WHERE n.id = s.nas_id)
                ON CONFLICT DO NOTHING
                RETURNING id
            )
            SELECT (SELECT count(*) FROM revoked), (SELECT count(*) FROM ended), (SELECT count(*) FROM ordered)
            """, settings: [.organisation(organisation)], repeatable: true)
        guard let (vouchers, grants, sessions) = try rows.first?.decode(Int.self, Int.self, Int.self) else {
            throw StoreError(.notFound, "voucher")
        }
        return Revocation(vouchers: vouchers, grants: grants, sessions: sessions)
    }
}
