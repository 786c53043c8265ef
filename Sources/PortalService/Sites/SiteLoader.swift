import Store
import Territory

/// Reads what the portal serves of sites and gateways.
struct SiteLoader: Sendable {
    let backend: PortalBackend
    let texts: PortalTexts
    let equipment: PortalEquipment
    let conformity: Conformity

    /// The site of a slug, its first page rendered; nil when there is none.
    func load(_ slug: String) async throws(PortalError) -> SiteEntry? {
        guard let slug = Slug(rawValue: slug) else { return nil }
        let backend = backend
        let found = try await backend.run("read site") { try await backend.sites.detail(slug: slug) }
        guard let found else { return nil }
        let gateways = found.gateways.filter(isGateway)
        let takesPasswords = gateways.contains { equipment.profile($0.profile)?.handoff.verifiesPasswords == true }
        return SiteEntry(
            site: Self.site(found, takesPasswords: takesPasswords), gateways: gateways, texts: texts,
            conformity: conformity)
    }

    /// All gateways with the slug of their site.
    func gateways() async throws(PortalError) -> [PlacedGateway] {
        let backend = backend
        return try await backend.run("read gateways") { try await backend.sites.gateways() }.filter {
            isGateway($0.gateway)
        }
    }

    /// Whether visitors come through it: an access point that does 802.1X alone is a NAS and no gateway. A profile we have
    /// no file of may be one.
    private func isGateway(_ gateway: Gateway) -> Bool { equipment.profile(gateway.profile)?.handoff != Handoff.none }

    private static func site(_ detail: SiteDetail, takesPasswords: Bool) -> PortalSite {
        let (site, package) = (detail.site, detail.package)
        let open = detail.networks.first { $0.handoff != Handoff.none } ?? detail.networks.first
        let methods = package.login.methods.compactMap { PortalSite.Method(rawValue: $0.rawValue) }
        let languages = package.portal.languages.isEmpty ? [Language.french] : package.portal.languages
        return PortalSite(
            id: site.id, organisationID: site.organisationID, slug: site.slug.rawValue, name: site.name,
            organisationName: detail.organisation.name, isOpen: site.status == .open, timeZone: site.timeZone,
            languages: languages,
            methods: methods.filter { $0 != .account || takesPasswords },
            rights: package.rights, groups: package.groups ?? [:], theme: package.portal,
            rememberSeconds: package.login.rememberSeconds, retention: package.retention, ssid: open?.ssid)
    }
}
