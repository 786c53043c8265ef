/// The database identity of an `Entity`: a site's number cannot be passed where an organisation's is wanted.
public struct Identifier<Entity>: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// The `bigint` of the table.
    public let rawValue: Int64

    /// The identity of the row with this key.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// The identity of the row with this key.
    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// By number.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Reads a bare integer.
    public init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(Int64.self)
    }

    /// Writes a bare integer.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension Identifier: LosslessStringConvertible {
    /// The number.
    public var description: String { String(rawValue) }

    /// Reads a decimal number.
    public init?(_ description: String) {
        guard let value = Int64(description) else { return nil }
        rawValue = value
    }
}

extension Identifier: ExpressibleByIntegerLiteral {
    /// The identity of the row with this key.
    public init(integerLiteral value: Int64) { rawValue = value }
}

/// Identifies an ``Organisation``.
public typealias OrganisationID = Identifier<Organisation>
/// Identifies a ``Site``.
public typealias SiteID = Identifier<Site>
/// Identifies a ``Network``.
public typealias NetworkID = Identifier<Network>
/// Identifies an ``Equipment``.
public typealias EquipmentID = Identifier<Equipment>
/// Identifies a ``NAS``.
public typealias NASID = Identifier<NAS>
/// Identifies a ``Voucher``.
public typealias VoucherID = Identifier<Voucher>
/// Identifies a ``LoginGrant``.
public typealias LoginGrantID = Identifier<LoginGrant>
/// Identifies an ``Account``.
public typealias AccountID = Identifier<Account>
/// Identifies a ``WiFiKey``.
public typealias WiFiKeyID = Identifier<WiFiKey>

/// The release of a package that sites pin; only its identity matters here.
public enum PackageRelease {}
/// Identifies a row of `territory.package_release`.
public typealias PackageReleaseID = Identifier<PackageRelease>
