import OpenSSL
import Store
import Territory
import Testing

struct CredentialTests {
    private let keys: InstallationKeys

    init() throws { keys = InstallationKeys(try InstallationKey(octets: [UInt8](0..<32))) }

    @Test func `opens at its place what it sealed, and nowhere else`() throws {
        let place = SecretBox.Place(table: "territory.nas", column: "secret", row: 7)
        let sealed = try keys.secrets.seal(Array("testing123".utf8), at: place)
        #expect(try keys.secrets.open(sealed, at: place) == Array("testing123".utf8))
        for other in [
            SecretBox.Place(table: "territory.nas", column: "secret", row: 8),
            SecretBox.Place(table: "territory.nas", column: "coa_secret", row: 7),
        ] {
            #expect(throws: StoreError(.secretUnreadable, "")) { try keys.secrets.open(sealed, at: other) }
        }
        let others = InstallationKeys(.random())
        #expect(throws: StoreError(.secretUnreadable, "")) { try others.secrets.open(sealed, at: place) }
        #expect(throws: StoreError(.secretUnreadable, "")) { try keys.secrets.open([1, 2, 3], at: place) }
        #expect(try keys.secrets.seal([], at: place).count == 28)
    }

    @Test(arguments: ["ABCDE-FGHJK", "abcde fghjk", " a-b-c d.e_f g\u{a0}h\u{2011}j k\n", "ABCDEFGHJK"])
    func `reads a voucher code whatever the case and separators`(typed: String) {
        #expect(VoucherCode(typed: typed)?.display == "ABCDE-FGHJK")
    }

    @Test(arguments: [
        "", "ABCDE-FGHJ", "ABCDE-FGHJKM", "0BCDE-FGHJK", "OBCDE-FGHJK", "1BCDEFGHJK", "IBCDEFGHJK", "LBCDEFGHJK",
        "UBCDEFGHJK", "ABCDE\u{1}FGHJK", "ÀBCDEFGHJK", "ABCDE+FGHJK",
    ])
    func `refuses what is no voucher code`(typed: String) {
        #expect(VoucherCode(typed: typed) == nil)
    }

    @Test func `draws voucher codes from the whole alphabet and never one twice in a thousand`() {
        let codes = Set((0..<1_000).map { _ in VoucherCode.random().canonical })
        #expect(codes.count == 1_000)
        #expect(Set(codes.joined()) == Set("23456789ABCDEFGHJKMNPQRSTVWXYZ"))
        #expect(codes.allSatisfy { VoucherCode(typed: $0)?.canonical == $0 })
    }

    @Test func `digests a code under the key, not the way it was typed`() throws {
        let code = try #require(VoucherCode(typed: "abcde-fghjk"))
        #expect(keys.vouchers(code) == Digest.hmacSHA256(key: keys.subkey("voucher"), Array("ABCDEFGHJK".utf8)))
        #expect("\(code)\(String(reflecting: code))".contains("ABCDE") == false)
    }

    @Test func `makes grant logins of 100 random bits and derives their passwords`() {
        let login = GrantCredential.randomLogin()
        #expect(login.wholeMatch(of: /g\.[a-z2-7]{20}/) != nil)
        #expect(GrantCredential.isLogin(login))
        let mac = Digest.hmacSHA256(key: keys.subkey("grant-password"), Array(login.utf8))
        #expect(keys.grants.password(for: login) == String(Base32.encode(mac).prefix(20)))
        #expect(Set((0..<1_000).map { _ in GrantCredential.randomLogin() }).count == 1_000)
    }

    @Test(arguments: [
        "g.", "g.aaaaaaaaaaaaaaaaaaa", "g.aaaaaaaaaaaaaaaaaaaaa", "g.AAAAAAAAAAAAAAAAAAAA", "h.aaaaaaaaaaaaaaaaaaaa",
        "g.aaaaaaaaaaaaaaaaaaa1", "g.aaaaaaaaaaaaaaaaaaa\u{e9}",
    ])
    func `takes nothing else for a grant login`(text: String) {
        #expect(!GrantCredential.isLogin(text))
    }

    @Test(arguments: [
        SubjectReference(kind: .loginGrant, id: 1), SubjectReference(kind: .voucher, id: .max),
        SubjectReference(kind: .account, id: 42),
    ])
    func `reads back from a Class the subject it put there`(subject: SubjectReference) {
        let octets = keys.classes.encode(subject)
        #expect(octets.count == 19)
        #expect(Array(octets.prefix(2)) == Array("S1".utf8))
        #expect(keys.classes.subject(of: octets) == subject)
    }

    @Test func `refuses a Class with any bit changed, cut, lengthened or of another installation`() {
        let octets = keys.classes.encode(.account(42))
        for index in octets.indices {
            var changed = octets
            changed[index] ^= 1
            #expect(keys.classes.subject(of: changed) == nil)
        }
        #expect(keys.classes.subject(of: octets.dropLast()) == nil)
        #expect(keys.classes.subject(of: octets + [0]) == nil)
        #expect(keys.classes.subject(of: []) == nil)
        #expect(InstallationKeys(.random()).classes.subject(of: octets) == nil)
    }
}
