internal import OpenSSL
public import Territory

/// A NAS to be declared.
public struct NewNAS: Sendable {
    /// 1 … 63 characters, unique within the site.
    public var name: String
    /// Names an equipment profile.
    public var profile: String
    /// Where its packets come from; nil: known by `identifier` or `certificateName`.
    public var source: IPPrefix?
    /// NAS-Identifier, for those behind NAT or on the move; unique over the installation.
    public var identifier: String?
    /// The name in the certificate that it shows over TLS (RFC 6614): a DNS name, a realm or the common name; unique over
    /// the installation. Kept in lower case.
    public var certificateName: String?
    /// The RADIUS shared secret.
    public var secret: Secret
    /// Whether Message-Authenticator is required.
    public var messageAuthenticator: NAS.MessageAuthenticatorPolicy
    /// Where CoA goes; nil: the source address of its packets.
    public var coaAddress: IPAddress?
    /// 1 … 65535; nil: the profile's.
    public var coaPort: Int?
    /// Nil: `secret`.
    public var coaSecret: Secret?
    /// openNDS `faskey` or UAM secret; nil: none.
    public var portalKey: Secret?
    /// The box it runs on, if declared.
    public var equipmentID: EquipmentID?

    /// A NAS; its secret is made here unless one is given.
    public init(
        name: String, profile: String, source: IPPrefix? = nil, identifier: String? = nil,
        certificateName: String? = nil, secret: Secret = NewNAS.randomSecret(),
        messageAuthenticator: NAS.MessageAuthenticatorPolicy = .auto,
        coaAddress: IPAddress? = nil, coaPort: Int? = nil, coaSecret: Secret? = nil, portalKey: Secret? = nil,
        equipmentID: EquipmentID? = nil
    ) {
        (self.name, self.profile, self.source, self.identifier) = (name, profile, source, identifier)
        self.certificateName = certificateName?.lowercased()
        (self.secret, self.messageAuthenticator) = (secret, messageAuthenticator)
        (self.coaAddress, self.coaPort, self.coaSecret) = (coaAddress, coaPort, coaSecret)
        (self.portalKey, self.equipmentID) = (portalKey, equipmentID)
    }

    /// 32 characters of base32, 160 bits: long enough for RFC 2865 §3, and every vendor's form takes the alphabet.
    ///
    /// For openNDS too: comments in its example scripts say that `faskey` has 16 characters at most, but openNDS 9.10
    /// takes and documents any text without white space, keeps all of it, and encrypts under its first 32 octets.
    public static func randomSecret() -> Secret { Secret(text: Base32.encode(SecureRandom.bytes(20))) }
}
