/// What a segment says of itself in the clear: nothing about a person.
public struct SegmentLabel: Sendable, Equatable {
    /// The segment's name.
    public var id: SegmentID
    /// The retention class: `C4`. 1 to 32 ASCII letters, digits, hyphens and underscores.
    public var recordClass: String
    /// The group of tenants whose records it holds.
    public var tenant: String
    /// The UTC period it belongs to, in milliseconds since 1970.
    public var period: Range<Int64>
    /// When it was sealed, likewise.
    public var sealedAt: Int64
    /// When its records must be gone, likewise.
    public var expiresAt: Int64
    /// The version of the retention policy that was in force.
    public var policy: String
    /// The legal basis, bound when the records were written.
    public var basis: String

    /// Every text has at most 255 octets and no control characters.
    public init(
        id: SegmentID = .random(), recordClass: String, tenant: String, period: Range<Int64>, sealedAt: Int64,
        expiresAt: Int64, policy: String, basis: String
    ) {
        (self.id, self.recordClass, self.tenant, self.period) = (id, recordClass, tenant, period)
        (self.sealedAt, self.expiresAt, self.policy, self.basis) = (sealedAt, expiresAt, policy, basis)
    }
}
