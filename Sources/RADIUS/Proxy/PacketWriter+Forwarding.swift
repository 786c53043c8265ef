extension PacketWriter {
    /// Appends what `filter` lets through of a received packet's attributes, in order, hidden values hidden anew.
    ///
    /// Message-Authenticator and Proxy-State belong to one hop and are the caller's. Throws when a hidden value cannot be
    /// revealed: what it would become is no use to anybody.
    mutating func forward(
        _ packet: PacketView, from hop: ProxyHop, filter: AttributeFilter.AllowList, secret: SharedSecret
    ) throws(RADIUSError) {
        for attribute in packet.wholeAttributes() {
            switch attribute {
            case .extended(let extended): if filter.allows(extended.type) { append(extended) }
            case .plain(let plain):
                switch plain.type {
                case .messageAuthenticator, .proxyState: continue
                case .vendorSpecific: try forward(vendorSpecific: plain, from: hop, filter, secret)
                default: if filter.allows(plain.type) { try forward(plain, HiddenValue(plain.type), hop, secret) }
                }
            }
        }
    }

    private mutating func forward(
        _ attribute: AttributeView, _ kind: HiddenValue?, _ hop: ProxyHop, _ secret: SharedSecret
    ) throws(RADIUSError) {
        guard let kind else { return append(attribute.type, attribute.value) }
        let value = try hop.reveal(attribute.value, kind)
        if let octets = hidden(value, kind, secret: secret) { append(attribute.type, octets) }
    }

    /// A Vendor-Specific attribute goes as it is when all of it may and nothing in it is hidden; else its parts go one by
    /// one. One that cannot be read goes only if all of its vendor's may.
    private mutating func forward(
        vendorSpecific attribute: AttributeView, from hop: ProxyHop, _ filter: AttributeFilter.AllowList,
        _ secret: SharedSecret
    ) throws(RADIUSError) {
        guard let specific = try? VendorSpecificView(attribute.value) else {
            let vendor = attribute.value.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if filter == .everything || attribute.value.count >= 4 && filter.allowsAll(ofVendor: vendor) {
                append(attribute.type, attribute.value)
            }
            return
        }
        let vendor = specific.vendor
        let passes = specific.attributes.allSatisfy { inner in
            filter.allows(vendor: vendor, type: inner.type.rawValue)
                && HiddenValue(vendor: vendor, type: inner.type.rawValue) == nil
        }
        if passes { return append(attribute.type, attribute.value) }
        for inner in specific.attributes where filter.allows(vendor: vendor, type: inner.type.rawValue) {
            let type = inner.type.rawValue
            guard let kind = HiddenValue(vendor: vendor, type: type) else {
                append(vendor: vendor, type: type, inner.octets)
                continue
            }
            let value = try hop.reveal(inner.value, kind)
            if let octets = hidden(value, kind, secret: secret) { append(vendor: vendor, type: type, octets) }
        }
    }
}
