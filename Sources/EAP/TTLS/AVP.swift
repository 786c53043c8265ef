/// One AVP inside a TTLS tunnel (RFC 5281 §10.1): a Diameter AVP whose low numbers are RADIUS attributes.
struct AVP: Hashable {
    /// The attribute.
    struct Code: Hashable {
        /// SMI enterprise number; 0 for none.
        let vendor: UInt32
        let number: UInt32

        static let userName = Code(vendor: 0, number: 1)
        static let userPassword = Code(vendor: 0, number: 2)
        static let chapPassword = Code(vendor: 0, number: 3)
        static let replyMessage = Code(vendor: 0, number: 18)
        static let chapChallenge = Code(vendor: 0, number: 60)
        static let eapMessage = Code(vendor: 0, number: 79)
        static let mschapError = Code(vendor: 311, number: 2)
        static let mschapChallenge = Code(vendor: 311, number: 11)
        static let mschap2Response = Code(vendor: 311, number: 25)
        static let mschap2Success = Code(vendor: 311, number: 26)
    }

    let code: Code
    let isMandatory: Bool
    let value: [UInt8]

    init(_ code: Code, _ value: [UInt8], isMandatory: Bool = true) {
        (self.code, self.value, self.isMandatory) = (code, value, isMandatory)
    }

    /// Reads the AVPs of one message. The last one's padding may be missing, as some peers leave it out.
    static func decode(_ message: [UInt8]) throws(EAPError) -> [AVP] {
        var avps: [AVP] = []
        var rest = message[...]
        while !rest.isEmpty {
            guard avps.count < EAPLimits.maximumAVPs else { throw EAPError(.avpMalformed) }
            let (avp, length) = try first(of: rest)
            avps.append(avp)
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return avps
    }

    /// The first AVP and its length without padding.
    private static func first(of octets: ArraySlice<UInt8>) throws(EAPError) -> (AVP, Int) {
        guard octets.count >= 8 else { throw EAPError(.avpMalformed) }
        let flags = octets[octets.startIndex + 4]
        let length = Int(number(octets.dropFirst(5).prefix(3)))
        let header = flags & vendorFlag == 0 ? 8 : 12
        guard length >= header, length <= octets.count else { throw EAPError(.avpMalformed) }
        let vendor = header == 12 ? number(octets.dropFirst(8).prefix(4)) : 0
        let code = Code(vendor: vendor, number: number(octets.prefix(4)))
        let value = Array(octets.prefix(length).dropFirst(header))
        return (AVP(code, value, isMandatory: flags & mandatoryFlag != 0), length)
    }

    private static let vendorFlag: UInt8 = 0x80
    private static let mandatoryFlag: UInt8 = 0x40

    private static func number(_ octets: ArraySlice<UInt8>) -> UInt32 { octets.reduce(0) { $0 << 8 | UInt32($1) } }

    /// The octets with padding to a multiple of four.
    func encoded() -> [UInt8] {
        let length = value.count + (code.vendor == 0 ? 8 : 12)
        let flags = (code.vendor == 0 ? 0 : Self.vendorFlag) | (isMandatory ? Self.mandatoryFlag : 0)
        let octets = { (number: UInt32) in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
        let header = octets(code.number) + [flags] + octets(UInt32(truncatingIfNeeded: length)).dropFirst()
        let vendor = code.vendor == 0 ? [] : octets(code.vendor)
        return header + vendor + value + [UInt8](repeating: 0, count: -length & 3)
    }
}
