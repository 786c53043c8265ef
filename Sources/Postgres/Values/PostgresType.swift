/// A data type of the server, by its object identifier (catalogue `pg_type`; those below never change).
public struct PostgresType: RawRepresentable, Hashable, Sendable {
    /// The object identifier.
    public let rawValue: UInt32

    /// A type by its object identifier.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    private init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// Left to the server to infer.
    public static let unknown = PostgresType(0)
    /// `boolean`
    public static let bool = PostgresType(16)
    /// `bytea`
    public static let bytea = PostgresType(17)
    /// `"char"`, one byte
    public static let char = PostgresType(18)
    /// `name`
    public static let name = PostgresType(19)
    /// `bigint`
    public static let int8 = PostgresType(20)
    /// `smallint`
    public static let int2 = PostgresType(21)
    /// `integer`
    public static let int4 = PostgresType(23)
    /// `text`
    public static let text = PostgresType(25)
    /// `oid`
    public static let oid = PostgresType(26)
    /// `json`
    public static let json = PostgresType(114)
    /// `xml`
    public static let xml = PostgresType(142)
    /// `real`
    public static let float4 = PostgresType(700)
    /// `double precision`
    public static let float8 = PostgresType(701)
    /// `unknown`, an untyped literal
    public static let literal = PostgresType(705)
    /// `cidr`
    public static let cidr = PostgresType(650)
    /// `inet`
    public static let inet = PostgresType(869)
    /// `date`
    public static let date = PostgresType(1082)
    /// `character(n)`
    public static let bpchar = PostgresType(1042)
    /// `character varying`
    public static let varchar = PostgresType(1043)
    /// `timestamp with time zone`
    public static let timestamptz = PostgresType(1184)
    /// `uuid`
    public static let uuid = PostgresType(2950)
    /// `jsonb`
    public static let jsonb = PostgresType(3802)

    /// `cidr[]`
    public static let cidrArray = PostgresType(651)
    /// `inet[]`
    public static let inetArray = PostgresType(1041)
    /// `date[]`
    public static let dateArray = PostgresType(1182)
    /// `boolean[]`
    public static let boolArray = PostgresType(1000)
    /// `bytea[]`
    public static let byteaArray = PostgresType(1001)
    /// `smallint[]`
    public static let int2Array = PostgresType(1005)
    /// `integer[]`
    public static let int4Array = PostgresType(1007)
    /// `text[]`
    public static let textArray = PostgresType(1009)
    /// `bigint[]`
    public static let int8Array = PostgresType(1016)
    /// `double precision[]`
    public static let float8Array = PostgresType(1022)
    /// `timestamp with time zone[]`
    public static let timestamptzArray = PostgresType(1185)
    /// `uuid[]`
    public static let uuidArray = PostgresType(2951)

    /// The first object identifier of types that users create (enumerations, extensions' types).
    static let firstUserDefined: UInt32 = 16_384
}
