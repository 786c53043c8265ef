import ArgumentParser
import OpenSSL

/// Why a certificate is taken back, as it is typed and as the index writes it.
enum RevocationReason: String, CaseIterable, ExpressibleByArgument {
    case unspecified, lost, left, replaced, unused

    var reason: RevocationList.Reason {
        switch self {
        case .unspecified: .unspecified
        case .lost: .keyCompromise
        case .left: .affiliationChanged
        case .replaced: .superseded
        case .unused: .cessationOfOperation
        }
    }

    init(_ reason: RevocationList.Reason) {
        self =
            switch reason {
            case .unspecified: .unspecified
            case .keyCompromise: .lost
            case .affiliationChanged: .left
            case .superseded: .replaced
            case .cessationOfOperation: .unused
            }
    }
}
