internal import CLibPQ
internal import Foundation

/// A connection of libpq, owned by one thread. Every call returns at once; waiting is the owner's business.
final class Connection {
    private let pg: OpaquePointer
    private var values: [UnsafePointer<CChar>?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// What `PQgetResult` brought.
    enum Answer {
        case result(ResultHandle, BatchMachine.Reply)
        /// The end of one command's results.
        case end
        /// Nothing until more bytes arrive.
        case none
    }

    /// Begins to connect. Nil when libpq is out of memory.
    init?(starting parameters: [String: String]) {
        let pairs = parameters.sorted { $0.key < $1.key }
        var keywords = pairs.map { UnsafePointer(strdup($0.key)) } + [nil]
        var texts = pairs.map { UnsafePointer(strdup($0.value)) } + [nil]
        defer { for pointer in keywords + texts { free(UnsafeMutablePointer(mutating: pointer)) } }
        guard let pg = PQconnectStartParams(&keywords, &texts, 0) else { return nil }
        self.pg = pg
        // Without this, libpq prints the server's notices on standard error.
        PQsetNoticeProcessor(pg, { _, _ in }, nil)
    }

    deinit { PQfinish(pg) }

    var socket: Int32 { PQsocket(pg) }
    var isAlive: Bool { PQstatus(pg) == CONNECTION_OK }
    var backendID: Int32 { PQbackendPID(pg) }
    /// Names host and port; libpq may quote names, so for `debugDescription` only.
    var message: String { String(cString: PQerrorMessage(pg)).trimmingCharacters(in: .whitespacesAndNewlines) }

    enum Progress { case reading, writing, connected, failed }

    /// One step of connecting.
    func poll() -> Progress {
        switch PQconnectPoll(pg) {
        case PGRES_POLLING_READING: .reading
        case PGRES_POLLING_WRITING: .writing
        case PGRES_POLLING_OK: PQsetnonblocking(pg, 1) == 0 ? .connected : .failed
        default: .failed
        }
    }

    func enterPipeline() -> Bool { PQenterPipelineMode(pg) == 1 }
    func exitPipeline() -> Bool { PQexitPipelineMode(pg) == 1 }

    // MARK: Sending

    func prepare(name: String, _ key: StatementKey) -> Bool {
        let types = key.types.map(\.rawValue)
        return PQsendPrepare(pg, name, key.sql, Int32(clamping: types.count), types) == 1
    }

    func execute(name: String, _ sql: SQL) -> Bool {
        let count = sql.fields.count
        values.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        while formats.count < count { formats.append(1) }
        return sql.bytes.withUnsafeBytes { bytes in
            for field in sql.fields {
                let start = bytes.baseAddress?.advanced(by: field.offset)
                values.append(field.length == nil ? nil : start?.assumingMemoryBound(to: CChar.self))
                lengths.append(Int32(clamping: field.length ?? 0))
            }
            return PQsendQueryPrepared(pg, name, Int32(clamping: count), values, lengths, formats, 1) == 1
        }
    }

    func deallocate(name: String) -> Bool {
        PQsendQueryParams(pg, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 0) == 1
    }

    func sync() -> Bool { PQpipelineSync(pg) == 1 }

    /// Statements by the simple protocol, outside pipeline mode.
    func script(_ text: String) -> Bool { PQsendQuery(pg, text) == 1 }

    /// 1 when it was queued, 0 when the buffer is full, -1 when the connection is gone.
    func putCopy(_ bytes: [UInt8]) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress else { return 1 }
            return PQputCopyData(pg, start.assumingMemoryBound(to: CChar.self), Int32(clamping: buffer.count))
        }
    }

    /// Ends COPY; with an error text the server rolls it back. As `putCopy`.
    func endCopy(failing reason: String? = nil) -> Int32 {
        guard let reason else { return PQputCopyEnd(pg, nil) }
        return PQputCopyEnd(pg, reason)
    }

    /// 0 when all is sent, 1 when some is left, -1 when the connection is gone.
    func flush() -> Int32 { PQflush(pg) }

    /// Takes what the socket has. False when the connection is gone.
    func consume() -> Bool { PQconsumeInput(pg) == 1 }

    /// The next result, if it is complete.
    func nextAnswer() -> Answer {
        if PQisBusy(pg) == 1 { return .none }
        guard let pointer = PQgetResult(pg) else { return .end }
        let result = ResultHandle(pointer)
        return .result(result, result.reply)
    }

    func nextNotification() -> (channel: String, payload: String)? {
        guard let notification = PQnotifies(pg) else { return nil }
        defer { PQfreemem(notification) }
        return (String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
    }

    /// Asks the server to give up what it is doing for us. Opens a second connection and waits for it.
    /// - Returns: false when the request could not be delivered.
    func cancel() -> Bool {
        guard let cancel = PQgetCancel(pg) else { return false }
        defer { PQfreeCancel(cancel) }
        var buffer = [CChar](repeating: 0, count: 256)
        return PQcancel(cancel, &buffer, Int32(buffer.count)) == 1
    }
}

extension ResultHandle {
    /// What this result means to the batch.
    var reply: BatchMachine.Reply {
        switch status {
        case PGRES_PIPELINE_SYNC: .synced
        case PGRES_PIPELINE_ABORTED: .skipped
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE: .failure(failure)
        default: .success
        }
    }

    /// The parts of an error.
    var failure: ServerFailure {
        let severity = field("V") ?? ""
        let texts = [field("M"), field("D"), field("H"), field("W"), field("P").map { "at character \($0)" }]
        return ServerFailure(
            // An error without a state was made by libpq itself: the connection is gone.
            sqlState: field("C") ?? "08006",
            isFatal: severity == "FATAL" || severity == "PANIC" || field("C") == nil,
            constraint: field("n"),
            text: texts.compactMap(\.self).joined(separator: "; "))
    }

    /// A field of an ErrorResponse by its letter (PostgreSQL manual, 55.8).
    private func field(_ letter: Unicode.Scalar) -> String? {
        PQresultErrorField(pointer, Int32(letter.value)).map { String(cString: $0) }
    }
}
