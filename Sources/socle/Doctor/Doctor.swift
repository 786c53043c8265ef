import Foundation

/// Everything `doctor` looks at, in the order in which things depend on each other.
struct Doctor {
    let configuration: Configuration
    let now: Date

    func examine() async -> [Finding] {
        var findings = clock()
        findings += FileChecks(configuration: configuration, now: now).findings()
        findings += await DatabaseChecks(configuration: configuration, now: now)
            .findings(migrations: configuration.paths.migrations)
        if !findings.contains(where: {
            $0.severity == .fault && ($0.subject == "database.owner" || $0.subject == "schema")
        }) {
            findings += await GatewayChecks(configuration: configuration, now: now).findings()
        }
        findings += await HomeServerChecks(configuration: configuration).findings()
        let health = await AdminProbe(listen: configuration.administration.listen).health()
        findings += PortChecks(configuration: configuration).findings(isRunning: health != nil)
        if let health { findings += Self.judge(health) }
        return findings
    }

    /// A clock before this version was made cannot be right, and sessions, quotas and certificates depend on it.
    func clock() -> [Finding] {
        let made = Date(timeIntervalSince1970: 1_760_000_000)
        guard now > made else {
            return [.fault("clock", "this machine believes it is \(now.formatted(.iso8601))", mend: "run NTP")]
        }
        return []
    }

    /// What the running daemons say of themselves.
    static func judge(_ health: AdminProbe.Health) -> [Finding] {
        health.components.sorted { $0.key < $1.key }.compactMap { name, component in
            component.state == "ok"
                ? nil : .warning("running \(name)", "\(component.state): \(component.detail)", mend: "see its log")
        }
    }
}
