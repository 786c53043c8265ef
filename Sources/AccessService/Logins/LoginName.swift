import Glibc
internal import Store
internal import Territory

/// What a login is found by in memory: the User-Name as it was sent and, for a device that authenticates by its MAC
/// address, the site it was sent at (a device is known to a site, a name to the installation).
struct LoginName: Hashable, Sendable {
    let octets: [UInt8]
    /// 0 for anything but a device.
    let site: Int64

    init(_ octets: UnsafeRawBufferPointer, site: Int64) {
        (self.octets, self.site) = (Array(octets), site)
    }

    /// Hash under a process-wide random seed, computed without making a value on the packet thread.
    static func hash(_ octets: UnsafeRawBufferPointer, site: Int64) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(bytes: octets)
        hasher.combine(site)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// All octets at once: an array's own feeds them to the hasher one by one.
    func hash(into hasher: inout Hasher) {
        octets.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(site)
    }

    var hashWord: UInt64 { octets.withUnsafeBytes { Self.hash($0, site: site) } }

    func matches(_ octets: UnsafeRawBufferPointer, site: Int64) -> Bool {
        guard self.site == site, octets.count == self.octets.count else { return false }
        return self.octets.withUnsafeBytes { own in
            guard let left = own.baseAddress, let right = octets.baseAddress else { return true }
            return memcmp(left, right, octets.count) == 0
        }
    }

    /// What the store looks it up as; nil for what no login can be.
    var key: LoginKey? {
        guard let text = String(validating: octets, as: UTF8.self) else { return nil }
        if site != 0 { return MACAddress(text).map { .device($0, at: SiteID(site)) } }
        return LoginKey(userName: text)
    }
}
