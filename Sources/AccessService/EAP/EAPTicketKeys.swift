internal import Foundation
internal import OpenSSL
internal import Store

/// The keys of session tickets, derived from the installation's key so that every node resumes what another let in. They
/// change every week; tickets under the keys of the week before are still taken.
struct EAPTicketKeys: Sendable {
    private static let weekSeconds = 604_800.0

    private let installation: InstallationKeys
    private let lifetimeSeconds: Int

    init(keys: InstallationKeys, lifetime: Duration) {
        (installation, lifetimeSeconds) = (keys, Int(lifetime.components.seconds))
    }

    /// The number of the week, counted from 1970.
    static func period(_ now: Date) -> Int {
        Int(exactly: (now.timeIntervalSince1970 / weekSeconds).rounded(.down)) ?? 0
    }

    /// nil: sessions are not resumed.
    func keys(of period: Int) -> TLSTicketKeys? {
        guard lifetimeSeconds > 0 else { return nil }
        return TLSTicketKeys(
            current: key(period), previous: key(period - 1), lifetimeSeconds: lifetimeSeconds)
    }

    private func key(_ period: Int) -> [UInt8] {
        let parts = (0..<3).flatMap { installation.subkey("eap-ticket-\(period)-\($0)") }
        return Array(parts.prefix(TLSTicketKeys.keyLength))
    }
}
