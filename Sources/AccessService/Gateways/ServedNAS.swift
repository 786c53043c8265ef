internal import Foundation
import Synchronization
internal import Territory

/// A NAS as the packet threads share it: what the store says, and what its packets have taught us since.
final class ServedNAS: Sendable {
    let nas: NAS
    /// nil: its site or package cannot be read; logins are refused as unavailable, accounting is stored.
    let site: SiteContext?
    let profile: EquipmentProfile?
    let template: ReplyTemplate?
    private let hasSignedRequests: Atomic<Bool>
    private let lastPeer = Mutex<PeerAddress?>(nil)
    private let learned: @Sendable (NASID) -> Void

    init(
        _ nas: NAS, site: SiteContext?, profile: EquipmentProfile?, template: ReplyTemplate?,
        learned: @escaping @Sendable (NASID) -> Void
    ) {
        (self.nas, self.site, self.profile, self.template, self.learned) = (nas, site, profile, template, learned)
        hasSignedRequests = Atomic(nas.messageAuthenticatorSeenAt != nil)
    }

    /// Whether an Access-Request without Message-Authenticator is dropped now.
    var requiresMessageAuthenticator: Bool {
        switch nas.messageAuthenticator {
        case .require: true
        case .off: false
        case .auto: hasSignedRequests.load(ordering: .relaxed)
        }
    }

    /// Called for each request with a valid Message-Authenticator: the first one is remembered for good.
    func learnMessageAuthenticator() {
        guard !hasSignedRequests.load(ordering: .relaxed) else { return }
        guard !hasSignedRequests.exchange(true, ordering: .relaxed) else { return }
        learned(nas.id)
    }

    /// Takes over what was learned by the entry this one replaces.
    func inherit(from other: ServedNAS) {
        if other.hasSignedRequests.load(ordering: .relaxed) { hasSignedRequests.store(true, ordering: .relaxed) }
        let peer = other.peer
        lastPeer.withLock { $0 = $0 ?? peer }
    }

    /// Where its requests came from last, and to which of our addresses; nil before the first.
    var peer: PeerAddress? {
        get { lastPeer.withLock(\.self) }
        set { lastPeer.withLock { $0 = newValue } }
    }
}
