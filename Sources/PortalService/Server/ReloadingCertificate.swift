import Foundation
import Logging
import NIOSSL
import Synchronization

/// The TLS context of the HTTPS listener, made anew when the certificate's files change.
///
/// A renewal replaces two files, one after the other: until they fit together the context in use stays. Connections keep
/// the context they were opened with.
final class ReloadingCertificate: Sendable {
    /// The files are looked at no more often than this.
    static let checkInterval: Duration = .seconds(1)

    private struct Stamp: Equatable {
        let inode: UInt64
        let size: UInt64
        let modifiedAt: Date?
    }

    private struct State {
        var context: NIOSSLContext
        var stamps: [Stamp?]
        var checkedAt: ContinuousClock.Instant
    }

    private let files: PortalConfiguration.Certificate
    private let logger: Logger
    private let state: Mutex<State>

    /// Throws `.configuration` naming the file when the pair cannot be used.
    init(_ files: PortalConfiguration.Certificate, logger: Logger) throws(PortalError) {
        (self.files, self.logger) = (files, logger)
        let stamps = Self.stamps(files)
        let context = try Self.context(files)
        state = Mutex(State(context: context, stamps: stamps, checkedAt: .now))
    }

    /// The context for a new connection.
    func context(at now: ContinuousClock.Instant = .now) -> NIOSSLContext {
        state.withLock { state in
            guard state.checkedAt.duration(to: now) >= Self.checkInterval else { return state.context }
            state.checkedAt = now
            let stamps = Self.stamps(files)
            guard stamps != state.stamps else { return state.context }
            do {
                state.context = try Self.context(files)
                logger.info("certificate loaded again")
            } catch {
                logger.error("certificate changed but cannot be used; the one before stays: \(error)")
            }
            state.stamps = stamps
            return state.context
        }
    }

    private static func context(_ files: PortalConfiguration.Certificate) throws(PortalError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.chainFile)
            guard !chain.isEmpty else { throw PortalError(.configuration, "\(files.chainFile) holds no certificate") }
            let key = try NIOSSLPrivateKey(file: files.keyFile, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch let error as PortalError {
            throw error
        } catch {
            throw PortalError(.configuration, "\(files.chainFile), \(files.keyFile): \(error)")
        }
    }

    private static func stamps(_ files: PortalConfiguration.Certificate) -> [Stamp?] {
        [files.chainFile, files.keyFile].map { path in
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
            return Stamp(
                inode: (attributes[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0,
                size: (attributes[.size] as? NSNumber)?.uint64Value ?? 0,
                modifiedAt: attributes[.modificationDate] as? Date)
        }
    }
}
