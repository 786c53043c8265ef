import ArgumentParser

/// The daemons of this executable. They meet in PostgreSQL and nowhere else.
enum Daemon: String, CaseIterable, ExpressibleByArgument, Sendable {
    case access, portal, retention

    /// The connection string of its role.
    func conninfo(_ configuration: Configuration) -> String {
        switch self {
        case .access: configuration.database.access
        case .portal: configuration.database.portal
        case .retention: configuration.database.retention
        }
    }
}
