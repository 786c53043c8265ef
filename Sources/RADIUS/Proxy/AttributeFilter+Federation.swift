extension AttributeFilter {
    /// The border of a roaming federation (eduroam, govroam, OpenRoaming): EAP conversations, who and where, how long, and
    /// the keys. What only concerns one network, VLANs and other vendors' attributes above all, stays in it.
    public static let federation: AttributeFilter = {
        var filter = AttributeFilter()
        filter.set(.only(.init(types: request)), for: .accessRequest, .towardsHome)
        filter.set(.only(.init(types: accounting)), for: .accountingRequest, .towardsHome)
        filter.set(.only(.init(types: accept, vendors: keys)), for: .accessAccept, .towardsOrigin)
        filter.set(
            .only(.init(types: [.eapMessage, .state, .replyMessage, .sessionTimeout])), for: .accessChallenge,
            .towardsOrigin)
        filter.set(
            .only(.init(types: [.eapMessage, .replyMessage, .errorCause])), for: .accessReject, .towardsOrigin)
        return filter
    }()

    private static let station: Set<AttributeType> = [
        .userName, .nasIPAddress, .nasIPv6Address, .nasIdentifier, .nasPort, .nasPortType, .nasPortID, .calledStationID,
        .callingStationID, .connectInfo, .acctSessionID, .acctMultiSessionID, .eventTimestamp, .operatorName,
        .locationInformation, .locationData, .chargeableUserIdentity, .classValue,
    ]

    private static let request: Set<AttributeType> = station.union([
        .serviceType, .framedMTU, .state, .eapMessage, .locationCapable,
    ])

    private static let accounting: Set<AttributeType> = station.union([
        .acctStatusType, .acctDelayTime, .acctInputOctets, .acctOutputOctets, .acctInputGigawords,
        .acctOutputGigawords, .acctInputPackets, .acctOutputPackets, .acctSessionTime, .acctTerminateCause,
        .acctAuthentic,
    ])

    private static let accept: Set<AttributeType> = [
        .userName, .classValue, .state, .sessionTimeout, .idleTimeout, .terminationAction, .eapMessage, .replyMessage,
        .chargeableUserIdentity, .acctInterimInterval, .requestedLocationInfo,
    ]

    private static let keys: [UInt32: Set<UInt8>?] = [
        MicrosoftAttribute.vendor: [
            MicrosoftAttribute.mppeSendKey.rawValue, MicrosoftAttribute.mppeRecvKey.rawValue,
        ]
    ]
}
