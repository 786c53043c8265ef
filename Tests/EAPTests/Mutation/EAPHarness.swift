import OpenSSL

@testable import EAP

/// Every decoder of EAP that needs no conversation, called on any octets: what a test and the fuzzer of `deploy/fuzz`
/// share.
struct EAPHarness {
    private let challenge = (0..<17).map { UInt8($0) }
    private let hash: NTHash

    init() throws(EAPError) { hash = try NTHash(password: "correct horse") }

    /// Reads the octets as everything; throws a ``Violation`` when something is not read again as it was written.
    func check(_ octets: [UInt8]) throws(Violation) {
        try again("a packet", try? EAPPacket(decoding: octets), { try? EAPPacket(decoding: $0.encoded()) })
        try again("AVPs", try? AVP.decode(octets), { try? AVP.decode($0.flatMap { $0.encoded() }) })
        try again("MS-CHAPv2", try? MSCHAPv2Packet(decoding: octets), { try? MSCHAPv2Packet(decoding: $0.encoded()) })
        try again("a Nak", try? EAPNak(legacy: octets), { try? EAPNak(legacy: $0.legacyData) })
        let text = String(decoding: octets, as: UTF8.self)
        try again("a failure", MSCHAPv2Failure(text: text), { MSCHAPv2Failure(text: $0.text) })
        if let identity = try? EAPIdentity(decoding: octets) { _ = (identity.realm, identity.user) }
        for code in [EAPCode.request, .response] { _ = try? PEAPInnerPacket(decoding: octets, code: code) }
        _ = TicketData(octets)?.authorization(nil)
        try prove(octets)
    }

    private func again<Value: Equatable>(
        _ name: String, _ value: Value?, _ encodeAndDecode: (Value) -> Value?
    ) throws(Violation) {
        guard let value, encodeAndDecode(value) != value else { return }
        throw Violation(description: "\(name) is read otherwise when written again")
    }

    /// As the credential of a tunnel: nobody proves a password that he does not know.
    private func prove(_ octets: [UInt8]) throws(Violation) {
        guard let avps = try? AVP.decode(octets),
            let credential = try? TTLSCredential(avps, challenge: challenge).inner
        else { return }
        switch credential {
        case .mschapv2(let exchange):
            guard (try? exchange.isProven(by: hash)) != true else { throw Violation(description: "believed") }
            _ = try? exchange.authenticatorResponse(hash)
        case .pap(_, let password):
            guard (1...EAPLimits.maximumPassword).contains(password.count) else {
                throw Violation(description: "a password of \(password.count) octets")
            }
        case .chap, .certificate: break
        }
    }
}
