import Foundation
import NIOSSL
import RADIUS
import Store
import Territory

/// Looks at the files an installation stands on.
struct FileChecks {
    let configuration: Configuration
    let now: Date

    func findings() -> [Finding] {
        key() + data() + spool() + certificate() + serverCertificate()
    }

    func key() -> [Finding] {
        let path = configuration.installationKeyFile
        do {
            _ = try InstallationKey.load(from: path)
            return [.fine("installation_key", "\(path) is there and readable by its owner alone")]
        } catch {
            return [.failure("installation_key", error)]
        }
    }

    /// Packages, profiles, dictionaries and migrations.
    func data() -> [Finding] {
        var findings: [Finding] = []
        func check(_ subject: String, _ load: () throws -> (count: Int, faults: [String])) {
            do {
                let (count, faults) = try load()
                findings += faults.map { .fault(subject, $0, mend: "correct that line") }
                if faults.isEmpty { findings.append(.fine(subject, "\(count) read")) }
            } catch {
                findings.append(.failure(subject, error))
            }
        }
        check("paths.packages") {
            let library = try PackageLibrary.load(directory: URL(filePath: configuration.paths.packages))
            return (library.packages.count, library.faults.map(\.description))
        }
        check("paths.equipment") {
            let library = try EquipmentLibrary.load(directory: URL(filePath: configuration.paths.equipment))
            return (library.profiles.count, library.faults.map(\.description))
        }
        check("paths.dictionaries") {
            _ = try AttributeDictionary(directory: configuration.paths.dictionaries)
            return (try AttributeDictionary.sources(in: configuration.paths.dictionaries).count, [])
        }
        return findings
    }

    /// Room and rights for accounting while the database is away, and what waits there.
    func spool() -> [Finding] {
        let directory = configuration.access.spoolDirectory
        let subject = "access.spool.directory"
        let manager = FileManager.default
        guard manager.fileExists(atPath: directory) else {
            let parent = URL(filePath: directory).deletingLastPathComponent().path
            guard manager.isWritableFile(atPath: parent) else {
                return [
                    .fault(
                        subject, "\(directory) is not there and cannot be made",
                        mend: "make it, owned by the user of the access daemon, mode 0700")
                ]
            }
            return [.fine(subject, "\(directory) will be made")]
        }
        guard manager.isWritableFile(atPath: directory) else {
            return [
                .fault(
                    subject, "\(directory) cannot be written by this user",
                    mend: "run doctor as the access daemon's user, or chown it")
            ]
        }
        let names = (try? manager.contentsOfDirectory(atPath: directory)) ?? []
        let segments = names.filter { $0.hasSuffix(".spool") }
        let sizes = segments.compactMap { try? manager.attributesOfItem(atPath: "\(directory)/\($0)")[.size] as? Int }
        let bytes = sizes.reduce(0, +)
        var findings = [Finding.fine(subject, "\(bytes) bytes of accounting wait in \(segments.count) files")]
        if bytes > configuration.access.spoolMaximumBytes / 2 {
            findings = [
                .fault(
                    subject, "more than half full: \(bytes) bytes",
                    mend: "bring the database back; never delete these files, they hold answered records")
            ]
        }
        if let free = try? manager.attributesOfFileSystem(forPath: directory)[.systemFreeSize] as? Int,
            free < configuration.access.spoolMaximumBytes - bytes
        {
            findings.append(
                .warning(
                    subject, "its disk has \(free / 1_048_576) MiB left, less than the spool may take",
                    mend: "make room or lower access.spool.maximum_bytes"))
        }
        return findings
    }

    /// The portal's certificate: there, readable, and not about to expire.
    func certificate() -> [Finding] {
        guard let tls = configuration.portal.tls else { return [] }
        let subject = "portal.tls"
        var findings: [Finding] = []
        let attributes = try? FileManager.default.attributesOfItem(atPath: tls.keyFile)
        let mode = attributes?[.posixPermissions] as? Int
        if mode == nil {
            findings.append(
                .fault(
                    subject, "the key \(tls.keyFile) cannot be read",
                    mend: "name the right file, readable by the portal's user"))
        } else if let mode, mode & 0o007 != 0 {
            findings.append(
                .fault(
                    subject, "the key \(tls.keyFile) can be read by everybody",
                    mend: "chmod o= it and renew the certificate"))
        }
        guard let chain = try? NIOSSLCertificate.fromPEMFile(tls.certificateFile), let first = chain.first else {
            return findings + [
                .fault(
                    subject, "the certificate \(tls.certificateFile) cannot be read",
                    mend: "name a PEM file, readable by the portal's user")
            ]
        }
        return findings + [Self.expiry(Date(timeIntervalSince1970: TimeInterval(first.notValidAfter)), now: now)]
    }

    static func expiry(_ end: Date, now: Date) -> Finding {
        let days = Int((end.timeIntervalSince(now) / 86_400).rounded(.down))
        let mend = "renew it; the portal notices by itself"
        if end <= now {
            return .fault("portal.tls", "the certificate has expired on \(end.formatted(.iso8601))", mend: mend)
        }
        if days < 21 { return .warning("portal.tls", "the certificate expires in \(days) days", mend: mend) }
        return .fine("portal.tls", "the certificate is good for \(days) days")
    }
}
