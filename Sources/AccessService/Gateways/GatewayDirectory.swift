internal import Foundation
internal import Logging
internal import RADIUS
import Synchronization
internal import Territory

/// The NAS that the packet threads serve: a snapshot that is replaced as a whole when the store changes.
final class GatewayDirectory: Sendable {
    private let current = Mutex(GatewaySnapshot([]))
    private let counter = Atomic<Int>(0)
    /// NAS that have just sent their first Message-Authenticator, to be remembered in the store.
    let learned = BatchInbox<NASID>(capacity: 65_536)
    private let templates: [String: ReplyTemplate]
    private let profiles: [String: EquipmentProfile]
    private let logger: Logger

    init(profiles: EquipmentLibrary, dictionary: AttributeDictionary, logger: Logger) {
        self.profiles = profiles.profiles
        templates = profiles.profiles.mapValues { ReplyTemplate($0, dictionary: dictionary) }
        self.logger = logger
        for (name, template) in templates where !template.unknown.isEmpty {
            logger.warning(
                "attributes of an equipment profile are in no dictionary and are not sent",
                metadata: ["profile": "\(name)", "attributes": "\(template.unknown.joined(separator: ", "))"])
        }
    }

    /// Changes whenever the snapshot does.
    var generation: Int { counter.load(ordering: .acquiring) }

    var snapshot: GatewaySnapshot { current.withLock(\.self) }

    /// Publishes the NAS of the store. Entries that did not change stay the same objects, so that the packet threads keep
    /// what they hold of them; those that did keep what their packets have taught us.
    func replace(_ entries: [(nas: NAS, site: SiteContext?)]) {
        let old = snapshot
        let next = entries.map { entry -> ServedNAS in
            let known = old.find(entry.nas.id)
            if let known, known.nas == entry.nas, known.site == entry.site { return known }
            let made = serve(entry.nas, entry.site)
            if let known { made.inherit(from: known) }
            return made
        }
        current.withLock { $0 = GatewaySnapshot(next) }
        counter.add(1, ordering: .releasing)
    }

    private func serve(_ nas: NAS, _ site: SiteContext?) -> ServedNAS {
        if profiles[nas.profile] == nil {
            logger.warning(
                "a NAS has an unknown equipment profile and gets no attributes",
                metadata: ["nas": "\(nas.id)", "profile": "\(nas.profile)"])
        }
        let learned = learned
        return ServedNAS(nas, site: site, profile: profiles[nas.profile], template: templates[nas.profile]) {
            _ = learned.append($0)
        }
    }
}
