public import Territory

/// The equipment profiles the portal knows, by name.
public struct PortalEquipment: Sendable {
    private let profiles: [String: EquipmentProfile]

    /// These profiles.
    public init(_ profiles: [String: EquipmentProfile]) { self.profiles = profiles }

    /// The profile of a gateway; nil for a name there is no file of.
    func profile(_ name: String) -> EquipmentProfile? { profiles[name] }

    /// Whether the portal itself counts this gateway's sessions, as it speaks no RADIUS.
    func isCountedByPortal(_ name: String) -> Bool { profiles[name]?.handoff == .openNDSFAS }

    /// What openNDS is told after the token: `minutes up down up down`, in the units of its profile; 0: no limit.
    func openNDSParameters(_ name: String, for allowance: Allowance) -> String {
        let given = profiles[name]?.fasParameters(for: allowance) ?? []
        let order = ["sessionlength", "uploadrate", "downloadrate", "uploadquota", "downloadquota"]
        return order.map { wanted in
            given.first { $0.name == wanted }.flatMap { UInt64($0.value) }.map(String.init) ?? "0"
        }.joined(separator: " ")
    }
}
