internal import Foundation
internal import Logging
internal import OpenSSL
internal import Pacing
import Synchronization

/// A TLS context made from files, and made again when they change: certificates and revocation lists are renewed while
/// the daemon runs. Files that cannot be used leave the context as it was, which is logged.
final class ReloadingTLSContext: Sendable {
    private struct State {
        var context: TLSContext
        var contents: [[UInt8]]
        var lastFault: String?
    }

    private let state: Mutex<State>
    private let files: TLSFiles
    private let logger: Logger
    private let prepare: @Sendable (inout TLSSettings) -> Void

    /// Reads the files; throws `.configuration` naming what cannot be used. `prepare` sets what is not in files.
    init(_ files: TLSFiles, logger: Logger, _ prepare: @escaping @Sendable (inout TLSSettings) -> Void)
        throws(AccessError)
    {
        let contents = try Self.read(files)
        let context = try Self.context(contents, prepare)
        (self.files, self.logger, self.prepare) = (files, logger, prepare)
        state = Mutex(State(context: context, contents: contents))
    }

    /// For sessions that begin now.
    var current: TLSContext { state.withLock(\.context) }

    /// Looks at the files every ten seconds, until the task is cancelled.
    func run() async {
        for await _ in Ticker(interval: .seconds(10), clock: ContinuousClock()) { reload() }
    }

    /// Takes over what the files hold now; whether that is new and can be used.
    @discardableResult
    func reload() -> Bool {
        do throws(AccessError) {
            let contents = try Self.read(files)
            guard state.withLock({ $0.contents != contents }) else { return false }
            let context = try Self.context(contents, prepare)
            state.withLock { $0 = State(context: context, contents: contents) }
            logger.info("certificates have been read again", metadata: ["certificate": "\(files.certificate)"])
            return true
        } catch {
            let text = error.description
            let isNew = state.withLock { state in
                defer { state.lastFault = text }
                return state.lastFault != text
            }
            if isNew {
                logger.error(
                    "changed certificates cannot be used, those of before are kept", metadata: ["error": "\(text)"])
            }
            return false
        }
    }

    private static func read(_ files: TLSFiles) throws(AccessError) -> [[UInt8]] {
        var contents: [[UInt8]] = []
        for path in [files.certificate, files.key, files.authorities, files.revocations] {
            guard let path else { continue }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw AccessError(.configuration, "the file \(path) cannot be read")
            }
            contents.append(Array(data))
        }
        return contents
    }

    private static func context(
        _ contents: [[UInt8]], _ prepare: (inout TLSSettings) -> Void
    ) throws(AccessError) -> TLSContext {
        var settings = TLSSettings(role: .server)
        (settings.certificateChain, settings.privateKey) = (contents[0], contents[1])
        settings.trustAnchors = contents[2]
        if contents.count > 3 { settings.revocationLists = contents[3] }
        settings.peerCertificate = .required
        prepare(&settings)
        do throws(OpenSSLError) {
            return try TLSContext(settings)
        } catch {
            throw AccessError(.configuration, "certificates: \(error)")
        }
    }
}
