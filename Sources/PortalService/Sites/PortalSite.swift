import Foundation
import Territory

/// What the portal shows of a site: the part of its package that visitors see.
struct PortalSite: Sendable, Equatable {
    /// How visitors may log in, in the package's order.
    enum Method: String, Sendable {
        case clickThrough = "click-through"
        case voucher
        /// Only behind gateways that have the password verified by RADIUS.
        case account
    }

    let id: SiteID
    let organisationID: OrganisationID
    let slug: String
    let name: String
    let organisationName: String
    let isOpen: Bool
    let timeZone: TimeZone
    let languages: [Language]
    let methods: [Method]
    let rights: Rights
    /// What the package gives its groups, by name.
    let groups: [String: GroupPlan]
    let theme: PortalTheme
    /// How long a device that logged in is not asked again, seconds.
    let rememberSeconds: Int
    let retention: [SitePackage.RetentionRule]
    /// The name of the open network, for people who came another way.
    let ssid: String?
}
