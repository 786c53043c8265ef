public import Foundation

/// Which devices of a subject count, when phones make their addresses up.
///
/// A device belongs to a subject by the address it had when it logged in on the portal, for as long as that grant lives
/// and no longer: nothing remembers an address beyond its grant. A phone that randomises may come back with another
/// address, and must then not take the place of two devices. So an address that was made up (IEEE 802, U/L bit) gives way
/// to another made-up one of the same credential at the same site, once it has been silent for a while: nothing was heard
/// of it for three reports of accounting, and for a quarter of an hour at least. An address that a manufacturer gave never
/// gives way, nor to one: such a device would have come back as itself.
///
/// At most one of a person's devices changes its address at a time, so each newcomer replaces one held address, the one
/// silent for longest.
public enum DeviceBinding {
    /// Shortest silence after which a made-up address gives way, in seconds.
    public static let shortestSilenceSeconds = 900

    /// What becomes of a device that asks for a place.
    public enum Place: Sendable, Hashable {
        /// It holds one already: `held[index]`.
        case own(index: Int)
        /// There is room.
        case free
        /// It takes over the place of `held[index]`, which gives way.
        case replaces(index: Int)
        /// There is none.
        case none
    }

    /// A place that is taken.
    public struct Held: Sendable, Hashable {
        /// The device; nil: the gateway named none, and it is a device of its own.
        public let device: MACAddress?
        /// Where.
        public let siteID: SiteID
        /// When it was last heard of; nil: not since it got its place.
        public let heardAt: Date?
        /// When it got its place.
        public let since: Date

        /// A place of that device.
        public init(device: MACAddress?, siteID: SiteID, heardAt: Date?, since: Date) {
            (self.device, self.siteID, self.heardAt, self.since) = (device, siteID, heardAt, since)
        }
    }

    /// The place of a device that asks at a site where `places` devices may hold one. Several held entries of one device
    /// are one place.
    public static func place(
        for device: MACAddress?, at site: SiteID, among held: [Held], places: Int, now: Date,
        interimSeconds: Int = Rights.defaultInterimSeconds
    ) -> Place {
        if let device, let own = held.firstIndex(where: { $0.device == device && $0.siteID == site }) {
            return .own(index: own)
        }
        let others = held.filter { $0.device == nil || $0.device != device }
        let taken = Set(others.compactMap(\.device)).count + others.count(where: { $0.device == nil })
        if taken < places { return .free }
        let silent = held.indices.filter { index in
            let other = held[index]
            guard other.siteID == site, let address = other.device else { return false }
            return givesWay(
                address, heardAt: max(other.heardAt ?? other.since, other.since), to: device, now: now,
                interimSeconds: interimSeconds)
        }
        // One newcomer frees one place: where more are taken than allowed, that is not enough.
        guard taken <= places,
            let index = silent.min(by: { held[$0].heardAt ?? held[$0].since < held[$1].heardAt ?? held[$1].since })
        else { return .none }
        return .replaces(index: index)
    }

    /// Whether an address that was last heard of at an instant gives way to another.
    public static func givesWay(
        _ address: MACAddress, heardAt: Date, to other: MACAddress?, now: Date, interimSeconds: Int
    ) -> Bool {
        guard let other, other != address, address.isLocallyAdministered, other.isLocallyAdministered else {
            return false
        }
        return now.timeIntervalSince(heardAt) >= TimeInterval(max(shortestSilenceSeconds, 3 * interimSeconds))
    }

    /// How many stations are connected besides the one that asks, those left out that give way to it.
    public static func otherDevices(
        than own: String?, among stations: [HeardStation], now: Date, interimSeconds: Int
    ) -> Int {
        let address = own.flatMap { MACAddress($0) }
        return stations.count { station in
            guard station.isConnected, station.name != own else { return false }
            guard let address, let other = MACAddress(station.name) else { return true }
            return !givesWay(other, heardAt: station.heardAt, to: address, now: now, interimSeconds: interimSeconds)
        }
    }
}
