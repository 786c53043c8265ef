import Foundation
import Store
import Territory

/// Looks at the gateways: their posture, and who sends that is none of them.
struct GatewayChecks {
    let configuration: Configuration
    let now: Date

    func findings() async -> [Finding] {
        do {
            let keys = InstallationKeys(try InstallationKey.load(from: configuration.installationKeyFile))
            let profiles = try EquipmentLibrary.load(directory: URL(filePath: configuration.paths.equipment)).profiles
            return try await DatabaseSession.with(configuration.database.owner) { client in
                let (servers, unreadable) = try await NASDirectory(client, keys: keys).all()
                var findings = servers.flatMap { Self.judge($0, profiles: Set(profiles.keys)) }
                findings += unreadable.map {
                    .fault(
                        "gateway \($0)", "its secrets do not open under this installation key",
                        mend: "bring back the key this database was filled with, or declare the gateway anew")
                }
                findings += try await accountFindings(Sites(client, keys: keys), profiles)
                if findings.isEmpty { findings.append(.fine("gateways", "\(servers.count) declared")) }
                let strangers = try await UnknownSources(client).list(since: now.addingTimeInterval(-86_400))
                return findings + strangers.prefix(20).map(Self.judge)
            }
        } catch {
            return [.failure("gateways", error)]
        }
    }

    /// The sites whose package lists accounts and whose gateways have no password verified.
    private func accountFindings(_ sites: Sites, _ profiles: [String: EquipmentProfile]) async throws -> [Finding] {
        let placed = Dictionary(grouping: try await sites.gateways(), by: \.slug)
        return try await sites.withPackages().flatMap { found in
            let gateways = placed[found.site.slug, default: []].map(\.gateway)
            return Self.judge(found.package, at: found.site.slug, gateways, profiles: profiles)
        }
    }

    static func judge(
        _ package: SitePackage, at site: Slug, _ gateways: [Gateway], profiles: [String: EquipmentProfile]
    ) -> [Finding] {
        package.accountNotices(site: site, gateways: gateways, profiles: profiles).map {
            .warning(
                "logins of \(site)", $0,
                mend: "a CoovaChilli or MikroTik gateway with a portal key, or a package without account")
        }
    }

    static func judge(_ server: NAS, profiles: Set<String>) -> [Finding] {
        let subject = "gateway \(server.name) (\(server.id))"
        var findings: [Finding] = []
        if !profiles.contains(server.profile) {
            findings.append(
                .fault(
                    subject, "there is no profile \(server.profile)", mend: "bring back that file of paths.equipment"))
        }
        switch server.messageAuthenticator {
        case .off:
            findings.append(
                .warning(
                    subject, "its requests need no Message-Authenticator: replies to it can be forged (CVE-2024-3596)",
                    mend: "update its firmware, then declare it with --message-authenticator require"))
        case .auto where server.messageAuthenticatorSeenAt == nil:
            findings.append(
                .warning(
                    subject, "it has never sent a Message-Authenticator",
                    mend: "nothing if it has not sent anything yet; otherwise update its firmware (CVE-2024-3596)"))
        case .auto, .require: break
        }
        if let source = server.source, !isPrivate(source.address) {
            findings.append(
                .warning(
                    subject, "its RADIUS crosses the Internet in the clear",
                    mend: "bring it in by a VPN: passwords are only hidden under MD5"))
        }
        if server.secret.bytes.count < 16 {
            findings.append(
                .warning(
                    subject, "its RADIUS secret is shorter than 16 octets",
                    mend: "declare it with a longer one (RFC 2865 §3)"))
        }
        return findings
    }

    static func judge(_ stranger: UnknownSources.Source) -> Finding {
        .warning(
            "unknown source \(stranger.address)",
            "\(stranger.packets) packets, not answered; the last at \(stranger.lastSeenAt.formatted(.iso8601))",
            mend: "if it is a gateway of yours: socle nas add --source \(stranger.address) …")
    }

    /// Loopback, RFC 1918, RFC 6598, link-local, RFC 4193.
    static let privatePrefixes = [
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "::1/128",
        "fc00::/7", "fe80::/10",
    ].compactMap { IPPrefix($0) }

    static func isPrivate(_ address: IPAddress) -> Bool { privatePrefixes.contains { $0.contains(address) } }
}
