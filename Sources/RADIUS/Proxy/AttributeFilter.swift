/// What a proxy at the border lets through: lists of attributes by packet code and direction.
public struct AttributeFilter: Hashable, Sendable {
    /// Which way a packet goes.
    public enum Direction: String, Sendable, CaseIterable {
        /// From who asks to who answers: requests.
        case towardsHome = "to-home"
        /// Back again: replies.
        case towardsOrigin = "to-origin"
    }

    /// The attributes that may pass. Message-Authenticator and Proxy-State are the proxy's own and not asked about.
    public enum AllowList: Hashable, Sendable {
        /// All of them.
        case everything
        /// Those named.
        case only(AllowedAttributes)
    }

    private struct Case: Hashable {
        let code: PacketCode
        let direction: Direction
    }

    private var lists: [Case: AllowList]
    private let fallback: AllowList

    /// Lets everything pass: between our own servers.
    public static let everything = AttributeFilter(fallback: .everything)

    /// A filter that gives codes without a list `fallback`: nothing, unless told otherwise.
    public init(fallback: AllowList = .only(AllowedAttributes())) { (lists, self.fallback) = ([:], fallback) }

    /// What may pass in packets with `code`.
    public func list(_ code: PacketCode, _ direction: Direction) -> AllowList {
        lists[Case(code: code, direction: direction)] ?? fallback
    }

    /// Sets what may pass in packets with `code`.
    public mutating func set(_ list: AllowList, for code: PacketCode, _ direction: Direction) {
        lists[Case(code: code, direction: direction)] = list
    }
}

/// Attributes by number, in the three spaces there are.
public struct AllowedAttributes: Hashable, Sendable {
    /// Standard attributes.
    public var types: Set<AttributeType>
    /// Extended attributes.
    public var extended: Set<ExtendedType>
    /// Vendors' attributes by vendor; nil for all of a vendor's.
    public var vendors: [UInt32: Set<UInt8>?]

    /// These attributes.
    public init(
        types: Set<AttributeType> = [], extended: Set<ExtendedType> = [], vendors: [UInt32: Set<UInt8>?] = [:]
    ) {
        (self.types, self.extended, self.vendors) = (types, extended, vendors)
    }
}

extension AttributeFilter.AllowList {
    /// Whether a standard attribute may pass.
    public func allows(_ type: AttributeType) -> Bool {
        switch self {
        case .everything: true
        case .only(let allowed): allowed.types.contains(type)
        }
    }

    /// Whether an extended attribute may pass: by itself, or with all of its space.
    public func allows(_ type: ExtendedType) -> Bool {
        switch self {
        case .everything: true
        case .only(let allowed):
            allowed.extended.contains(type) || allowed.types.contains(AttributeType(rawValue: type.space))
        }
    }

    /// Whether a vendor's attribute may pass.
    public func allows(vendor: UInt32, type: UInt8) -> Bool {
        guard case .only(let allowed) = self else { return true }
        guard let types = allowed.vendors[vendor] else { return false }
        return types?.contains(type) ?? true
    }

    /// Whether all of a vendor's attributes may pass, those we cannot read too.
    public func allowsAll(ofVendor vendor: UInt32) -> Bool {
        guard case .only(let allowed) = self else { return true }
        return allowed.vendors[vendor] == .some(.none)
    }
}
