internal import Foundation
internal import OpenSSL
internal import RADIUS
internal import Store
internal import Territory

/// Turns an Accounting-Request into an `AccountingRecord`.
struct AccountingReader: Sendable {
    private static let keyVersion = Array("v1".utf8) + [0]

    /// Which NAS says it.
    struct Origin: Sendable, Hashable {
        var nas: NASID
        var organisation: OrganisationID
        var site: SiteID
        var swapsOctets: Bool
    }

    let classes: SubjectClass

    /// The record of a verified request; nil when it lacks what RFC 2866 §5 requires (Acct-Status-Type that we know,
    /// Acct-Session-Id for a session): such a request can be stored nowhere.
    func record(_ packet: PacketView, origin: Origin, receivedAt: Date) -> AccountingRecord? {
        guard let status = packet.first(.acctStatusType)?.uint32, let value = UInt8(exactly: status),
            let kind = AccountingRecord.Kind(rawValue: value)
        else { return nil }
        let sessionID = packet.first(.acctSessionID).map(Self.text) ?? ""
        switch kind {
        case .start, .stop, .interim: if sessionID.isEmpty { return nil }
        case .on, .off: break
        }
        let station = packet.first(.callingStationID).map(Self.station)
        return AccountingRecord(
            kind: kind, nasID: origin.nas, organisationID: origin.organisation, siteID: origin.site,
            sessionKey: Self.key(session: sessionID, station: station), acctSessionID: sessionID,
            userName: packet.first(.userName).map(Self.text), subject: subject(packet), callingStation: station,
            calledStation: packet.first(.calledStationID).map(Self.text),
            framedAddress: packet.first(.framedIPAddress)?.uint32.map(IPAddress.init(v4:)),
            framedIPv6Prefix: prefix(packet, .framedIPv6Prefix) ?? address(packet, .framedIPv6Address),
            delegatedIPv6Prefix: prefix(packet, .delegatedIPv6Prefix),
            nasPort: packet.first(.nasPort)?.uint32.map(Int64.init),
            sessionSeconds: packet.first(.acctSessionTime)?.uint32.map(Int64.init),
            input: direction(packet, .acctInputOctets, .acctInputGigawords, .acctInputPackets),
            output: direction(packet, .acctOutputOctets, .acctOutputGigawords, .acctOutputPackets),
            swapOctets: origin.swapsOctets,
            terminateCause: packet.first(.acctTerminateCause)?.uint32.map(TerminateCauseName.of),
            eventTime: EventTime(
                eventTimestamp: packet.first(.eventTimestamp)?.uint32,
                delaySeconds: packet.first(.acctDelayTime)?.uint32, receivedAt: receivedAt),
            receivedAt: EventTime.wholeMicroseconds(receivedAt))
    }

    /// The key of a session: SHA-256("v1" ‖ 0 ‖ Acct-Session-Id ‖ 0 ‖ canonical Calling-Station-Id), cut to 16 octets.
    /// Calling-Station-Id is part of it because gateways reuse Acct-Session-Id across devices.
    static func key(session: String, station: String?) -> SessionKey {
        var message = [UInt8]()
        message.reserveCapacity(320)
        message += keyVersion
        message += session.utf8
        message.append(0)
        if let station { message += station.utf8 }
        return Digest.sha256(message).withUnsafeBytes { digest in
            guard digest.count >= 16 else { return SessionKey(high: 0, low: 0) }
            return SessionKey(
                high: UInt64(bigEndian: digest.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    /// The canonical spelling of a MAC address, or the text as it is. NUL, which PostgreSQL's text cannot hold, is cut.
    static func station(_ attribute: AttributeView) -> String { station(attribute.value) }

    static func station(_ octets: UnsafeRawBufferPointer) -> String {
        // Some access points append the SSID to the station too, `AA-BB-CC-DD-EE-FF:SSID`.
        if let address = MACAddress(ascii: octets) { return address.description }
        if octets.count > 17, octets[17] == UInt8(ascii: ":"),
            let address = MACAddress(ascii: UnsafeRawBufferPointer(rebasing: octets[..<17]))
        {
            return address.description
        }
        return text(octets)
    }

    /// Text that PostgreSQL can hold, whatever the NAS sent: not UTF-8 is repaired, NUL is dropped.
    static func text(_ attribute: AttributeView) -> String { text(attribute.value) }

    static func text(_ value: UnsafeRawBufferPointer) -> String {
        // Not `attribute.text`: text that is to be repaired needs no validation first.
        var octets = value
        while octets.last == 0 { octets = UnsafeRawBufferPointer(rebasing: octets.dropLast()) }
        let text = String(decoding: octets, as: UTF8.self)
        return text.utf8.contains(0) ? text.filter { $0 != "\0" } : text
    }

    private func subject(_ packet: PacketView) -> SubjectReference? {
        guard packet.has(.classValue) else { return nil }
        for attribute in packet.attributes where attribute.type == .classValue {
            if let subject = classes.subject(of: attribute.value) { return subject }
        }
        return nil
    }

    private func direction(
        _ packet: PacketView, _ octets: AttributeType, _ gigawords: AttributeType, _ packets: AttributeType
    ) -> AccountingRecord.Direction {
        AccountingRecord.Direction(
            octets: packet.first(octets)?.uint32, gigawords: packet.first(gigawords)?.uint32,
            packets: packet.first(packets)?.uint32)
    }

    /// RFC 3162 §2.3: a reserved octet, the length, and as many octets of the prefix as are needed.
    private func prefix(_ packet: PacketView, _ type: AttributeType) -> IPPrefix? {
        guard let value = packet.first(type)?.octets, value.count >= 2, value.count <= 18 else { return nil }
        let octets = Array(value.dropFirst(2)) + [UInt8](repeating: 0, count: 18 - value.count)
        return IPAddress(bytes: octets).flatMap { IPPrefix($0, length: Int(value[1])) }
    }

    private func address(_ packet: PacketView, _ type: AttributeType) -> IPPrefix? {
        packet.first(type)?.ipv6.flatMap { IPAddress(bytes: $0) }.map(IPPrefix.init(host:))
    }
}
