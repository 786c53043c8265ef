/// A transaction that is open. Its statements run one after the other; after a failed one the server refuses the rest.
public struct PostgresTransaction: Sendable {
    let session: Session

    /// A statement and its rows.
    @discardableResult
    public func query(_ sql: SQL) async throws(PostgresError) -> Rows {
        try sql.checkSize()
        return try await session.call(sql)
    }

    /// The same, for statements that are there for what they change.
    @discardableResult
    public func write(_ sql: SQL) async throws(PostgresError) -> Rows { try await query(sql) }

    /// Bulk load inside the transaction; see `PostgresClient.copyIn`.
    @discardableResult
    public func copyIn<Chunks: AsyncSequence>(
        _ statement: SQL, _ chunks: Chunks
    ) async throws -> Int where Chunks.Element == [UInt8] {
        _ = try await session.call(statement, mode: .copyStart)
        do {
            for try await chunk in chunks where !chunk.isEmpty {
                _ = try await session.call("", mode: .copyData(chunk))
            }
        } catch let error as PostgresError {
            throw error
        } catch {
            _ = try? await session.call("", mode: .copyEnd(failing: "the source failed"), shielded: true)
            throw error
        }
        return try await session.call("", mode: .copyEnd(failing: nil)).affected
    }

    /// Bulk load inside the transaction; see `PostgresClient.copyIn`.
    @discardableResult
    public func copyIn(_ statement: SQL, rows: some Sequence<[UInt8]> & Sendable) async throws(PostgresError) -> Int {
        _ = try await session.call(statement, mode: .copyStart)
        var chunk: [UInt8] = []
        for row in rows {
            chunk += row
            // Large enough to cost no hop per row, small enough to stay in a cache.
            guard chunk.count >= 65_536 else { continue }
            _ = try await session.call("", mode: .copyData(chunk))
            chunk.removeAll(keepingCapacity: true)
        }
        if !chunk.isEmpty { _ = try await session.call("", mode: .copyData(chunk)) }
        return try await session.call("", mode: .copyEnd(failing: nil)).affected
    }
}

extension SQL {
    /// The server takes messages below 1 GiB and 65 535 parameters.
    static let maximumBytes = 256 * 1024 * 1024
    static let maximumParameters = 65_535

    func checkSize() throws(PostgresError) {
        guard bytes.count + text.utf8.count <= SQL.maximumBytes, fields.count <= SQL.maximumParameters else {
            throw PostgresError(.tooLarge, "\(fields.count) parameters, \(bytes.count) bytes")
        }
    }
}
