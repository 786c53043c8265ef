/// The keys MS-CHAPv2 makes (RFC 3079 §3.4). EAP-MSCHAPv2 alone would export them; inside a tunnel the tunnel's keys are
/// used, and these only serve a NAS that runs plain MS-CHAPv2.
public struct MPPEKeys: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// 16 octets each, named from the side of the server: a NAS encrypts with the first.
    public let send: [UInt8], receive: [UInt8]

    /// Of a proven exchange.
    public init(hash: NTHash, ntResponse: [UInt8]) throws(EAPError) {
        let master = try Self.masterKey(hashHash: hash.hashed(), ntResponse: ntResponse)
        send = try Self.startKey(master: master, magic: Self.magicServerSends)
        receive = try Self.startKey(master: master, magic: Self.magicServerReceives)
    }

    /// Shows no key.
    public var description: String { "MPPEKeys(redacted)" }
    /// Empty, so that no dump shows the keys.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    private static let magicServerReceives =
        "On the client side, this is the send key; on the server side, it is the receive key."
    private static let magicServerSends =
        "On the client side, this is the receive key; on the server side, it is the send key."

    /// `GetMasterKey`: 16 octets.
    static func masterKey(hashHash: [UInt8], ntResponse: [UInt8]) throws(EAPError) -> [UInt8] {
        Array(try Crypto.sha1(hashHash + ntResponse + Array("This is the MPPE Master Key".utf8)).prefix(16))
    }

    /// `GetAsymmetricStartKey` for 128 bits.
    private static func startKey(master: [UInt8], magic: String) throws(EAPError) -> [UInt8] {
        let zeros = [UInt8](repeating: 0, count: 40)
        let pad = [UInt8](repeating: 0xf2, count: 40)
        return Array(try Crypto.sha1(master + zeros + Array(magic.utf8) + pad).prefix(16))
    }
}
