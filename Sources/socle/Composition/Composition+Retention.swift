import Evidence
import Foundation
import Postgres
import RetentionService
import ServiceLifecycle
import Store
import Territory

extension Composition {
    /// The retention daemon; `serve` makes it where the configuration has an archive.
    func retentionDaemon(_ client: PostgresClient) throws -> any Service {
        guard let retention = configuration.retention else { throw Failure.noArchive }
        let logger = named("retention")
        let service = RetentionService(
            configuration: try retention.service(),
            stores: RetentionStores(
                sources: LogSources(client), injunctions: Injunctions(client), catalogue: SegmentCatalogue(client),
                changes: ChangeFeed(client, logger: logger)), logger: logger)
        health.attach("retention") {
            service.isStuck
                ? ComponentHealth(state: .failed, detail: "records cannot be made durable, and none is taken in")
                : ComponentHealth(state: .ok)
        }
        return service
    }
}

extension Configuration.Retention {
    /// What the daemon is told, with the keys and the policy read from their files.
    func service() throws -> RetentionConfiguration {
        var told = RetentionConfiguration(
            directory: directory, policy: try RetentionPolicy.load(URL(filePath: policyFile)),
            recipients: try recipients(), signer: try signer())
        told.syslogUDP = syslogUDP.map(\.listening)
        told.syslogTCP = syslogTCP.map(\.listening)
        told.flows = flows.map(\.listening)
        if let tls = syslogTLS {
            told.syslogTLS = [
                .init(
                    listening: tls.listen.listening, certificate: tls.certificateFile, key: tls.keyFile,
                    authorities: tls.authoritiesFile)
            ]
        }
        told.maximumMessage = maximumMessage
        told.limits.openMilliseconds = sealAfter.components.seconds * 1_000
        return told
    }

    /// The auditor and the three officers. Throws a failure that names the file.
    func recipients() throws(Failure) -> Recipients {
        let auditor = try ArchiveKeyFile.recipient(auditorFile)
        var officers: [RecipientKey] = []
        for file in officerFiles { officers.append(try ArchiveKeyFile.recipient(file)) }
        do { return try Recipients(auditor: auditor, officers: officers) } catch {
            throw Failure(
                .configuration, "retention: the keys are not one auditor's and three different officers'",
                mend: "socle archive key makes them, with --role auditor and --role officer")
        }
    }

    func signer() throws(Failure) -> NoteSigner {
        let text = try ArchiveKeyFile.text(logKeyFile)
        do { return try NoteSigner(text) } catch {
            throw Failure(.configuration, "\(logKeyFile) is no key of a log: \(error)")
        }
    }
}

/// Key files of the archive.
enum ArchiveKeyFile {
    /// The text of a key file, without the line end.
    static func text(_ path: String) throws(Failure) -> String {
        String(decoding: try CommandFile.read(path).prefix(65_536), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A public half.
    static func recipient(_ path: String) throws(Failure) -> RecipientKey {
        let text = try text(path)
        do { return try KeyFile.recipient(text) } catch {
            throw Failure(.configuration, "\(path) is no public key of the archive: \(error)")
        }
    }
}

extension ListenAddress {
    fileprivate var listening: RetentionConfiguration.Listening { .init(host: host, port: port) }
}

extension Failure {
    /// There is no section `retention`.
    static let noArchive = Failure(
        .configuration, "the configuration has no archive",
        mend: "fill in the section retention; config/socle.yaml is its manual")
}
