public import Foundation

/// A device of a subject as accounting tells of it: connected now, or a moment ago.
public struct HeardStation: Sendable, Hashable {
    /// The calling station, a MAC address in its canonical spelling where it is one; the session where there is none.
    public let name: String
    /// Whether a session of it is open.
    public let isConnected: Bool
    /// When the last record of it reached us.
    public let heardAt: Date

    /// A station as accounting last told of it.
    public init(name: String, isConnected: Bool, heardAt: Date) {
        (self.name, self.isConnected, self.heardAt) = (name, isConnected, heardAt)
    }

    /// The stations of these sessions, each once.
    public static func stations(of sessions: some Sequence<SessionRow>) -> [HeardStation] {
        merging(
            sessions.map { row in
                HeardStation(
                    name: row.callingStation ?? row.acctSessionID, isConnected: row.isOpen, heardAt: row.receivedAt)
            })
    }

    /// What several sessions tell of stations, each station once: connected by any of them, heard of by the last.
    public static func merging(_ heard: [HeardStation]) -> [HeardStation] {
        guard heard.count > 1 else { return heard }
        return Dictionary(grouping: heard, by: \.name).map { name, all in
            HeardStation(
                name: name, isConnected: all.contains(where: \.isConnected),
                heardAt: all.map(\.heardAt).max() ?? .distantPast)
        }
    }
}
