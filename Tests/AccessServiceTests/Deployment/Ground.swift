import Foundation
import Postgres
import Store
import Territory

/// A migrated scratch database with one commune, one site and one NAS on the loopback, as the owner would make them.
struct Ground: Sendable {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let secret = "correct-horse-battery"

    let conninfo: String
    let keys: InstallationKeys
    let owner: PostgresClient
    let organisation: OrganisationID
    let site: SiteID
    let nas: NASID

    /// Makes the commune, the site and the NAS. The rights are the town hall's, open at any hour, with what `adjust` does.
    static func prepare(
        _ conninfo: String, keys: InstallationKeys, owner: PostgresClient,
        nas request: NewNAS = .loopback(), adjust: (inout [String: Any]) -> Void = { _ in },
        groups: [String: [String: Any]] = [:], retention: [String: Int] = [:]
    ) async throws -> Ground {
        let organisation = try await Organisations(owner).ensure(
            kind: .commune, name: "Trou-sous-Bois", codeINSEE: "55001")
        let package = try Self.package(adjust, groups, retention)
        let release = try await Packages(owner).publish(package).release
        let created = try await Sites(owner, keys: keys).create(
            NewSite(organisation: organisation.id, release: release.id, name: "Mairie de Trou-sous-Bois"))
        let nas = try await NASDirectory(owner, keys: keys).add(request, to: created.site.id)
        return Ground(
            conninfo: conninfo, keys: keys, owner: owner, organisation: organisation.id, site: created.site.id,
            nas: nas.id)
    }

    private static func package(
        _ adjust: (inout [String: Any]) -> Void, _ groups: [String: [String: Any]], _ retention: [String: Int]
    ) throws -> SitePackage {
        let library = try PackageLibrary.load(directory: root.appending(path: "config/packages"))
        let document = Data(try library.resolve("mairie").document.utf8)
        var json = try JSONSerialization.jsonObject(with: document) as? [String: Any] ?? [:]
        var rights = json["rights"] as? [String: Any] ?? [:]
        rights["opening_hours"] = nil
        adjust(&rights)
        json["rights"] = rights
        if !groups.isEmpty { json["groups"] = groups }
        json["retention"] = (json["retention"] as? [[String: Any]])?.map { rule in
            guard let days = (rule["class"] as? String).flatMap({ retention[$0] }) else { return rule }
            return rule.merging(["keep_days": days]) { $1 }
        }
        let text = String(decoding: try JSONSerialization.data(withJSONObject: json), as: UTF8.self)
        return try SitePackage(document: text)
    }

    /// A voucher of this commune.
    func voucher(devices: Int = 5, validFor: TimeInterval = 3600) async throws -> CreatedVoucher {
        try await Vouchers(owner, keys: keys).create(
            NewVoucher(
                organisation: organisation, devices: devices, validFrom: Date(timeIntervalSinceNow: -60),
                validUntil: Date(timeIntervalSinceNow: validFor)))
    }

    /// A number that a query of the owner yields.
    func count(_ sql: SQL) async throws -> Int { try await owner.query(sql)[0].decode(Int.self, column: 0) }
}

extension NewNAS {
    /// A NAS on 127.0.0.0/8.
    static func loopback(
        policy: NAS.MessageAuthenticatorPolicy = .auto, profile: String = "wispr", coaPort: Int? = nil
    ) -> NewNAS {
        NewNAS(
            name: "loopback", profile: profile, source: IPPrefix("127.0.0.0/8"), secret: Secret(text: Ground.secret),
            messageAuthenticator: policy, coaPort: coaPort)
    }
}
