internal import Foundation
internal import Logging
internal import Pacing
internal import Store
import Synchronization
internal import Territory

/// Keeps the directory of NAS as the store has it, and a sealed copy of it on disk for a start without the store.
final class GatewayRefresher: Sendable {
    private let requests = BatchInbox<Void>(capacity: 1)
    private let directory: GatewayDirectory
    private let calendar: SiteCalendar
    private let servers: NASDirectory
    private let sites: SiteReader
    private let memory: GatewayMemory?
    private let health: AccessHealth
    private let deadlines: Deadlines
    private let logger: Logger
    private let remembered = Mutex<[Remembered]>([])

    private struct Remembered: Equatable {
        var nas: NAS
        var site: SiteContext?
    }

    init(
        directory: GatewayDirectory, calendar: SiteCalendar, stores: AccessStores, memory: GatewayMemory?,
        health: AccessHealth, deadlines: Deadlines, logger: Logger
    ) {
        self.deadlines = deadlines
        (self.directory, self.calendar, self.memory, self.health) = (directory, calendar, memory, health)
        (servers, sites, self.logger) = (stores.servers, SiteReader(stores: stores, logger: logger), logger)
    }

    /// Asks for a refresh; any number of requests while one is under way make one more.
    func request() { _ = requests.append(()) }

    /// Takes over the copy on disk, if there is one: a daemon that starts while PostgreSQL is away still knows its NAS.
    func recall() {
        guard let memory else { return }
        do {
            guard let entries = try memory.load() else { return }
            publish(entries)
            logger.info(
                "the NAS of the last run are served until PostgreSQL answers", metadata: ["count": "\(entries.count)"])
        } catch {
            logger.warning("the sealed copy of the NAS cannot be read", metadata: ["error": "\(error)"])
        }
    }

    /// Reads the store once; throws what it throws.
    func refresh() async throws {
        let (servers, unreadable) = try await servers.all()
        for id in unreadable {
            logger.error(
                "the secrets of a NAS do not open under this key, it is not served", metadata: ["nas": "\(id)"])
        }
        let contexts = try await sites.read(Set(servers.map(\.siteID)))
        let entries = servers.map { (nas: $0, site: contexts[$0.siteID]) }
        publish(entries)
        health.storeSucceeded()
        await remember(entries)
    }

    /// Writes the copy on disk if it is not what it was; on a thread of its own, because fsync blocks.
    private func remember(_ entries: [(nas: NAS, site: SiteContext?)]) async {
        guard let memory else { return }
        let isNew = remembered.withLock { remembered in
            let next = entries.map { Remembered(nas: $0.nas, site: $0.site) }
            defer { remembered = next }
            return remembered != next
        }
        guard isNew else { return }
        await DedicatedThread.run("socle-gateways") { [logger] in
            do { try memory.save(entries) } catch {
                logger.warning("the sealed copy of the NAS cannot be written", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Serves requests until `close`; a refresh that fails is tried again every second.
    func run() async {
        while !(await requests.next()).isEmpty {
            var retry = Ticker(interval: .seconds(1), clock: ContinuousClock()).makeAsyncIterator()
            while !Task.isCancelled {
                do {
                    try await deadlines.run(.seconds(10)) { try await self.refresh() }
                    break
                } catch {
                    health.storeFailed(error)
                    guard await retry.next() != nil else { return }
                }
            }
        }
    }

    /// Asks for a refresh whenever the store is away, which finds out when it is back. Ends with the task.
    func probe() async {
        for await _ in Ticker(interval: .seconds(1), clock: ContinuousClock()) where health.storeIsAway { request() }
    }

    func close() { requests.close() }

    private func publish(_ entries: [(nas: NAS, site: SiteContext?)]) {
        var zones: [SiteID: TimeZone] = [:]
        for entry in entries { if let site = entry.site?.site { zones[site.id] = site.timeZone } }
        calendar.replace(zones)
        directory.replace(entries)
    }
}
