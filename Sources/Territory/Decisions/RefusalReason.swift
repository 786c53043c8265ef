/// Why a visitor is not let in. The raw value is the stable machine name: it is stored, counted and sent to the portal.
public enum RefusalReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// No grant, voucher or account of that name.
    case unknownUser = "unknown-user"
    /// The password, CHAP response or MAC authentication password is wrong.
    case wrongPassword = "wrong-password"
    /// The right starts later.
    case notYetValid = "not-yet-valid"
    /// The right has ended.
    case expired
    /// Somebody took the right back.
    case revoked
    /// The account is closed.
    case closedAccount = "closed-account"
    /// The right is for another site.
    case wrongSite = "wrong-site"
    /// An operator closed the site.
    case siteClosed = "site-closed"
    /// The site serves visitors at other hours.
    case outsideOpeningHours = "outside-opening-hours"
    /// The day's time is used up.
    case dailyTimeUsed = "daily-time-used"
    /// The day's volume is used up.
    case dailyVolumeUsed = "daily-volume-used"
    /// The time of the week, from Monday on, is used up.
    case weeklyTimeUsed = "weekly-time-used"
    /// The volume of the week, from Monday on, is used up.
    case weeklyVolumeUsed = "weekly-volume-used"
    /// The time of the civil month is used up.
    case monthlyTimeUsed = "monthly-time-used"
    /// The volume of the civil month is used up.
    case monthlyVolumeUsed = "monthly-volume-used"
    /// As many devices as allowed are connected already.
    case tooManyDevices = "too-many-devices"
    /// MAC authentication of a device that no grant is for.
    case deviceUnknown = "device-unknown"
    /// A method (MS-CHAP, EAP) that this site does not offer.
    case unsupportedMethod = "unsupported-method"
    /// Too many attempts.
    case rateLimited = "rate-limited"
    /// The store cannot be asked now.
    case unavailable

    /// The key of the sentence in the portal's locale files.
    public var sentenceKey: String { "refusal.\(rawValue)" }

    /// A plain sentence for a Reply-Message, which gateways show as it is; at most 253 octets (RFC 2865 §5.18).
    public func sentence(in language: Language) -> String {
        let (french, english) = sentences
        return language == .french ? french : english
    }

    private var sentences: (french: String, english: String) {
        switch self {
        case .unknownUser: ("Identifiant inconnu.", "Unknown login.")
        case .wrongPassword: ("Mot de passe incorrect.", "Wrong password.")
        case .notYetValid: ("Cet accès n'est pas encore ouvert.", "This access has not started yet.")
        case .expired: ("Cet accès est terminé.", "This access has ended.")
        case .revoked: ("Cet accès a été retiré.", "This access has been withdrawn.")
        case .closedAccount: ("Ce compte est fermé.", "This account is closed.")
        case .wrongSite: ("Cet accès est valable dans un autre lieu.", "This access is for another place.")
        case .siteClosed: ("Le WiFi de ce lieu est fermé.", "The WiFi of this place is closed.")
        case .outsideOpeningHours: ("Le WiFi est fermé à cette heure.", "The WiFi is closed at this hour.")
        case .dailyTimeUsed: ("Le temps du jour est écoulé.", "Today's time is used up.")
        case .dailyVolumeUsed: ("Le volume du jour est épuisé.", "Today's data volume is used up.")
        case .weeklyTimeUsed: ("Le temps de la semaine est écoulé.", "This week's time is used up.")
        case .weeklyVolumeUsed: ("Le volume de la semaine est épuisé.", "This week's data volume is used up.")
        case .monthlyTimeUsed: ("Le temps du mois est écoulé.", "This month's time is used up.")
        case .monthlyVolumeUsed: ("Le volume du mois est épuisé.", "This month's data volume is used up.")
        case .tooManyDevices: ("Trop d'appareils sont connectés.", "Too many devices are connected.")
        case .deviceUnknown: ("Appareil inconnu : passez par le portail.", "Unknown device: go through the portal.")
        case .unsupportedMethod: ("Méthode non proposée ici.", "This method is not offered here.")
        case .rateLimited: ("Trop d'essais : patientez.", "Too many attempts: please wait.")
        case .unavailable: ("Service indisponible : réessayez.", "Service unavailable: try again.")
        }
    }
}
