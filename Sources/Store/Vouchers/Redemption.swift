/// What became of a voucher typed on a portal page.
public enum Redemption: Sendable, Hashable {
    /// The visitor is let in.
    case granted(IssuedGrant)
    /// The visitor is not, and why.
    case refused(Refusal)

    /// Why a voucher does not let a visitor in.
    public enum Refusal: String, Sendable, Hashable, CaseIterable {
        /// There is no such voucher in this organisation.
        case unknown
        /// It is for another site of the organisation.
        case otherSite
        /// Its time has not begun.
        case notYetValid
        /// Its time is over.
        case expired
        /// It was taken back.
        case revoked
        /// As many devices as it allows hold a grant.
        case devicesExhausted
    }
}
