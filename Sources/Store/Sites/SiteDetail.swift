public import Territory

/// A site with everything that hangs from it, as the portal may know it.
public struct SiteDetail: Sendable, Hashable {
    /// The site.
    public let site: Site
    /// Whose it is.
    public let organisation: Organisation
    /// The release it pins.
    public let package: SitePackage
    /// Its networks, by name.
    public let networks: [Network]
    /// Its gateways, by name.
    public let gateways: [Gateway]

    /// A site and what hangs from it.
    public init(
        site: Site, organisation: Organisation, package: SitePackage, networks: [Network], gateways: [Gateway]
    ) {
        (self.site, self.organisation, self.package) = (site, organisation, package)
        (self.networks, self.gateways) = (networks, gateways)
    }
}

/// A gateway and the path of its site's portal pages.
public struct PlacedGateway: Sendable, Hashable {
    /// The gateway.
    public let gateway: Gateway
    /// Its site.
    public let slug: Slug

    /// A gateway at a site.
    public init(gateway: Gateway, slug: Slug) { (self.gateway, self.slug) = (gateway, slug) }
}

/// A site with the package it pins: what the access daemon decides by.
public struct SiteWithPackage: Sendable, Hashable {
    /// The site.
    public let site: Site
    /// The release it pins.
    public let package: SitePackage

    /// A site and its package.
    public init(site: Site, package: SitePackage) { (self.site, self.package) = (site, package) }
}
