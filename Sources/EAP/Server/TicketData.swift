internal import OpenSSL

/// What a ticket of ours seals.
enum TicketData: Hashable {
    /// What the caller gave with its verdict.
    case authorization([UInt8])
    /// Where ``EAPTicketMemory`` has it, if it has.
    case handle([UInt8])

    init?(_ octets: [UInt8]) {
        switch octets.first {
        case 0: self = .authorization(Array(octets.dropFirst()))
        case 1: self = .handle(Array(octets.dropFirst()))
        default: return nil
        }
    }

    var octets: [UInt8] {
        switch self {
        case .authorization(let authorization): [0] + authorization
        case .handle(let handle): [1] + handle
        }
    }

    /// The authorization; nil when the ticket's session never succeeded, or that is forgotten.
    func authorization(_ memory: EAPTicketMemory?) -> [UInt8]? {
        switch self {
        case .authorization(let authorization): authorization
        case .handle(let handle): memory?.authorization(handle)
        }
    }
}
