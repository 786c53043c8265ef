import AccessService
import NIOCore
import OpenSSL
import PortalService
import Postgres
import RADIUS
import Store
import Territory

extension Failure {
    /// What an error of a module means to somebody at a prompt; nil for an error that is not ours.
    init?(describing error: any Error) {
        switch error {
        case let error as PostgresError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as TerritoryError: self.init(error)
        case let error as AccessError: self.init(error)
        case let error as PortalError:
            self.init(error.code == .configuration ? .configuration : .software, error.detail)
        case let error as IOError:
            self.init(
                .system, "cannot listen: \(error.description)",
                mend: "free the port or choose another one; socle doctor says which")
        case let error as OpenSSLError: self.init(error)
        case let error as RADIUSError: self.init(.configuration, error.description)
        default: return nil
        }
    }

    private init(_ error: PostgresError) {
        switch error.code {
        case .connectionFailed, .connectionLost, .queueFull, .timeout, .closed, .cancelled:
            self.init(
                .unavailable, "the database does not answer (\(error.description))",
                mend: "is it running, and does the connection string of the configuration reach it? see socle doctor")
        case .unknownOutcome:
            self.init(
                .unavailable, "the connection was lost before the database confirmed: it may or may not be done",
                mend: "look, then repeat it if it is not")
        case .server(let state):
            self.init(serverState: state, error)
        case .configuration, .serverUnusable:
            self.init(.configuration, error.context.isEmpty ? error.description : error.context)
        case .migration:
            self.init(.configuration, error.context)
        case .decoding, .tooLarge:
            self.init(.software, error.description)
        }
    }

    private init(serverState state: String, _ error: PostgresError) {
        switch state {
        case "42501":
            self.init(
                .permission, "the database role may not do this", mend: "use the owner of the tables (database.owner)")
        case "3F000", "42P01", "42703", "42883":
            self.init(
                .configuration, "the database lacks what this version needs (SQLSTATE \(state))",
                mend: "run socle migrate")
        case "23505":
            let constraint = error.constraint.map { " (\($0))" } ?? ""
            self.init(.exists, "that exists already\(constraint)")
        default:
            self.init(.software, error.description)
        }
    }

    private init(_ error: StoreError) {
        switch error.code {
        case .keyFileUnreadable:
            self.init(
                .configuration, "the installation key \(error.context) cannot be read",
                mend: "socle migrate makes it on a new installation; on an old one bring back the backup of it")
        case .keyFileExposed:
            self.init(
                .configuration, "the installation key \(error.context) can be read by others", mend: "chmod 600 it")
        case .keyFileSize:
            self.init(
                .configuration, "the installation key \(error.context) is not 32 octets long",
                mend: "bring back the backup of it")
        case .keyFileNotCreated:
            self.init(
                .system, "the installation key \(error.context) cannot be made",
                mend: "make its directory, writable by you")
        case .secretUnreadable:
            self.init(
                .configuration, "a stored secret does not open under this installation key (\(error.context))",
                mend: "is it the key this database was filled with?")
        case .notFound: self.init(.notFound, "there is no \(error.context)")
        case .closed: self.init(.notFound, "\(error.context) is closed")
        case .duplicate: self.init(.exists, "\(error.context) exists already")
        case .invalid: self.init(.data, "not acceptable: \(error.context)")
        case .unreadable: self.init(.software, "a stored value is not understood: \(error.context)")
        case .contended: self.init(.unavailable, "somebody else was always first: \(error.context)", mend: "try again")
        }
    }

    private init(_ error: TerritoryError) {
        let faults = error.faults.map(\.description).joined(separator: "\n")
        switch error.code {
        case .malformedDocument, .malformedOpeningHours: self.init(.data, error.description)
        case .unreadable: self.init(.notFound, "cannot be read: \(error.context)")
        case .unknownName: self.init(.notFound, error.context)
        case .faultyDocument, .faultyTable:
            self.init(.data, "\(error.context) has \(error.faults.count) faults; nothing was changed\n\(faults)")
        }
    }

    private init(_ error: AccessError) {
        switch error.code {
        case .invalidAddress, .configuration: self.init(.configuration, error.context)
        case .socket: self.init(.system, error.context, mend: "is the port in use? socle doctor says by whom")
        case .spool: self.init(.system, error.context, mend: "make access.spool.directory, writable by this user alone")
        case .spoolFull, .stopping: self.init(.unavailable, error.context)
        }
    }
}
