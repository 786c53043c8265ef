internal import Store
internal import Territory

/// The committers, each for its share of the sessions: while one waits for its commit, another gathers and encodes.
///
/// A session is always the same committer's, so its records are stored in the order in which they came. A record about a
/// whole NAS goes to one of them and may overtake or be overtaken: what it ends is decided by instants, not by order.
struct AccountingCommitters: Sendable {
    let all: [AccountingCommitter]

    /// Whose a record is.
    func index(of record: AccountingRecord) -> Int { record.sessionKey.share(of: all.count) }

    /// Records that wait.
    var waiting: Int { all.reduce(0) { $0 + $1.inbox.count } }

    /// Serves until closed and empty.
    func run() async {
        await withDiscardingTaskGroup { group in
            for committer in all {
                group.addTask(executorPreference: committer.thread.executor) { await committer.run() }
            }
        }
    }

    func close() {
        for committer in all { committer.inbox.close() }
    }
}

/// The writers of the committers, for those who write beside them.
struct SessionWriters: Sendable {
    let all: [SessionWriter]

    /// Stores records, each by the writer whose session it is; see ``SessionWriter/storeEach(_:)``.
    func storeEach(_ records: [RecordBox]) async throws -> [Int] {
        var refused: [Int] = []
        for (share, writer) in all.enumerated() {
            let indexes = records.indices.filter { records[$0].record.sessionKey.share(of: all.count) == share }
            guard !indexes.isEmpty else { continue }
            refused += try await writer.storeEach(indexes.map { records[$0] }).map { indexes[$0] }
        }
        return refused
    }

    /// Forgets rows that were changed behind the writers' backs.
    func forget(_ references: [SessionReference]) async {
        for writer in all { await writer.forget(references) }
    }
}

extension SessionKey {
    /// Which of `count` shares it falls in. The key is a digest: its last bits are as good as any.
    fileprivate func share(of count: Int) -> Int { Int(low % UInt64(max(1, count))) }
}
