import AccessService
import Foundation
import Logging
import PortalService
import Postgres
import RADIUS
import ServiceLifecycle
import Store
import Territory

/// The daemons, from this configuration.
extension Composition {
    /// Where this process listens is said by the daemons themselves, in their logs.
    func accessDaemon(_ client: PostgresClient, _ keys: InstallationKeys) throws -> any Service {
        let logger = named("access")
        let dictionary = try AttributeDictionary(directory: configuration.paths.dictionaries)
        var told = try configuration.accessServiceWithSecrets()
        told.proxy = try proxyConfiguration(dictionary)
        let service = AccessService(
            configuration: told,
            stores: AccessStores(
                servers: NASDirectory(client, keys: keys), sites: Sites(client, keys: keys), packages: Packages(client),
                logins: LoginLookup(client, keys: keys), sessions: SessionStore(client), usage: UsageStore(client),
                changes: ChangeFeed(client, logger: logger), outbox: Outbox(client),
                unknownSources: UnknownSources(client), accounts: Accounts(client),
                authenticationLog: configuration.access.log.isKept ? AuthenticationLog(client) : nil),
            keys: keys, profiles: try profiles(),
            dictionary: dictionary, watch: watch, logger: logger)
        health.attach("access") { ComponentHealth(service.status) }
        return service
    }

    /// The home servers with their secrets, the pools with their filters.
    private func proxyConfiguration(_ dictionary: AttributeDictionary) throws -> ProxyConfiguration? {
        try configuration.access.proxy?.told(
            secret: { try CommandFile.secret($0) },
            filter: {
                try AttributeFilter(try String(contentsOfFile: $0, encoding: .utf8), name: $0, dictionary: dictionary)
            })
    }

    func portalDaemon(_ client: PostgresClient, _ keys: InstallationKeys) throws -> any Service {
        let service = try PortalService(
            configuration: configuration.portalService, store: PortalStore(client, keys: keys),
            equipment: PortalEquipment(try profiles().profiles), logger: named("portal"))
        health.attach("portal") {
            client.statistics.isConnected
                ? ComponentHealth(state: .ok)
                : ComponentHealth(state: .degraded, detail: "no database: pages are shown, nobody new gets in")
        }
        return service
    }

    /// All of them, or none: a profile that cannot be read must not be found out by a visitor.
    private func profiles() throws -> EquipmentLibrary {
        let library = try EquipmentLibrary.load(directory: URL(filePath: configuration.paths.equipment))
        guard library.faults.isEmpty else {
            throw TerritoryError(.faultyDocument, configuration.paths.equipment, faults: library.faults)
        }
        return library
    }
}

extension Configuration {
    /// What the access daemon is told, with the secrets of trusted systems read from their files.
    func accessServiceWithSecrets() throws(Failure) -> AccessConfiguration {
        var told = accessService
        guard let listen = access.dynamicAuthorization.listen else { return told }
        var systems: [TrustedSystem] = []
        for client in access.dynamicAuthorization.clients {
            guard let source = IPPrefix(client.address) ?? IPAddress(client.address).map(IPPrefix.init(host:)) else {
                throw Failure(.configuration, "\(client.address) is no address")
            }
            systems.append(TrustedSystem(source: source, secret: try CommandFile.secret(client.secretFile)))
        }
        told.authorizationListening = AuthorizationListening(
            address: listen.host, port: UInt16(clamping: listen.port), systems: systems)
        return told
    }

    /// What the access daemon is told.
    var accessService: AccessConfiguration {
        var told = AccessConfiguration()
        told.addresses = access.listen
        told.authenticationPort = UInt16(clamping: access.authenticationPort)
        told.accountingPort = UInt16(clamping: access.accountingPort)
        told.packetThreads = access.threads == 0 ? nil : access.threads
        told.loginCapacity = access.cacheEntries
        told.loginLifetime = access.cacheLifetime
        told.survivalLimit = access.survival
        told.staleAfter = access.staleAfter
        told.passwordThreads = access.passwordThreads == 0 ? nil : access.passwordThreads
        told.logKeptDays = access.log.keptDays
        if !access.log.node.isEmpty { told.nodeName = access.log.node }
        told.spoolDirectory = access.spoolDirectory
        told.spoolBytes = access.spoolMaximumBytes
        told.eap = access.eap?.service
        told.radSec = access.radsec?.service
        return told
    }

    /// What the portal is told.
    var portalService: PortalConfiguration {
        PortalConfiguration(
            http: .init(host: portal.listen.host, port: portal.listen.port),
            https: portal.tls.map { .init(host: $0.listen.host, port: $0.listen.port) },
            certificate: portal.tls.map { .init(chainFile: $0.certificateFile, keyFile: $0.keyFile) },
            textsDirectory: paths.portal, trustsForwardedHeaders: portal.trustForwardedHeaders,
            publicOrigin: portal.publicURL, uamMethod: UAMMethod(rawValue: portal.uamMethod.rawValue) ?? .chap,
            gatewayHosts: portal.gatewayHosts, contact: portal.contact,
            dataProtectionOfficer: portal.dataProtectionOfficer,
            conformity: Conformity(rawValue: portal.accessibility.rawValue) ?? .none)
    }
}

extension ComponentHealth {
    /// The access daemon's own word, for those who ask over HTTP. Nil: it has not begun.
    init(_ status: AccessHealth.Status?) {
        guard let status else {
            self.init(state: .starting)
            return
        }
        if status.accountingRefusedSince != nil {
            self.init(state: .failed, detail: "accounting is neither stored nor spooled, and not answered")
        } else if status.storeAwaySince != nil {
            self.init(state: .degraded, detail: "no database: known users log in, accounting goes to the spool")
        } else if status.isSpooling {
            self.init(state: .degraded, detail: "the spool is being stored")
        } else if !status.feedIsUp {
            self.init(state: .degraded, detail: "no change feed: logins are remembered for seconds only")
        } else {
            self.init(state: .ok)
        }
    }
}
