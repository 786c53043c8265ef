public import Foundation

extension EquipmentProfile {
    /// Whether a CoA can change what an allowance says of `sources`: any of them.
    public func changes(_ sources: Set<AttributeRule.Source>) -> Bool {
        guard let dynamicAuthorization, dynamicAuthorization.methods.contains(.coa) else { return false }
        return dynamicAuthorization.change.contains { rule in
            if case .derived(let source, _) = rule.value { sources.contains(source) } else { false }
        }
    }

    /// Whether a CoA can slow a session down: change its rates, and take away every limit of volume that its Accept may have
    /// carried, at which the equipment would end it all the same.
    public var slowsSessions: Bool {
        guard changes([.rateDown, .rateUp, .rates]), let change = dynamicAuthorization?.change else { return false }
        let lifted = Set(change.compactMap { $0.lifted == nil ? nil : $0.attribute })
        return accept.allSatisfy { rule in
            guard case .derived(.remainingOctets, _) = rule.value else { return true }
            return lifted.contains(rule.attribute)
        }
    }

    /// The attributes of a CoA-Request that leaves a session one second: how equipment that takes a new Session-Timeout
    /// is made to end it. Nil where it takes none.
    public func shorteningAttributes(for session: SessionIdentity, now: Date) -> [ProfileAttribute]? {
        guard changes([.sessionTimeout]) else { return nil }
        return changeAttributes(
            for: session, allowance: Allowance(sessionTimeoutSeconds: 1, endsAt: now.addingTimeInterval(1)), now: now)
    }
}
