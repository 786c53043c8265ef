internal import Foundation
internal import Logging
internal import Store
internal import Territory

/// Reads sites and the rights of the package releases they pin.
struct SiteReader: Sendable {
    private let sites: Sites
    private let packages: Packages
    private let logger: Logger

    init(stores: AccessStores, logger: Logger) {
        (sites, packages, self.logger) = (stores.sites, stores.packages, logger)
    }

    /// The contexts of sites; one whose package cannot be read is left out, and its logins are refused as unavailable.
    func read(_ wanted: Set<SiteID>) async throws -> [SiteID: SiteContext] {
        let places = try await sites.list().filter { wanted.contains($0.id) }
        var contexts: [SiteID: SiteContext] = [:]
        let releases = try await packages.find(Set(places.map(\.packageReleaseID)))
        for site in places {
            guard let release = releases[site.packageReleaseID] else {
                logger.error("the package release of a site cannot be read", metadata: ["site": "\(site.id)"])
                continue
            }
            contexts[site.id] = SiteContext(
                site: site, rights: release.package.rights, groups: release.package.groups ?? [:])
        }
        return contexts
    }
}
