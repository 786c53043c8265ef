import OpenSSL
import RADIUS
import Testing

/// Every line of the vector files holds.
@Suite struct VectorTests {
    private let dictionary: AttributeDictionary

    init() throws { dictionary = try ProjectFiles.shippedDictionary() }

    @Test func `the vector files are there and whole`() {
        #expect(PacketVector.all.count >= 85)
        #expect(AttributeVector.all.count >= 120)
        #expect(PacketVector.all.flatMap(\.faults).isEmpty)
    }

    @Test(arguments: PacketVector.all)
    func `a datagram is read, verified or refused as its vector says`(vector: PacketVector) throws {
        if let refused = vector.refused {
            let error = #expect(throws: RADIUSError.self) { try Packet(vector.packet) }
            #expect(error.map { "\($0.code.rawValue) at \($0.offset ?? -1)" } == refused)
            return
        }
        let secret = try SharedSecret(vector.secret)
        try vector.packet.withPacketView(version: vector.version) { view throws(RADIUSError) in
            if !vector.reads.isEmpty { #expect(dictionary.describe(view) == vector.reads) }
            #expect(verify(view, vector, secret) == (vector.forged ?? vector.proof ?? "reply"))
            for claim in vector.claims {
                #expect(claim.reading.text(view, secret, request: vector.request) == claim.text)
            }
            if let password = vector.password {
                #expect(try secret.credentials(of: view) == .password(Array(password.utf8)))
            }
            if let password = vector.chap {
                guard case .chap(let response) = try secret.credentials(of: view) else {
                    Issue.record("no CHAP response")
                    return
                }
                #expect(response.matches(password: Array(password.utf8)))
                #expect(!response.matches(password: Array("\(password)x".utf8)))
            }
        }
    }

    private func verify(_ view: PacketView, _ vector: PacketVector, _ secret: SharedSecret) -> String {
        do throws(RADIUSError) {
            guard let octets = vector.request else {
                // Vectors that are only read carry neither proof nor forgery.
                if vector.proof == nil, vector.forged == nil { return "reply" }
                return "\(try secret.verify(request: view))"
            }
            let request = try octets.withPacketView(version: vector.version) { Packet($0) }
            let sent = SentRequest(
                code: request.code, identifier: request.identifier, authenticator: request.authenticator)
            try secret.verify(reply: view, to: sent, requireMessageAuthenticator: view.has(.messageAuthenticator))
            return "reply"
        } catch {
            return error.code.rawValue
        }
    }

    @Test(arguments: PacketVector.all.filter { $0.refused == nil })
    func `a packet that was read is written back octet for octet`(vector: PacketVector) throws {
        let packet = try vector.packet.withPacketView(version: vector.version) { Packet($0) }
        let written = try packet.encoded()
        #expect(written.elementsEqual(vector.packet.prefix(written.count)))
        #expect(written.count == vector.packet.count || vector.name.contains("padding"))
    }

    @Test(arguments: AttributeVector.all)
    func `a name and a text make octets, and octets read as text, as the vector says`(vector: AttributeVector) throws {
        switch vector.expectation {
        case .refusal(let reason):
            let error = #expect(throws: RADIUSError.self) { try dictionary.encode(vector.name, vector.value) }
            #expect(error?.code.rawValue == reason)
        case .octets(let hex, let reversible):
            let octets = try dictionary.encode(vector.name, vector.value)
            #expect(Hex.encode(octets) == hex)
            let packet = try Packet(.accessAccept, identifier: 0).encoded(with: octets)
            let text = try packet.withPacketView { view in dictionary.describe(view).dropFirst().first }
            #expect((text == vector.testDescription) == reversible)
        }
    }
}

extension Packet {
    /// The packet's octets with encoded attributes behind.
    func encoded(with attributes: [UInt8]) throws(RADIUSError) -> [UInt8] {
        var octets = try encoded() + attributes
        octets[2] = UInt8(octets.count >> 8)
        octets[3] = UInt8(octets.count & 0xff)
        return octets
    }
}
