internal import Foundation
internal import Postgres
internal import Territory

extension SQL {
    /// The columns that ``ColumnReader/nextSite()`` reads, of `territory.site AS s`.
    static let siteColumns: SQL = """
        s.id, s.organisation_id, s.package_release_id, s.slug, s.name, s.status, s.time_zone, s.latitude, s.longitude
        """
    /// The columns that ``ColumnReader/nextNetwork()`` reads, of `territory.network AS w`.
    static let networkColumns: SQL = """
        w.id, w.organisation_id, w.site_id, w.name, w.ssid, w.vlan, w.encryption, w.handoff
        """
    /// The columns that ``ColumnReader/nextEquipment()`` reads, of `territory.equipment AS e`.
    static let equipmentColumns: SQL = """
        e.id, e.organisation_id, e.site_id, e.name, e.profile, host(e.management_address), e.mac::text
        """
    /// The columns that ``ColumnReader/nextGateway(opening:)`` reads, of `territory.nas AS n`.
    static let gatewayColumns: SQL = """
        n.id, n.organisation_id, n.site_id, n.name, n.profile, n.source::text, n.identifier, n.portal_key
        """
}

extension ColumnReader {
    /// Reads ``Postgres/SQL/siteColumns``.
    mutating func nextSite() throws -> Site {
        Site(
            id: try next(), organisationID: try next(), packageReleaseID: try next(), slug: try nextCase(),
            name: try next(), status: try nextCase(), timeZone: Site.timeZone(named: try next()),
            coordinates: try nextCoordinates())
    }

    /// Reads ``Postgres/SQL/networkColumns``.
    mutating func nextNetwork() throws -> Network {
        Network(
            id: try next(), organisationID: try next(), siteID: try next(), name: try next(), ssid: try next(),
            vlan: try next(), encryption: try nextCase(), handoff: try nextCase())
    }

    /// Reads ``Postgres/SQL/equipmentColumns``.
    mutating func nextEquipment() throws -> Equipment {
        Equipment(
            id: try next(), organisationID: try next(), siteID: try next(), name: try next(), profile: try next(),
            managementAddress: try nextAddress(), mac: try nextMAC())
    }

    /// Reads ``Postgres/SQL/gatewayColumns``. A portal key that does not open leaves the gateway without one: it can then
    /// not be trusted, and the others can.
    mutating func nextGateway(opening secrets: SecretBox) throws -> Gateway {
        let id = try next(NASID.self)
        let (organisation, site) = (try next(OrganisationID.self), try next(SiteID.self))
        let (name, profile) = (try next(String.self), try next(String.self))
        let (source, identifier) = (try nextPrefix(), try next(String?.self))
        let key = try next([UInt8]?.self).flatMap { try? secrets.open($0, at: .nas("portal_key", id)) }
        return Gateway(
            id: id, organisationID: organisation, siteID: site, name: name, profile: profile, source: source,
            identifier: identifier, portalKey: key.map { Secret($0) })
    }
}
