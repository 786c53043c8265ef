public import Territory

/// A WPA key to be made.
public struct NewWiFiKey: Sendable {
    /// The household.
    public var account: AccountID
    /// Where it works; nil: every site of the organisation.
    public var site: SiteID?
    /// The device; nil: every device that holds a grant of the account.
    public var device: MACAddress?
    /// The group of the site's package that its devices are in; nil: the account's.
    public var group: String?
    /// The passphrase, see ``Territory/WiFiKey/passphrase(_:)``; nil: one is made.
    public var passphrase: Secret?

    /// A key of that household.
    public init(
        account: AccountID, site: SiteID? = nil, device: MACAddress? = nil, group: String? = nil,
        passphrase: Secret? = nil
    ) {
        (self.account, self.site, self.device) = (account, site, device)
        (self.group, self.passphrase) = (group, passphrase)
    }
}

/// A WPA key just made, with its passphrase.
public struct CreatedWiFiKey: Sendable, Hashable {
    /// The key.
    public let key: WiFiKey
    /// What the devices are to be told.
    public let passphrase: Secret
}
