import Foundation
import Store
import Territory

/// Where the login method `account` is listed and not offered: told when a site is made, shown or examined, because its
/// page alone would not say why the form is missing.
extension Administration {
    /// A sentence for each gateway of a site.
    func accountNotices(of site: Site) async throws -> [String] {
        guard let detail = try await sites.detail(slug: site.slug) else { return [] }
        return try accountNotices(of: detail)
    }

    /// A sentence for each gateway of a site.
    func accountNotices(of detail: SiteDetail) throws -> [String] {
        let directory = URL(filePath: configuration.paths.equipment)
        return detail.package.accountNotices(
            site: detail.site.slug, gateways: detail.gateways,
            profiles: try EquipmentLibrary.load(directory: directory).profiles)
    }
}

extension SitePackage {
    /// A sentence for each of these gateways at which `account` is listed and not offered.
    func accountNotices(site: Slug, gateways: [Gateway], profiles: [String: EquipmentProfile]) -> [String] {
        accountNotices(
            site: site,
            gateways: gateways.map {
                PasswordGateway(
                    name: $0.name, profile: $0.profile, handoff: profiles[$0.profile]?.handoff,
                    hasKey: $0.portalKey?.bytes.isEmpty == false)
            })
    }
}
