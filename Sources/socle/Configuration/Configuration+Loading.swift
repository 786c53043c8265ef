import Foundation
import Yams

extension Configuration {
    /// Places a file is looked for when `--config` does not name one, in this order.
    static func searchPath(environment: [String: String]) -> [String] {
        [environment["SOCLE_CONFIG"], "config/socle.yaml", "/etc/socle/socle.yaml"].compactMap { $0 }
    }

    /// Reads and checks a file.
    /// - Throws: ``ConfigurationFaults`` with everything that is wrong with it.
    static func load(file: String) throws(ConfigurationFaults) -> Configuration {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ConfigurationFaults(faults: [.init(file: file, line: nil, key: "", problem: "cannot be read")])
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw ConfigurationFaults(faults: [.init(file: file, line: nil, key: "", problem: "is not UTF-8 text")])
        }
        let directory = URL(filePath: file).standardizedFileURL.deletingLastPathComponent().path
        return try parse(text, file: file, directory: directory)
    }

    /// Reads and checks the text of a file; relative paths in it start from `directory`.
    static func parse(_ text: String, file: String, directory: String) throws(ConfigurationFaults) -> Configuration {
        let collector = FaultCollector(file: file)
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationFaults(faults: [syntaxFault(error, file: file)])
        }
        var root = ConfigurationSection(root: node, collector: collector)
        var result = Configuration()
        result.installationKeyFile = root.text("installation_key", result.installationKeyFile)
        result.database.read(root.section("database"))
        result.paths.read(root.section("paths"))
        result.access.read(root.section("access"))
        result.portal.read(root.section("portal"))
        result.retention = Retention.read(root.section("retention"))
        result.administration.read(root.section("admin"))
        result.logging.read(root.section("logging"))
        root.finish()
        result.resolvePaths(from: directory)
        guard collector.faults.isEmpty else { throw ConfigurationFaults(faults: collector.sorted) }
        return result
    }

    private static func syntaxFault(_ error: any Error, file: String) -> ConfigurationFault {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            return .init(file: file, line: mark.line, key: "", problem: "is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context)?:
            let keys = duplicates.joined(separator: ", ")
            return .init(file: file, line: context.mark.line, key: keys, problem: "is written more than once")
        default:
            return .init(file: file, line: nil, key: "", problem: "is not YAML")
        }
    }

    private mutating func resolvePaths(from directory: String) {
        func absolute(_ path: inout String) {
            path =
                URL(filePath: path, relativeTo: URL(filePath: directory, directoryHint: .isDirectory))
                .standardizedFileURL.path
        }
        absolute(&installationKeyFile)
        absolute(&paths.packages)
        absolute(&paths.equipment)
        absolute(&paths.dictionaries)
        absolute(&paths.portal)
        absolute(&paths.migrations)
        absolute(&access.spoolDirectory)
        access.eap?.resolve(absolute)
        access.radsec?.resolvePaths(absolute)
        access.proxy?.resolvePaths(absolute)
        retention?.resolvePaths(absolute)
        for index in access.dynamicAuthorization.clients.indices {
            absolute(&access.dynamicAuthorization.clients[index].secretFile)
        }
        if var tls = portal.tls {
            absolute(&tls.certificateFile)
            absolute(&tls.keyFile)
            portal.tls = tls
        }
    }
}

extension Configuration.Database {
    fileprivate mutating func read(_ source: ConfigurationSection) {
        var section = source
        owner = conninfo("owner", owner, &section)
        access = conninfo("access", access, &section)
        portal = conninfo("portal", portal, &section)
        retention = conninfo("retention", retention, &section)
        connections = section.integer("connections", connections, in: 1...64)
        section.finish()
    }

