import ArgumentParser
import EAP
import OpenSSL
import RADIUS

/// What a rehearsal ended with; the raw value is the exit status of `socle radius test`.
enum RehearsalOutcome: Int32, Equatable {
    case accepted = 0
    case rejected = 1
    /// No answer, or none that can be believed.
    case unanswered = 2
}

/// How the rehearsed user proves who they are.
enum RehearsalMethod: String, CaseIterable, ExpressibleByArgument {
    case pap, chap, mac
    case ttlsPAP = "ttls-pap"
    case ttlsCHAP = "ttls-chap"
    case ttlsMSCHAPv2 = "ttls-mschapv2"
    case ttlsEAPMSCHAPv2 = "ttls-eap-mschapv2"
    case ttlsGTC = "ttls-gtc"
    case peapMSCHAPv2 = "peap-mschapv2"
    case peapGTC = "peap-gtc"
    case tls

    /// Nil: no EAP.
    var eap: EAPPeerMethod? {
        switch self {
        case .pap, .chap, .mac: nil
        case .ttlsPAP: .ttlsPAP
        case .ttlsCHAP: .ttlsCHAP
        case .ttlsMSCHAPv2: .ttlsMSCHAPv2
        case .ttlsEAPMSCHAPv2: .ttls(.mschapv2)
        case .ttlsGTC: .ttls(.genericTokenCard)
        case .peapMSCHAPv2: .peap(.mschapv2)
        case .peapGTC: .peap(.genericTokenCard)
        case .tls: .tls
        }
    }

    var needsPassword: Bool {
        switch self {
        case .mac, .tls: false
        case .pap, .chap, .ttlsPAP, .ttlsCHAP, .ttlsMSCHAPv2, .ttlsEAPMSCHAPv2, .ttlsGTC, .peapMSCHAPv2, .peapGTC:
            true
        }
    }
}

/// Who logs in, how, and as which gateway.
struct RehearsalPlan {
    var method: RehearsalMethod
    var user: String
    var password: [UInt8] = []
    /// What is said outside the tunnel; nil: the user.
    var outerIdentity: String?
    var nasIdentifier = "socle-test"
    var callingStation = "02-00-5E-00-53-FF"
    var calledStation: String?
    /// The client's TLS, for EAP.
    var tls: TLSContext?
    /// Whether the server's certificate is checked.
    var checksServer = true

    /// What every request says besides the credential.
    func attributes(as name: String) -> [Attribute] {
        let serviceType: UInt32 = method == .mac ? 10 : method.eap == nil ? 1 : 2  // Call-Check, Login, Framed
        var all = [
            Attribute(.userName, text: name), Attribute(.nasIdentifier, text: nasIdentifier),
            Attribute(.nasPortType, uint32: 19), Attribute(.serviceType, uint32: serviceType),
            Attribute(.callingStationID, text: callingStation),
        ]
        if let calledStation { all.append(Attribute(.calledStationID, text: calledStation)) }
        return all
    }
}
