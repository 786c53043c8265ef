import Glibc

/// Accounting records on the local disk while PostgreSQL is away: segment files in order, each record framed with its
/// CRC, each append fsynced before it returns.
///
/// Bound: `maximumBytes` in all; past it, or when the disk is full, `append` throws `.spoolFull` and nothing of the batch
/// remains, so the NAS gets no reply and keeps its record. Reading is at least once: the position is not stored, a
/// segment is removed when all of it has been consumed, and a restart reads the first segment from its beginning.
///
/// The actor runs on a thread of its own, because fsync blocks.
public actor Spool {
    /// What waits in the spool.
    public struct Status: Sendable, Hashable {
        /// Bytes in segment files, consumed records of unfinished segments included.
        public var bytes: Int
        /// Whether there is nothing left to consume.
        public var isEmpty: Bool
        /// Bytes cut off or unreadable because a crash or the disk damaged them, since the spool was opened.
        public var lostBytes: Int
    }

    /// Records read, and the token that says they have been consumed.
    struct Batch: Sendable {
        var payloads: [[UInt8]]
        var segment: UInt64
        var next: Int
    }

    private let executor: ThreadExecutor
    private let directory: String
    private let maximumBytes: Int
    private let segmentBytes: Int
    private let lock: Int32
    private var segments: [SpoolSegment]
    private var lostBytes: Int
    private var number: UInt64

    /// The thread that fsync may block.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens the spool in `directory` (made if missing, mode 0700), cutting a torn tail; throws if another process has it.
    public init(directory: String, maximumBytes: Int = 1 << 30, segmentBytes: Int = 16 << 20) throws(AccessError) {
        try SpoolFile.makeDirectory(directory)
        let lockPath = directory + "/lock"
        let lock = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw SpoolFile.fault("open", lockPath, errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw AccessError(.spool, "\(directory) is in use by another process")
        }
        var segments: [SpoolSegment] = []
        do {
            for name in try SpoolFile.names(in: directory) where name.hasSuffix(".spool") {
                guard let number = UInt64(name.dropLast(6)) else { continue }
                segments.append(try SpoolSegment.open(number: number, path: directory + "/" + name))
            }
        } catch {
            close(lock)
            throw error
        }
        segments.sort { $0.number < $1.number }
        self.executor = ThreadExecutor(name: "socle-spool")
        (self.directory, self.lock, self.segments) = (directory, lock, segments)
        (self.maximumBytes, self.segmentBytes) = (maximumBytes, max(4096, segmentBytes))
        self.lostBytes = segments.reduce(0) { $0 + $1.lostBytes }
        self.number = segments.last?.number ?? 0
    }

    deinit {
        close(lock)
        executor.close()
    }

    /// What waits.
    public var status: Status {
        Status(
            bytes: segments.reduce(0) { $0 + $1.end }, isEmpty: segments.allSatisfy(\.isConsumed), lostBytes: lostBytes)
    }

    /// Appends records in order; all of them are durable when this returns, none of them when it throws.
    func append(_ payloads: [[UInt8]]) throws(AccessError) {
        var framed: [UInt8] = []
        for payload in payloads {
            guard !payload.isEmpty, payload.count <= SpoolSegment.maximumPayload else {
                throw AccessError(.spool, "a record of \(payload.count) bytes")
            }
            SpoolSegment.frame(payload, into: &framed)
        }
        let held = segments.reduce(0) { $0 + $1.end }
        guard held + framed.count + SpoolSegment.magic.count <= maximumBytes else {
            throw AccessError(.spoolFull, "\(held) of \(maximumBytes) bytes are in use")
        }
        try segmentForAppending().append(framed: framed)
    }

    /// The oldest records, at most `limit`, which stay in the spool until `consume`; nil if nothing waits.
    func oldest(limit: Int) throws(AccessError) -> Batch? {
        while let segment = segments.first(where: { !$0.isConsumed }) {
            let lostBefore = segment.lostBytes
            let (payloads, next) = try segment.read(limit: limit)
            lostBytes += segment.lostBytes - lostBefore
            if !payloads.isEmpty { return Batch(payloads: payloads, segment: segment.number, next: next) }
            segment.position = next
        }
        return nil
    }

    /// Says that a batch is stored elsewhere; removes the segments that are done with.
    func consume(_ batch: Batch) throws(AccessError) {
        segments.first { $0.number == batch.segment }?.position = batch.next
        try removeConsumed()
    }

    private func removeConsumed() throws(AccessError) {
        var removed = false
        while let segment = segments.first, segment.isConsumed {
            try SpoolFile.remove(segment.path)
            segments.removeFirst()
            removed = true
        }
        if removed { try SpoolFile.syncDirectory(directory) }
    }

    private func segmentForAppending() throws(AccessError) -> SpoolSegment {
        if let last = segments.last, last.end < segmentBytes, last.number == number { return last }
        let next = number + 1
        let digits = String(next)
        let name = String(repeating: "0", count: max(0, 20 - digits.count)) + digits + ".spool"
        let path = directory + "/" + name
        let segment = try SpoolSegment.create(number: next, path: path)
        do {
            try SpoolFile.syncDirectory(directory)
        } catch {
            try? SpoolFile.remove(path)
            throw error
        }
        number = next
        segments.append(segment)
        return segment
    }
}

extension Spool {
    // The flag is read and cleared here, on the actor, so that no append falls between the last look and the clearing.

    /// Appends if the flag is set; false: it is not, and nothing was appended.
    func appendIfActive(_ payloads: [[UInt8]], _ active: SpoolFlag) throws(AccessError) -> Bool {
        guard active.isSet else { return false }
        try append(payloads)
        return true
    }

    /// Clears the flag if nothing waits.
    func deactivateIfEmpty(_ active: SpoolFlag) -> Bool {
        guard status.isEmpty else { return false }
        active.isSet = false
        return true
    }
}
