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
}

/// A gateway and the path of its site's portal pages.
public struct PlacedGateway: Sendable, Hashable {
    /// The gateway.
    public let gateway: Gateway
    /// Its site.
    public let slug: Slug
}

/// A site with the package it pins: what the access daemon decides by.
public struct SiteWithPackage: Sendable, Hashable {
    /// The site.
    public let site: Site
    /// The release it pins.
    public let package: SitePackage
}