    /// A password in the file would be in every copy of it; libpq reads one from a file of its own.
    private func conninfo(_ key: String, _ initial: String, _ section: inout ConfigurationSection) -> String {
        let text = section.text(key, initial)
        let holdsPassword =
            text.contains(#/(^|[\s?&])password\s*=/#) || text.contains(#/^postgres(ql)?://[^/@]*:[^/@]*@/#)
        guard !holdsPassword else {
            section.fault(key, "holds a password; put it into a file of mode 0600 and name that with passfile=")
            return initial
        }
        guard text.contains("=") || text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else {
            section.fault(key, "is not a libpq connection string such as host=/run/postgresql dbname=socle user=socle")
            return initial
        }
        return text
    }
}

extension Configuration.Paths {
    fileprivate mutating func read(_ source: ConfigurationSection) {
        var section = source
        packages = section.text("packages", packages)
        equipment = section.text("equipment", equipment)
        dictionaries = section.text("dictionaries", dictionaries)
        portal = section.text("portal", portal)
        migrations = section.text("migrations", migrations)
        section.finish()
    }
}

extension Configuration.Access {
    fileprivate mutating func read(_ source: ConfigurationSection) {
        var section = source
        listen = section.list("listen", listen, expected: "an IPv4 or IPv6 address") { NumericAddress.isValid($0) }
        authenticationPort = section.integer("authentication_port", authenticationPort, in: 1...65535)
        accountingPort = section.integer("accounting_port", accountingPort, in: 1...65535)
        if authenticationPort == accountingPort {
            section.fault("accounting_port", "is the port of authentication as well")
        }
        threads = section.integer("threads", threads, in: 0...64)
        cacheEntries = section.integer("cache_entries", cacheEntries, in: 1_000...10_000_000)
        cacheLifetime = section.duration("cache_lifetime", cacheLifetime, in: .seconds(1) ... .seconds(3_600))
        survival = section.duration("survival", survival, in: .zero ... .seconds(30 * 86_400))
        staleAfter = section.duration("stale_after", staleAfter, in: .seconds(900) ... .seconds(86_400))
        passwordThreads = section.integer("password_threads", passwordThreads, in: 0...64)
        dynamicAuthorization.read(section.section("dynamic_authorization"))
        var spool = section.section("spool")
        spoolDirectory = spool.text("directory", spoolDirectory)
        spoolMaximumBytes = spool.bytes("maximum_bytes", spoolMaximumBytes, in: (1 << 20)...(1 << 44))
        spool.finish()
        eap = Configuration.EAP(section.section("eap"))
        radsec = Self.RadSec.read(section.section("radsec"))
        let elsewhere = section.section("proxy")
        if elsewhere.isPresent {
            var read = Configuration.Proxy()
            read.read(elsewhere)
            proxy = read
        }
        log.read(section.section("log"))
        section.finish()
    }
}

extension Configuration.Access.Log {
    fileprivate mutating func read(_ source: ConfigurationSection) {
        var section = source
        isKept = section.flag("keep", isKept)
        keptDays = section.integer("keep_days", keptDays, in: 8...92)
        node = section.text("node", node)
        section.finish()
    }
}

extension Configuration.Portal {
    fileprivate mutating func read(_ source: ConfigurationSection) {
        var section = source
        listen = section.listen("listen", listen)
        let expected = "an http:// or https:// address without a path, such as https://wifi.example.fr"
        publicURL = section.value("public_url", publicURL, expected: expected) { Self.origin($0) }
        trustForwardedHeaders = section.flag("trust_forwarded_headers", trustForwardedHeaders)
        gatewayHosts = section.list("gateway_hosts", gatewayHosts, expected: "a host name") { Self.isHost($0) }
        uamMethod = section.choice("uam_method", uamMethod)
        contact = section.text("contact", contact)
        dataProtectionOfficer = section.text("data_protection_officer", dataProtectionOfficer)
        accessibility = section.choice("accessibility", accessibility)
        var secure = section.section("tls")
        if secure.isPresent {
            let address = secure.listen("listen", ListenAddress(host: "::", port: 8443))
            let certificate = secure.text("certificate", "")
            let key = secure.text("key", "")
            if certificate.isEmpty { secure.fault("certificate", "is missing: the PEM file of the certificate chain") }
            if key.isEmpty { secure.fault("key", "is missing: the PEM file of the private key") }
            tls = TLS(listen: address, certificateFile: certificate, keyFile: key)
        }
        secure.finish()
        section.finish()
    }

    private static func isHost(_ text: String) -> Bool {
        text.wholeMatch(of: #/[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?/#) != nil
    }

    private static func origin(_ text: String) -> String? {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard let url = URL(string: trimmed), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host?.isEmpty == false, url.path.isEmpty, url.query == nil, url.fragment == nil, url.user == nil
        else { return nil }
        return trimmed
    }
}

extension Configuration.Administration {
    fileprivate mutating func read(_ source: ConfigurationSection) {
        var section = source
        listen = section.listen("listen", listen)
        section.finish()
    }
}

extension Configuration.Logging {
    fileprivate mutating func read(_ source: ConfigurationSection) {
        var section = source
        level = section.choice("level", level)
        format = section.choice("format", format)
        section.finish()
    }
}
