/// What one deployment says of itself: `config/socle.yaml` is its manual. Holds no secret, only paths of files that do.
struct Configuration: Equatable, Sendable {
    /// How each process reaches PostgreSQL, as libpq connection strings without passwords.
    struct Database: Equatable, Sendable {
        var owner = "host=/run/postgresql dbname=socle user=socle"
        var access = "host=/run/postgresql dbname=socle user=socle_access"
        var portal = "host=/run/postgresql dbname=socle user=socle_portal"
        var retention = "host=/run/postgresql dbname=socle user=socle_retention"
        /// Connections of each daemon.
        var connections = 4
    }

    /// Directories the product reads its data from, absolute once loaded.
    struct Paths: Equatable, Sendable {
        var packages = "packages"
        var equipment = "equipment"
        var dictionaries = "dictionaries"
        var portal = "portal"
        var migrations = "../migrations"
    }

    /// The RADIUS daemon.
    struct Access: Equatable, Sendable {
        /// RADIUS over TLS; nil: it is not served.
        var radsec: RadSec?
        /// Addresses to listen on, IPv4 and IPv6.
        var listen = ["0.0.0.0", "::"]
        var authenticationPort = 1812
        var accountingPort = 1813
        /// Packet threads; 0: one for each processor.
        var threads = 0
        /// Logins (accounts, vouchers, grants) remembered, at most.
        var cacheEntries = 250_000
        /// How long a login is served from memory while the change feed is up.
        var cacheLifetime = Duration.seconds(30)
        /// How long known users keep logging in while the database is away.
        var survival = Duration.seconds(4 * 3600)
        /// A session silent for this long, or four of its intervals if longer, is closed with `inferred_stop`.
        var staleAfter = Duration.seconds(3600)
        /// Threads that verify slow password hashes; 0: half of the processors, at least one.
        var passwordThreads = 0
        var dynamicAuthorization = DynamicAuthorization()
        var spoolDirectory = "/var/lib/socle/spool"
        var spoolMaximumBytes = 1 << 30
        /// nil: off.
        var eap: EAP?
        /// nil: every realm is ours.
        var proxy: Proxy?
        var log = Log()

        /// The authentication log.
        struct Log: Equatable, Sendable {
            var isKept = true
            var keptDays = 90
            /// What this node is called in it; empty: the name of the host.
            var node = ""
        }
    }

    /// The captive portal.
    struct Portal: Equatable, Sendable {
        /// A certificate chain and its key, PEM; read again when the files change.
        struct TLS: Equatable, Sendable {
            var listen: ListenAddress
            var certificateFile: String
            var keyFile: String
        }
        /// How far the pages conform to the RGAA, as declared by the operator.
        enum Accessibility: String, CaseIterable, Sendable { case none, partial, full }

        var listen = ListenAddress(host: "::", port: 8080)
        /// nil: HTTP alone, behind something else that does TLS or for a test.
        var tls: TLS?
        /// What visitors' browsers are sent to, without a trailing slash; nil: what they asked for.
        var publicURL: String?
        /// Whether `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
        var trustForwardedHeaders = false
        /// Names of gateways that are no private addresses.
        var gatewayHosts: [String] = []
        /// How a one-time password reaches a UAM gateway: the answer to its challenge, or hidden under it.
        enum UAMAnswer: String, CaseIterable, Sendable { case chap, pap }
        var uamMethod = UAMAnswer.chap
        /// Whom a visitor can ask, and who answers for personal data: an address or telephone number.
        var contact = "l’accueil"
        var dataProtectionOfficer = "l’accueil"
        var accessibility = Accessibility.none
    }

    /// Health and metrics: no secrets there, still nobody's business but the operator's.
    struct Administration: Equatable, Sendable {
        var listen = ListenAddress(host: "127.0.0.1", port: 9180)
    }

    struct Logging: Equatable, Sendable {
        enum Format: String, CaseIterable, Sendable { case text, json }
        enum Level: String, CaseIterable, Sendable { case trace, debug, info, notice, warning, error }
        var level = Level.info
        var format = Format.text
    }

    var database = Database()
    /// The 32-byte file every sub-key is derived from.
    var installationKeyFile = "/var/lib/socle/installation.key"
    var paths = Paths()
    var access = Access()
    var portal = Portal()
    /// nil: there is no archive.
    var retention: Retention?
    var administration = Administration()
    var logging = Logging()
}

/// A host (name or address) and a port, written `127.0.0.1:9180` or `[::1]:9180`.
struct ListenAddress: Equatable, Sendable, CustomStringConvertible {
    var host: String
    /// 0: any free port, for tests.
    var port: Int

    init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: { $0.isWhitespace || $0 == "/" }) else { return nil }
        self.init(host: String(host), port: port)
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
