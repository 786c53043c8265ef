import RADIUS
import Testing

/// User-Password (RFC 2865 §5.2).
@Suite struct PasswordTests {
    private let secret: SharedSecret
    private let authenticator = Authenticator.random()

    init() throws { secret = try SharedSecret(Array("xyzzy5461".utf8)) }

    private func reveal(_ hidden: [UInt8], room: Int = 128) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: room)
        let length = try hidden.withUnsafeBytes { hidden in
            try output.withUnsafeMutableBytes {
                try secret.reveal(hidden, authenticator: authenticator, into: $0)
            }
        }
        return Array(output[..<length])
    }

    @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 33, 127, 128])
    func `reveals what was hidden, up to 128 octets`(count: Int) throws {
        let password = (0..<count).map { UInt8($0 % 255 + 1) }
        let hidden = try secret.hide(password, authenticator: authenticator)
        #expect(hidden.count == max(16, (count + 15) / 16 * 16))
        #expect(try reveal(hidden) == password)
    }

    @Test func `refuses to hide 129 octets`() {
        #expect(throws: RADIUSError(.passwordTooLong)) {
            try secret.hide([UInt8](repeating: 1, count: 129), authenticator: authenticator)
        }
    }

    @Test(arguments: [0, 1, 15, 17, 31, 127, 129, 144, 240])
    func `refuses a hidden password that is not 16, 32 … 128 octets`(count: Int) {
        #expect(throws: RADIUSError(.userPasswordLength)) { try reveal([UInt8](repeating: 1, count: count)) }
    }

    @Test func `refuses a buffer that is one octet too short`() throws {
        let hidden = try secret.hide([1, 2, 3], authenticator: authenticator)
        #expect(try reveal(hidden, room: 16) == [1, 2, 3])
        #expect(throws: RADIUSError(.packetTooLong)) { try reveal(hidden, room: 15) }
    }

    @Test func `NULs inside a password stay, those behind it are padding`() throws {
        #expect(try reveal(try secret.hide([1, 0, 2, 0, 0], authenticator: authenticator)) == [1, 0, 2])
    }

    @Test func `another secret reveals other octets`() throws {
        let hidden = try SharedSecret([1]).hide(Array("secret".utf8), authenticator: authenticator)
        #expect(try reveal(hidden) != Array("secret".utf8))
    }

    @Test func `a secret has at least one octet`() throws {
        #expect(throws: RADIUSError(.secretEmpty)) { try SharedSecret([]) }
        _ = try SharedSecret([0])
    }
}
