import Testing

@testable import AccessService

/// Which way a User-Name goes (RFC 7542).
@Suite struct RealmTableTests {
    private func read(_ name: String) -> NetworkAccessIdentifier {
        Array(name.utf8).withUnsafeBytes { NetworkAccessIdentifier($0) }
    }

    private func table(_ rules: RealmRule...) -> RealmTable { RealmTable(rules, pools: ["a", "b"]) }

    private func route(_ table: RealmTable, _ name: String) -> RealmTable.Route {
        Array(name.utf8).withUnsafeBytes { table.route($0) }
    }

    @Test func `a realm is what stands behind the @, in lower case (RFC 7542 §2.4)`() {
        #expect(read("bob@example.org") == .realm("example.org"))
        #expect(read("@example.org") == .realm("example.org"))
        #expect(read("BOB@Example.ORG") == .realm("example.org"))
        #expect(read("bob@collège-Évariste.fr") == .realm("collège-évariste.fr"))
        #expect(read("bob@1.fr") == .realm("1.fr"))
    }

    @Test(arguments: ["", "bob", "02-00-5E-00-53-01", "example.org!bob", "EXAMPLE\\bob"])
    func `a name without @ names no realm`(_ name: String) { #expect(read(name) == .bare) }

    @Test(arguments: [
        "bob@", "bob@localhost", "bob@example.org.", "bob@.org", "bob@a..b", "bob@-a.b", "bob@a-.b", "bob@a_b.c",
    ])
    func `what the grammar does not know is no realm (RFC 7542 §2.2)`(_ name: String) {
        #expect(read(name) == .malformed(.realm))
    }

    @Test func `the sender does not choose our next hop`() {
        #expect(read("example.org!bob@other.example") == .malformed(.sourceRoute))
        #expect(read("wow!bob@example.org") == .realm("example.org"))
        #expect(read("bob@example.org@other.example") == .malformed(.severalRealms))
    }

    @Test func `spaces, control characters and what is not UTF-8 are no text`() {
        for name in ["bob@example.org ", "bob @example.org", "bob@exam\0ple.org", "bob@example.org\u{7f}"] {
            #expect(read(name) == .malformed(.notText))
        }
        #expect([0xff, 0x40, 0x61, 0x2e, 0x62].withUnsafeBytes { NetworkAccessIdentifier($0) } == .malformed(.notText))
    }

    @Test func `253 octets are a name and 254 are not, 63 are a label and 64 are not`() {
        let realm = "@" + String(repeating: "a.", count: 60) + "fr"
        let room = 253 - realm.utf8.count
        #expect(read(String(repeating: "u", count: room) + realm) == .realm(String(realm.dropFirst())))
        #expect(read(String(repeating: "u", count: room + 1) + realm) == .malformed(.tooLong))
        let label = String(repeating: "a", count: 63)
        #expect(read("u@\(label).fr") == .realm("\(label).fr"))
        #expect(read("u@\(label)a.fr") == .malformed(.realm))
    }

    @Test func `the exact realm goes before a suffix, the longer suffix before the shorter, and * comes last`() {
        let table = table(
            RealmRule("*", .pool("a")), RealmRule("*.example.fr", .pool("b")), RealmRule("x.example.fr", .local),
            RealmRule("*.y.example.fr", .reject))
        #expect(route(table, "u@x.example.fr") == .here)
        #expect(route(table, "u@z.example.fr") == .pool(1))
        #expect(route(table, "u@z.y.example.fr") == .refused)
        #expect(route(table, "u@y.example.fr") == .pool(1))
        #expect(route(table, "u@example.fr") == .pool(0))
        #expect(route(table, "u@X.EXAMPLE.FR") == .here)
        #expect(route(table, "u") == .here)
        #expect(route(table, "u@nodot") == .here)
    }

    @Test func `without *, a realm nobody has named stays here`() {
        let table = table(RealmRule("Example.FR", .pool("a")))
        #expect(route(table, "u@example.fr") == .pool(0))
        #expect(route(table, "u@sub.example.fr") == .here)
        #expect(route(table, "u@example.org") == .here)
    }

    @Test func `composed and decomposed letters are the same realm`() {
        let table = table(RealmRule("coll\u{e8}ge.fr", .pool("a")))
        #expect(route(table, "u@colle\u{300}ge.fr") == .pool(0))
        #expect(route(table, "u@COLL\u{c8}GE.fr") == .pool(0))
    }

    @Test(arguments: ["*", "*.fr", "*.example.fr", "example.fr"])
    func `patterns`(_ text: String) { #expect(RealmRule.isPattern(text)) }

    @Test(arguments: ["", "fr", "*.", "*fr", "*.*.fr", "a*.fr", "example.fr.", "@example.fr"])
    func `what is no pattern`(_ text: String) { #expect(!RealmRule.isPattern(text)) }
}
