/// What a certificate that an authority is about to issue says.
public struct CertificateProfile: Sendable, Hashable {
    /// The longest a server's certificate may be good: Apple's devices refuse more, whoever signed it.
    public static let longestServerDays = 825

    /// The common name, 1 to 64 characters.
    public var commonName: String
    /// The organisation, 1 to 64 characters.
    public var organization: String?
    /// Who or what it is for: what is read today, in place of the common name.
    public var alternativeNames: [AlternativeName]
    /// What it may be used for.
    public var purposes: Set<CertificatePurpose>
    /// When it is good.
    public var validity: CertificateValidity

    /// Everything said.
    public init(
        commonName: String, organization: String? = nil, alternativeNames: [AlternativeName],
        purposes: Set<CertificatePurpose>, validity: CertificateValidity
    ) {
        (self.commonName, self.organization, self.alternativeNames) = (commonName, organization, alternativeNames)
        (self.purposes, self.validity) = (purposes, validity)
    }

    /// A server of EAP (or HTTPS): serverAuth, its DNS name also as the common name.
    public static func server(
        name: String, organization: String? = nil, validity: CertificateValidity
    ) -> CertificateProfile {
        CertificateProfile(
            commonName: name, organization: organization, alternativeNames: [.dns(name)],
            purposes: [.serverAuthentication], validity: validity)
    }

    /// A peer of RadSec (RFC 6614 §2.3): it answers and it connects, so serverAuth and clientAuth.
    public static func radSec(
        name: String, organization: String? = nil, validity: CertificateValidity
    ) -> CertificateProfile {
        CertificateProfile(
            commonName: name, organization: organization, alternativeNames: [.dns(name)],
            purposes: [.serverAuthentication, .clientAuthentication], validity: validity)
    }

    /// A person or a device of EAP-TLS: clientAuth, the identity (an NAI, RFC 7542) as the common name, as a user
    /// principal name and, where its letters allow it, as a mail address.
    public static func client(
        identity: String, organization: String? = nil, validity: CertificateValidity
    ) -> CertificateProfile {
        let names = [AlternativeName.email(identity), .userPrincipalName(identity)].filter(\.isSound)
        return CertificateProfile(
            commonName: identity, organization: organization, alternativeNames: names,
            purposes: [.clientAuthentication], validity: validity)
    }

    /// Throws `.profileInvalid` for a name or a period that no certificate of ours may carry.
    public func validate() throws(OpenSSLError) {
        let isServer = purposes.contains(.serverAuthentication)
        guard DistinguishedName.isSound(commonName), organization.map(DistinguishedName.isSound) ?? true else {
            throw OpenSSLError(
                .profileInvalid, "name of a certificate: 1 to \(DistinguishedName.longestPart) characters")
        }
        guard !alternativeNames.isEmpty, alternativeNames.count <= 100, alternativeNames.allSatisfy(\.isSound) else {
            throw OpenSSLError(.profileInvalid, "alternative names of a certificate")
        }
        guard !purposes.isEmpty else { throw OpenSSLError(.profileInvalid, "purposes of a certificate") }
        guard validity.isSound, !isServer || validity.days <= Self.longestServerDays else {
            throw OpenSSLError(
                .profileInvalid, "validity of a certificate: a server's is at most \(Self.longestServerDays) days")
        }
    }
}
