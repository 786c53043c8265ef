/// Why a CoA or disconnect request was refused, or how it was fulfilled (RFC 5176 §3.5).
public struct ErrorCause: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire; 200–299 are successes, 400–499 the sender's faults, 500–599 the NAS's.
    public let rawValue: UInt32

    /// Any number is a cause, known or not.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Residual-Session-Context-Removed.
    public static let residualContextRemoved = ErrorCause(rawValue: 201)
    /// Invalid-EAP-Packet (ignored).
    public static let invalidEAPPacket = ErrorCause(rawValue: 202)
    /// Unsupported-Attribute.
    public static let unsupportedAttribute = ErrorCause(rawValue: 401)
    /// Missing-Attribute.
    public static let missingAttribute = ErrorCause(rawValue: 402)
    /// NAS-Identification-Mismatch.
    public static let nasIdentificationMismatch = ErrorCause(rawValue: 403)
    /// Invalid-Request.
    public static let invalidRequest = ErrorCause(rawValue: 404)
    /// Unsupported-Service.
    public static let unsupportedService = ErrorCause(rawValue: 405)
    /// Unsupported-Extension.
    public static let unsupportedExtension = ErrorCause(rawValue: 406)
    /// Invalid-Attribute-Value.
    public static let invalidAttributeValue = ErrorCause(rawValue: 407)
    /// Administratively-Prohibited.
    public static let administrativelyProhibited = ErrorCause(rawValue: 501)
    /// Request Not Routable (Proxy).
    public static let requestNotRoutable = ErrorCause(rawValue: 502)
    /// Session-Context-Not-Found: the session is already over.
    public static let sessionContextNotFound = ErrorCause(rawValue: 503)
    /// Session-Context-Not-Removable.
    public static let sessionContextNotRemovable = ErrorCause(rawValue: 504)
    /// Other-Proxy-Processing-Error.
    public static let proxyProcessingError = ErrorCause(rawValue: 505)
    /// Resources-Unavailable.
    public static let resourcesUnavailable = ErrorCause(rawValue: 506)
    /// Request-Initiated: an Access-Request follows.
    public static let requestInitiated = ErrorCause(rawValue: 507)
    /// Multiple-Session-Selection-Unsupported.
    public static let multipleSessionSelectionUnsupported = ErrorCause(rawValue: 508)
    /// Location-Info-Required (RFC 5580 §4.7).
    public static let locationInfoRequired = ErrorCause(rawValue: 509)
    /// Response-Too-Big (RFC 7930 §5.3).
    public static let responseTooBig = ErrorCause(rawValue: 601)

    /// The name in the RFC, `Error-Cause-<n>` when there is none.
    public var description: String {
        switch self {
        case .residualContextRemoved: "Residual-Context-Removed"
        case .invalidEAPPacket: "Invalid-EAP-Packet"
        case .unsupportedAttribute: "Unsupported-Attribute"
        case .missingAttribute: "Missing-Attribute"
        case .nasIdentificationMismatch: "NAS-Identification-Mismatch"
        case .invalidRequest: "Invalid-Request"
        case .unsupportedService: "Unsupported-Service"
        case .unsupportedExtension: "Unsupported-Extension"
        case .invalidAttributeValue: "Invalid-Attribute-Value"
        case .administrativelyProhibited: "Administratively-Prohibited"
        case .requestNotRoutable: "Proxy-Request-Not-Routable"
        case .sessionContextNotFound: "Session-Context-Not-Found"
        case .sessionContextNotRemovable: "Session-Context-Not-Removable"
        case .proxyProcessingError: "Proxy-Processing-Error"
        case .resourcesUnavailable: "Resources-Unavailable"
        case .requestInitiated: "Request-Initiated"
        case .multipleSessionSelectionUnsupported: "Multiple-Session-Selection-Unsupported"
        case .locationInfoRequired: "Location-Info-Required"
        case .responseTooBig: "Response-Too-Big"
        default: "Error-Cause-\(rawValue)"
        }
    }
}

/// What a NAS made of a CoA or disconnect request.
public enum DynamicAuthorizationOutcome: Hashable, Sendable {
    /// Done.
    case acknowledged
    /// Not done, and why if the NAS says so.
    case refused(ErrorCause?)

    /// Reads a checked reply; nil when its code is not an ACK or NAK.
    public init?(_ reply: Packet) {
        switch reply.code {
        case .disconnectACK, .coaACK: self = .acknowledged
        case .disconnectNAK, .coaNAK:
            self = .refused(reply.first(.errorCause)?.uint32.map(ErrorCause.init(rawValue:)))
        default: return nil
        }
    }
}
