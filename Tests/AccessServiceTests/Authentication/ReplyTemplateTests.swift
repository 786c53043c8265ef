import Foundation
import RADIUS
import Territory
import Testing

@testable import AccessService

@Suite struct ReplyTemplateTests {
    private static let profiles = ["opennds", "coovachilli", "mikrotik", "hostapd", "wispr", "aruba", "cisco-wlc"]

    private let dictionary: AttributeDictionary
    private let library: EquipmentLibrary

    init() throws {
        dictionary = try AttributeDictionary(directory: Ground.root.appending(path: "config/dictionaries").path)
        library = try EquipmentLibrary.load(directory: Ground.root.appending(path: "config/equipment"))
    }

    private static let allowances: [Allowance] = {
        let instant = Date(timeIntervalSince1970: 1_800_000_000.75)
        var all: [Allowance] = []
        for octets in [nil, 1, 1_023, 1_024, 1_025, 4_294_967_295, 4_294_967_296, .max] as [Int64?] {
            for rate in [nil, 1, 999, 1_000, 20_000_001, .max] as [Int64?] {
                all.append(
                    Allowance(
                        sessionTimeoutSeconds: 3_601, idleTimeoutSeconds: rate == nil ? nil : 59, interimSeconds: 300,
                        remainingOctets: octets, rateDownBitsPerSecond: rate, rateUpBitsPerSecond: octets,
                        endsAt: instant, endsAtOffsetSeconds: 7_200, vlan: rate == 1 ? 20 : nil,
                        role: octets == 1 ? "staff" : octets == 1_023 ? "élus" : nil))
            }
        }
        return all
    }()

    @Test(arguments: profiles) func `writes what the profile says, octet for octet`(_ name: String) throws {
        let profile = try library.profile(named: name)
        let template = ReplyTemplate(profile, dictionary: dictionary)
        #expect(template.unknown.isEmpty)
        let memory = ReplyTemplate.Memory()
        for allowance in Self.allowances + Self.allowances {
            var expected: [UInt8] = []
            for attribute in profile.acceptAttributes(for: allowance) {
                expected += try dictionary.encode(attribute.name, attribute.value)
            }
            var written: [UInt8] = []
            template.append(allowance, to: &written, memory: memory)
            #expect(written == expected, "\(allowance)")
        }
    }

    @Test func `a device's WPA key is salted for its packet, and the secret opens it (RFC 2868 §3.5)`() throws {
        let template = ReplyTemplate(try library.profile(named: "hostapd"), dictionary: dictionary)
        let secret = try SharedSecret(Array("correct-horse-battery".utf8))
        let request = try secret.accessRequest(identifier: 1, attributes: [Attribute(.userName, text: "a")])
        let allowance = Allowance(
            sessionTimeoutSeconds: 60, endsAt: .distantFuture, psk: WiFiKey.passphrase("correct horse"))
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let length = try request.bytes.withUnsafeBytes { bytes in
            let packet = try PacketView(bytes)
            return try buffer.withUnsafeMutableBytes { buffer in
                var writer = PacketWriter(buffer, replying: .accessAccept, to: packet)
                template.appendSalted(allowance, to: &writer, secret: secret)
                return try writer.finish(secret: secret)
            }
        }
        try buffer[..<length].withUnsafeBytes { bytes in
            let reply = try PacketView(bytes)
            let attribute = try #require(reply.first(.tunnelPassword))
            let opened = try TunnelPassword(
                attribute, in: reply, secret: secret,
                authenticator: try request.bytes.withUnsafeBytes {
                    try PacketView($0).authenticator
                })
            #expect(opened.password == Array("correct horse".utf8) && opened.tag == 0)
        }
        var open: [UInt8] = []
        template.append(allowance, to: &open, memory: ReplyTemplate.Memory())
        #expect(!open.contains(69), "it goes nowhere unsalted")
    }

    @Test func `an attribute that no dictionary has is left out and named`() throws {
        let template = ReplyTemplate(try library.profile(named: "mikrotik"), dictionary: AttributeDictionary())
        var written: [UInt8] = []
        template.append(Self.allowances[0], to: &written, memory: ReplyTemplate.Memory())
        #expect(written.isEmpty)
        #expect(template.unknown.contains("Session-Timeout"))
    }
}
