/// What a package gives those of its visitors who are in a group: staff, elected members, lodgers.
public struct GroupPlan: Sendable, Hashable, Codable {
    /// The VLAN they are put into, 1 … 4094; nil: the network's own.
    public var vlan: Int?
    /// What the equipment knows them as: a user role, group or filter of its own configuration; nil: none.
    public var role: String?
    /// What differs from the package's rights; what a voucher or an account says of its own comes after.
    public var rights: RightsOverride?

    /// A plan of these parts.
    public init(vlan: Int? = nil, role: String? = nil, rights: RightsOverride? = nil) {
        (self.vlan, self.role, self.rights) = (vlan, role, rights)
    }
}
