import AccessService

extension Configuration: CustomStringConvertible {
    /// What is in force, one `key: value` a line, for `check-config --show` and the log. There is no secret in it: a
    /// connection string that holds a password is refused when the file is read.
    var description: String {
        let tls = portal.tls.map { "\($0.listen), certificate \($0.certificateFile)" } ?? "none"
        let lines: [(String, String)] = [
            ("database.owner", database.owner), ("database.access", database.access),
            ("database.portal", database.portal),
            ("database.connections", "\(database.connections)"), ("installation_key", installationKeyFile),
            ("paths.packages", paths.packages), ("paths.equipment", paths.equipment),
            ("paths.dictionaries", paths.dictionaries), ("paths.portal", paths.portal),
            ("paths.migrations", paths.migrations), ("access.listen", access.listen.joined(separator: " ")),
            ("access.authentication_port", "\(access.authenticationPort)"),
            ("access.accounting_port", "\(access.accountingPort)"), ("access.threads", "\(access.threads)"),
            ("access.cache_entries", "\(access.cacheEntries)"), ("access.survival", access.survival.short),
            ("access.cache_lifetime", access.cacheLifetime.short), ("access.stale_after", access.staleAfter.short),
            ("access.radsec", access.radsec?.summary ?? "none"),
            ("access.password_threads", "\(access.passwordThreads)"),
            (
                "access.dynamic_authorization.listen",
                access.dynamicAuthorization.listen.map { "\($0)" } ?? "nowhere"
            ),
            (
                "access.dynamic_authorization.clients",
                access.dynamicAuthorization.clients.map(\.address).joined(separator: " ")
            ),
            ("access.spool.directory", access.spoolDirectory),
            ("access.spool.maximum_bytes", ByteSize.text(access.spoolMaximumBytes)),
            ("access.proxy.realms", access.proxy?.realms.map(\.pattern).joined(separator: " ") ?? "none"),
            ("portal.listen", "\(portal.listen)"), ("portal.public_url", portal.publicURL ?? "as asked"),
            ("portal.tls", tls), ("portal.trust_forwarded_headers", "\(portal.trustForwardedHeaders)"),
            ("portal.gateway_hosts", portal.gatewayHosts.joined(separator: " ")), ("portal.contact", portal.contact),
            ("portal.uam_method", portal.uamMethod.rawValue),
            ("portal.data_protection_officer", portal.dataProtectionOfficer),
            ("portal.accessibility", portal.accessibility.rawValue),
            ("admin.listen", "\(administration.listen)"), ("logging.level", logging.level.rawValue),
            ("logging.format", logging.format.rawValue),
        ]
        return lines.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
    }
}
