/// A CoA- or Disconnect-Request as its receiver understands it (RFC 5176 §3): which NAS, which session, what shall change.
///
/// Whether the sender may ask, and whether the session exists, is decided elsewhere.
public struct DynamicAuthorizationRequest: Hashable, Sendable {
    /// What is asked.
    public enum Action: Hashable, Sendable {
        /// The session shall end.
        case disconnect
        /// The session shall have other attributes.
        case change
        /// The NAS shall ask with an Access-Request that has this State (RFC 5176 §3.2).
        case authorizeOnly(state: [UInt8])
    }

    /// Seconds around the receiver's clock in which an Event-Timestamp is believed (RFC 5176 §6.3).
    public static let replayWindowSeconds: UInt32 = 300

    /// What is asked.
    public let action: Action
    /// The attributes that say which NAS is meant (RFC 5176 §3): all must fit.
    public let nas: [Attribute]
    /// The attributes that say which session is meant: all must fit, and there is at least one.
    public let session: [Attribute]
    /// The others, without those of the protocol itself.
    public let changes: [Attribute]
    /// Event-Timestamp, in seconds since 1970.
    public let eventTimestamp: UInt32?

    /// What can be made of a request: the reading, or the Error-Cause of the NAK.
    public enum Reading: Hashable, Sendable {
        /// It is understood.
        case request(DynamicAuthorizationRequest)
        /// It is not.
        case refused(ErrorCause)
    }

    /// Reads a verified request.
    ///
    /// Refused are: other codes (Invalid-Request), no session (Missing-Attribute), a Disconnect-Request that would also
    /// change something (Unsupported-Attribute), a Service-Type other than Authorize-Only (Unsupported-Service), and that
    /// without State (Missing-Attribute).
    public static func read(_ packet: PacketView) -> Reading {
        guard packet.code == .coaRequest || packet.code == .disconnectRequest else { return .refused(.invalidRequest) }
        let known = packet.attributes.filter { !protocolTypes.contains($0.type) }.map { Attribute($0) }
        let session = known.filter { sessionTypes.contains($0.type) }
        let changes = known.filter { !sessionTypes.contains($0.type) && !nasTypes.contains($0.type) }
        guard !session.isEmpty else { return .refused(.missingAttribute) }
        let action: Action
        if packet.code == .disconnectRequest {
            guard changes.allSatisfy({ disconnectTypes.contains($0.type) }) else {
                return .refused(.unsupportedAttribute)
            }
            action = .disconnect
        } else if let service = packet.first(.serviceType) {
            guard service.uint32 == authorizeOnly else { return .refused(.unsupportedService) }
            guard let state = packet.first(.state) else { return .refused(.missingAttribute) }
            action = .authorizeOnly(state: state.octets)
        } else {
            action = .change
        }
        return .request(
            DynamicAuthorizationRequest(
                action: action, nas: known.filter { nasTypes.contains($0.type) }, session: session, changes: changes,
                eventTimestamp: packet.first(.eventTimestamp)?.uint32))
    }

    /// Whether it is no replay, as far as time tells: nil without Event-Timestamp, which is policy's to require.
    public func isFresh(now: UInt32, window: UInt32 = replayWindowSeconds) -> Bool? {
        eventTimestamp.map { ($0 > now ? $0 - now : now - $0) <= window }
    }

    private static let authorizeOnly: UInt32 = 17
    private static let protocolTypes: Set<AttributeType> = [.messageAuthenticator, .proxyState, .eventTimestamp]
    private static let nasTypes: Set<AttributeType> = [.nasIPAddress, .nasIdentifier, .nasIPv6Address]
    private static let sessionTypes: Set<AttributeType> = [
        .userName, .nasPort, .framedIPAddress, .calledStationID, .callingStationID, .acctSessionID,
        .acctMultiSessionID, .nasPortID, .chargeableUserIdentity, .framedInterfaceID, .framedIPv6Prefix,
        .framedIPv6Address, .delegatedIPv6Prefix,
    ]
    private static let disconnectTypes: Set<AttributeType> = [
        .acctTerminateCause, .replyMessage, .classValue, .state, .vendorSpecific, .operatorName, .extended1,
        .nasPortType,
    ]
}

extension PacketWriter {
    /// Appends an Error-Cause (RFC 5176 §3.5).
    public mutating func append(_ cause: ErrorCause) { append(.errorCause, uint32: cause.rawValue) }
}
