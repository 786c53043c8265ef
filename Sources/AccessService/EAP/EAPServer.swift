internal import EAP
internal import Foundation
internal import Logging
internal import OpenSSL
internal import Store
import Synchronization

/// What EAP conversations begin with: made from the files of the configuration, and again when one of them changes or the
/// ticket keys do. A set of files that does not fit together leaves the one before in force.
final class EAPServer: Sendable {
    private struct State {
        var settings: EAPServerSettings?
        /// Of the files when they were last read, and the period of the ticket keys.
        var seen: Fingerprint?
    }

    private struct Fingerprint: Equatable {
        var changes: [Date?]
        var sizes: [Int?]
        var period: Int
    }

    private let configuration: EAPConfiguration
    private let tickets: EAPTicketKeys
    private let clock: AccessClock
    private let logger: Logger
    private let memory = EAPTicketMemory()
    private let state = Mutex(State())

    init(_ configuration: EAPConfiguration, keys: InstallationKeys, clock: AccessClock, logger: Logger) {
        (self.configuration, self.clock, self.logger) = (configuration, clock, logger)
        tickets = EAPTicketKeys(keys: keys, lifetime: configuration.resumption)
    }

    /// nil: no usable certificate yet.
    var settings: EAPServerSettings? { state.withLock { $0.settings } }

    /// Reads the files if they have changed since they were last read.
    func refresh() {
        let seen = fingerprint()
        guard state.withLock({ $0.seen != seen }) else { return }
        do {
            let (settings, certificate) = try read(period: seen.period)
            let isRenewal = state.withLock { state in
                defer { (state.settings, state.seen) = (settings, seen) }
                return state.settings != nil
            }
            logger.info(
                "\(isRenewal ? "EAP goes on with the files as they are now" : "EAP is on")",
                metadata: [
                    "certificate": "\(certificate.serial)", "methods": "\(settings.methods.map(\.rawValue))",
                    "ends": "\(Date(timeIntervalSince1970: Double(certificate.validity.notAfter)))",
                ])
        } catch {
            let isOn = state.withLock { state in
                state.seen = seen
                return state.settings != nil
            }
            logger.error(
                "\(isOn ? "EAP keeps its certificate: the new files cannot be used" : "EAP is off: its files cannot be used")",
                metadata: ["certificate": "\(configuration.certificatePath)", "error": "\(error)"])
        }
    }

    /// Looks at the files at every tick, until cancelled.
    func run(_ ticks: some AsyncSequence<Void, Never> & Sendable) async {
        for await _ in ticks { refresh() }
    }

    private var paths: [String?] {
        [
            configuration.certificatePath, configuration.keyPath, configuration.clientAuthorityPath,
            configuration.revocationListPath,
        ]
    }

    private func fingerprint() -> Fingerprint {
        let attributes = paths.map { path in path.flatMap { try? FileManager.default.attributesOfItem(atPath: $0) } }
        return Fingerprint(
            changes: attributes.map { $0?[.modificationDate] as? Date },
            sizes: attributes.map { ($0?[.size] as? NSNumber)?.intValue },
            period: EAPTicketKeys.period(clock.calendar()))
    }

    private func read(period: Int) throws -> (EAPServerSettings, Certificate) {
        func octets(_ path: String?) throws -> [UInt8] {
            guard let path else { return [] }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw AccessError(.configuration, "\(path) cannot be read")
            }
            return [UInt8](data)
        }
        var tls = TLSSettings(role: .server)
        tls.certificateChain = try octets(configuration.certificatePath)
        tls.privateKey = try octets(configuration.keyPath)
        tls.trustAnchors = try octets(configuration.clientAuthorityPath)
        tls.revocationLists = try octets(configuration.revocationListPath)
        if let versions = configuration.versions { tls.versions = versions }
        tls.resumption = tickets.keys(of: period)
        var settings = try EAPServerSettings(tls: tls, methods: configuration.offered)
        settings.memory = memory
        return (settings, try Certificate(pem: tls.certificateChain))
    }
}
