internal import Foundation
internal import Logging
internal import RADIUS
internal import Store
internal import Territory

/// Does what trusted systems ask (RFC 5176): finds the sessions that are meant and leaves commands for their NAS. What is
/// acknowledged is in the outbox, and durable.
struct IncomingRequests: Sendable {
    /// Sessions of one request at most.
    static let largest = 100

    let sessions: SessionStore
    let outbox: Outbox
    let directory: GatewayDirectory
    let logger: Logger

    /// What is answered.
    enum Answer: Hashable {
        case ack
        case nak(ErrorCause)
    }

    /// Carries a request out.
    func answer(_ request: DynamicAuthorizationRequest) async -> Answer {
        do {
            let (commands, organisations) = try await orders(request)
            for (organisation, commands) in zip(organisations, commands) {
                try await outbox.enqueue(commands, of: organisation)
            }
            return .ack
        } catch let refusal as Refusal {
            return .nak(refusal.cause)
        } catch {
            logger.warning(
                "what a trusted system asked cannot be done now", metadata: ["error": "\(error)"])
            return .nak(.resourcesUnavailable)
        }
    }

    private struct Refusal: Error {
        let cause: ErrorCause
        init(_ cause: ErrorCause) { self.cause = cause }
    }

    /// The commands, by organisation.
    private func orders(
        _ request: DynamicAuthorizationRequest
    ) async throws -> ([[NewOutboxCommand]], [OrganisationID]) {
        var kind = OutboxCommand.Kind.disconnect
        var attributes: [String: String] = [:]
        switch request.action {
        case .disconnect: break
        case .change: (kind, attributes) = (.coa, try Self.allowance(request.changes))
        case .authorizeOnly: throw Refusal(.unsupportedService)
        }
        var criteria = try Self.criteria(request.session)
        let snapshot = directory.snapshot
        criteria.nas = try Self.servers(request.nas, among: snapshot)
        let found = try await sessions.open(matching: criteria, limit: Self.largest + 1)
        guard !found.isEmpty else { throw Refusal(.sessionContextNotFound) }
        guard found.count <= Self.largest else { throw Refusal(.multipleSessionSelectionUnsupported) }
        let able = found.filter { session in
            let profile = snapshot.find(session.nasID)?.profile
            return kind == .coa
                ? profile?.changes([.sessionTimeout]) ?? false : profile?.dynamicAuthorization != nil
        }
        guard !able.isEmpty else { throw Refusal(.unsupportedExtension) }
        let groups = Dictionary(grouping: able, by: \.organisationID)
        let organisations = groups.keys.sorted()
        // A change may differ from the one before it; a session ends once.
        let reason = kind == .disconnect ? "asked" : nil
        let commands = organisations.map { organisation in
            (groups[organisation] ?? []).map { session in
                NewOutboxCommand(
                    kind, nas: session.nasID, target: .session(session.sessionID), attributes: attributes,
                    reason: reason)
            }
        }
        return (commands, organisations)
    }

    // MARK: Reading

    private static func criteria(_ attributes: [Attribute]) throws -> SessionCriteria {
        var criteria = SessionCriteria()
        for attribute in attributes {
            switch attribute.type {
            case .userName: try set(&criteria.userName, try text(attribute))
            case .acctSessionID: try set(&criteria.acctSessionID, try text(attribute))
            case .callingStationID:
                let station = try text(attribute)
                try set(&criteria.callingStation, MACAddress(station).map(\.description) ?? station)
            case .framedIPAddress:
                guard let address = attribute.uint32 else { throw Refusal(.invalidAttributeValue) }
                try set(&criteria.framedAddress, IPAddress(v4: address))
            default: throw Refusal(.unsupportedAttribute)
            }
        }
        return criteria
    }

    /// Twice the same attribute with two values names nothing that can be.
    private static func set<Value: Equatable>(_ place: inout Value?, _ value: Value) throws {
        guard place == nil || place == value else { throw Refusal(.invalidRequest) }
        place = value
    }

    private static func text(_ attribute: Attribute) throws -> String {
        guard let text = attribute.text, !text.isEmpty, !text.utf8.contains(0) else {
            throw Refusal(.invalidAttributeValue)
        }
        return text
    }

    /// The NAS that are meant; nil: none is named.
    private static func servers(_ attributes: [Attribute], among snapshot: GatewaySnapshot) throws -> [NASID]? {
        guard !attributes.isEmpty else { return nil }
        let fitting = snapshot.gateways.map(\.nas).filter { nas in
            attributes.allSatisfy { attribute in
                if attribute.type == .nasIdentifier { return nas.identifier == attribute.text }
                guard let address = IPAddress(bytes: attribute.value) else { return false }
                return nas.coaAddress == address || nas.source?.contains(address) ?? false
            }
        }
        guard !fitting.isEmpty else { throw Refusal(.nasIdentificationMismatch) }
        return fitting.map(\.id)
    }

    /// The attributes of a `coa` command: Session-Timeout, which must be there, Idle-Timeout and WISPr's rates.
    private static func allowance(_ changes: [Attribute]) throws -> [String: String] {
        var attributes: [String: String] = [:]
        for change in changes {
            let (key, value) = try part(change)
            guard value > 0 else { throw Refusal(.invalidAttributeValue) }
            guard attributes.updateValue("\(value)", forKey: key.rawValue) == nil else {
                throw Refusal(.invalidRequest)
            }
        }
        guard attributes[Allowance.CodingKeys.sessionTimeoutSeconds.rawValue] != nil else {
            throw Refusal(.missingAttribute)
        }
        return attributes
    }

    private static func part(_ change: Attribute) throws -> (Allowance.CodingKeys, UInt32) {
        switch change.type {
        case .sessionTimeout: return (.sessionTimeoutSeconds, try number(change.value))
        case .idleTimeout: return (.idleTimeoutSeconds, try number(change.value))
        case .vendorSpecific:
            // One attribute of WISPr's, of four octets.
            guard change.value.count == 10, change.value.starts(with: [0, 0, 0x37, 0x2a]), change.value[5] == 6 else {
                throw Refusal(.unsupportedAttribute)
            }
            let value = try number(Array(change.value[6...]))
            switch change.value[4] {
            case 7: return (.rateUpBitsPerSecond, value)
            case 8: return (.rateDownBitsPerSecond, value)
            default: throw Refusal(.unsupportedAttribute)
            }
        default: throw Refusal(.unsupportedAttribute)
        }
    }

    private static func number(_ octets: [UInt8]) throws -> UInt32 {
        guard octets.count == 4 else { throw Refusal(.invalidAttributeValue) }
        return octets.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
