import Synchronization

/// The templates of flow exporters, between the listener that learns them and the disk that keeps them over a restart.
final class FlowTemplates: Sendable {
    /// Octets read back at most.
    static let limit = 64 << 20

    private let layout: ArchiveLayout
    private let files: DurableFiles
    private let pending = Mutex<[UInt8]?>(nil)
    /// As the process before left them; empty where it left none.
    let stored: [UInt8]

    init(_ layout: ArchiveLayout, files: DurableFiles) {
        (self.layout, self.files) = (layout, files)
        stored = (try? DurableFiles.read(Self.path(layout), limit: Self.limit)) ?? []
    }

    private static func path(_ layout: ArchiveLayout) -> String { layout.state + "/flow-templates" }

    /// Takes what is to be kept; on disk at the next ``write()``.
    func keep(_ octets: [UInt8]) { pending.withLock { $0 = octets } }

    /// Writes what was taken since the last time. Blocking: for the archive's own threads.
    func write() throws {
        let octets = pending.withLock { pending -> [UInt8]? in
            defer { pending = nil }
            return pending
        }
        if let octets { try files.publish(octets, at: Self.path(layout)) }
    }
}
