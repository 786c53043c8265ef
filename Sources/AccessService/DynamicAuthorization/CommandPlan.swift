internal import Foundation
internal import RADIUS
internal import Store
internal import Territory

/// How a command is carried out at one NAS: requests in the order in which they are tried, each after the one before was
/// refused or, as accounting shows, did nothing.
struct CommandPlan {
    /// One request to try.
    struct Request {
        var method: OutboxCommand.Kind
        var code: PacketCode
        var attributes: [ProfileAttribute]
    }

    /// Set among a `coa` command's attributes: a session that cannot be changed is to end.
    static let orDisconnect = "or_disconnect"

    let requests: [Request]
    /// Whether it is done only when accounting says that the session is over.
    let endsSession: Bool

    /// Empty: the equipment cannot be told that.
    init(_ command: OutboxCommand, _ profile: EquipmentProfile, identity: SessionIdentity, now: Date) {
        let disconnect = profile.disconnectAttributes(for: identity, now: now).map {
            Request(method: .disconnect, code: .disconnectRequest, attributes: $0)
        }
        let reauthenticate = profile.reauthenticateRequest(for: identity, now: now).map {
            Request(
                method: .reauthenticate, code: $0.method == .coa ? .coaRequest : .disconnectRequest,
                attributes: $0.attributes)
        }
        switch command.kind {
        case .disconnect:
            requests = Self.ending(profile, disconnect, reauthenticate, identity, now)
            endsSession = true
        case .coa:
            let change = Self.allowance(command, now).flatMap {
                profile.changeAttributes(for: identity, allowance: $0, now: now)
            }
            let first = change.map { [Request(method: .coa, code: .coaRequest, attributes: $0)] } ?? []
            let mayEnd = command.attributes[Self.orDisconnect] != nil
            requests = first + (mayEnd ? Self.ending(profile, disconnect, reauthenticate, identity, now) : [])
            // The change itself shows nowhere; what comes after it ends the session.
            endsSession = command.method >= first.count
        case .reauthenticate:
            let isOther = reauthenticate?.code != .disconnectRequest
            requests = [reauthenticate, isOther ? disconnect : nil].compactMap(\.self)
            endsSession = false
        }
    }

    /// The methods of the profile in its order, then what makes the device authenticate again, if that is another request.
    private static func ending(
        _ profile: EquipmentProfile, _ disconnect: Request?, _ reauthenticate: Request?, _ identity: SessionIdentity,
        _ now: Date
    ) -> [Request] {
        var requests: [Request] = []
        for method in profile.dynamicAuthorization?.methods ?? [] {
            switch method {
            case .disconnect: if let disconnect { requests.append(disconnect) }
            case .coa:
                if let attributes = profile.shorteningAttributes(for: identity, now: now) {
                    requests.append(Request(method: .coa, code: .coaRequest, attributes: attributes))
                }
            }
        }
        if let reauthenticate, reauthenticate.code == .coaRequest { requests.append(reauthenticate) }
        return requests
    }

    /// The allowance that a `coa` command carries, under the names of `Allowance`'s JSON.
    private static func allowance(_ command: OutboxCommand, _ now: Date) -> Allowance? {
        let number = { (key: Allowance.CodingKeys) in command.attributes[key.rawValue].flatMap(Int64.init) }
        guard let seconds = number(.sessionTimeoutSeconds) else { return nil }
        return Allowance(
            sessionTimeoutSeconds: Int(clamping: seconds),
            idleTimeoutSeconds: number(.idleTimeoutSeconds).map { Int(clamping: $0) },
            remainingOctets: number(.remainingOctets), rateDownBitsPerSecond: number(.rateDownBitsPerSecond),
            rateUpBitsPerSecond: number(.rateUpBitsPerSecond), endsAt: now.addingTimeInterval(Double(seconds)),
            exhausted: command.attributes[Allowance.CodingKeys.exhausted.rawValue].flatMap(RefusalReason.init),
            role: command.attributes[Allowance.CodingKeys.role.rawValue])
    }
}

extension Allowance {
    /// What a `coa` command carries of it.
    var commandAttributes: [String: String] {
        var attributes = [CodingKeys.sessionTimeoutSeconds.rawValue: "\(sessionTimeoutSeconds)"]
        attributes[CodingKeys.idleTimeoutSeconds.rawValue] = idleTimeoutSeconds.map { "\($0)" }
        attributes[CodingKeys.remainingOctets.rawValue] = remainingOctets.map { "\($0)" }
        attributes[CodingKeys.rateDownBitsPerSecond.rawValue] = rateDownBitsPerSecond.map { "\($0)" }
        attributes[CodingKeys.rateUpBitsPerSecond.rawValue] = rateUpBitsPerSecond.map { "\($0)" }
        attributes[CodingKeys.exhausted.rawValue] = exhausted?.rawValue
        attributes[CodingKeys.role.rawValue] = role
        return attributes
    }
}
