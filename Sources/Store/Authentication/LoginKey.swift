public import Territory

/// What a request says of who asks, as the store can look it up.
public enum LoginKey: Sendable, Hashable {
    /// A grant's login as User-Name.
    case grant(login: String)
    /// A voucher's code as User-Name.
    case voucher(VoucherCode)
    /// An account's login, in lower case.
    case account(login: String)
    /// A device that authenticates by its MAC address, at a site.
    case device(MACAddress, at: SiteID)

    /// What a User-Name can be: a grant's login, else a voucher's code, else an account. Nil for what no login can be.
    ///
    /// A device is not among them: whether a name is a MAC address that authenticates itself depends on the rest of the
    /// request.
    public init?(userName: String) {
        if GrantCredential.isLogin(userName) {
            self = .grant(login: userName)
        } else if let code = VoucherCode(typed: userName) {
            self = .voucher(code)
        } else {
            guard (1...253).contains(userName.unicodeScalars.count), !userName.unicodeScalars.contains("\0") else {
                return nil
            }
            self = .account(login: userName.lowercased())
        }
    }
}
