/// Whose right, and whose usage: one row of one of three tables.
public struct SubjectReference: Sendable, Hashable, Codable {
    /// The table.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// `access.login_grant`
        case loginGrant = "login_grant"
        /// `access.voucher`
        case voucher
        /// `identity.account`
        case account
    }

    /// The table.
    public let kind: Kind
    /// The row.
    public let id: Int64

    /// A reference to that row.
    public init(kind: Kind, id: Int64) {
        self.kind = kind
        self.id = id
    }

    /// A reference to a grant.
    public static func loginGrant(_ id: LoginGrantID) -> Self { .init(kind: .loginGrant, id: id.rawValue) }

    /// A reference to a voucher.
    public static func voucher(_ id: VoucherID) -> Self { .init(kind: .voucher, id: id.rawValue) }

    /// A reference to an account.
    public static func account(_ id: AccountID) -> Self { .init(kind: .account, id: id.rawValue) }
}
