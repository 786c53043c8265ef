import Foundation
import OpenSSL
import Testing

@testable import socle

@Suite struct PKIIndexTests {
    private static let day = CertificateValidity.day
    private let good = "issued\t0a\tclient\t2027-01-15T08:00:00Z\t2028-01-15T08:00:00Z\talice@example.fr"

    private func index(_ lines: [String], heading: String = CertificateIndex.heading) throws -> CertificateIndex {
        try CertificateIndex(Array(([heading] + lines).map { $0 + "\n" }.joined().utf8), file: "index")
    }

    @Test func `every event reads back as it was written`() throws {
        let serial = try #require(CertificateSerial("0a"))
        let validity = CertificateValidity(notBefore: 0, notAfter: CertificateValidity.latest)
        var events: [IndexEvent] = CertificateKind.allCases.map {
            .issued(CertificateRecord(serial: serial, kind: $0, validity: validity, name: "Département, “A” é"))
        }
        events += RevocationList.Reason.allCases.map {
            .revoked(RevocationList.Entry(serial: serial, revokedAt: 1_800_000_000, reason: $0))
        }
        events.append(.listed(number: .max, validity: validity))
        for event in events { #expect(IndexEvent(line: Substring(event.line)) == event) }
    }

    @Test(arguments: [
        "", "issued", "issued\t0a\tclient\t2027-01-15T08:00:00Z\t2028-01-15T08:00:00Z",
        "issued\t0a\tclient\t2027-01-15T08:00:00Z\t2028-01-15T08:00:00Z\t",
        "issued\t0a\tclient\t2027-01-15T08:00:00Z\t2028-01-15T08:00:00Z\ta\tb",
        "issued\t00\tclient\t2027-01-15T08:00:00Z\t2028-01-15T08:00:00Z\ta",
        "issued\t0a\tpirate\t2027-01-15T08:00:00Z\t2028-01-15T08:00:00Z\ta",
        "issued\t0a\tclient\t2028-01-15T08:00:00Z\t2027-01-15T08:00:00Z\ta",
        "issued\t0a\tclient\tyesterday\t2028-01-15T08:00:00Z\ta",
        "issued\t0a\tclient\t1969-12-31T23:59:59Z\t2028-01-15T08:00:00Z\ta",
        "revoked\t0a\t2027-01-15T08:00:00Z\tbored", "list\t-1\t2027-01-15T08:00:00Z\t2027-01-16T08:00:00Z",
        "list\t18446744073709551616\t2027-01-15T08:00:00Z\t2027-01-16T08:00:00Z",
    ])
    func `a damaged line is named with its file and number`(line: String) throws {
        let failure = #expect(throws: Failure.self) { try index([good, line]) }
        #expect(failure?.status == .data)
        #expect(failure?.what.hasPrefix("index:3: ") == true)
    }

    @Test func `a line of 1024 octets is read and one of 1025 refused`() throws {
        let padding = String(repeating: "a", count: IndexEvent.longestLine - good.utf8.count)
        _ = try index([good + padding])
        #expect(throws: Failure.self) { try index([good + padding + "a"]) }
    }

    @Test func `contradictions are refused: issued twice, revoked twice or unknown, a list that does not count up`()
        throws
    {
        let revoked = "revoked\t0a\t2027-01-15T08:00:00Z\tlost"
        let list = "list\t2\t2027-01-15T08:00:00Z\t2027-01-16T08:00:00Z"
        _ = try index([good, revoked, list])
        for lines in [[good, good], [revoked], [good, revoked, revoked], [list, list]] {
            #expect(throws: Failure.self) { try index(lines) }
        }
    }

    @Test func `another format, a cut-off last line, an empty file and octets that are no text are refused`() throws {
        _ = try index([])
        #expect(throws: Failure.self) { try index([], heading: "socle-pki-index 2") }
        for octets in [[], Array("\(CertificateIndex.heading)\n\(good)".utf8), [0xFF, 0x0A]] {
            #expect(throws: Failure.self) { try CertificateIndex(octets, file: "index") }
        }
    }

    @Test func `a certificate is warned of in its last 30 days and not on the day before`() throws {
        let index = try index([good])
        let end = try #require(PKITime.seconds("2028-01-15T08:00:00Z"))
        #expect(index.states(at: end - 30 * Self.day).map(\.state) == [.good])
        #expect(index.states(at: end - 30 * Self.day + 1).map(\.state) == [.expiring(days: 29)])
        #expect(index.states(at: end).map(\.state) == [.expiring(days: 0)])
        #expect(index.states(at: end + 1).map(\.state) == [.expired])
        #expect(PKIListCommand.warnings(index, at: end - 30 * Self.day) == [])
        #expect(
            PKIListCommand.warnings(index, at: end - Self.day)
                == ["client alice@example.fr: expires in 1 days; socle pki client"])
    }

    @Test func `a newer certificate of the same name replaces the older, unless it was taken back`() throws {
        let newer = good.replacing("\t0a\t", with: "\t0b\t")
        let now = try #require(PKITime.seconds("2027-02-01T00:00:00Z"))
        #expect(try index([good, newer]).states(at: now).map(\.state) == [.replaced, .good])
        let revoked = "revoked\t0b\t2027-01-16T08:00:00Z\tlost"
        #expect(try index([good, newer, revoked]).states(at: now).map(\.state) == [.good, .revoked])
    }

    @Test func `a revocation list is warned of in its last week, and loudly when it has ended`() throws {
        let index = try index(["list\t1\t2027-01-15T08:00:00Z\t2027-02-15T08:00:00Z"])
        let end = try #require(PKITime.seconds("2027-02-15T08:00:00Z"))
        #expect(PKIListCommand.warnings(index, at: end - 7 * Self.day) == [])
        #expect(PKIListCommand.warnings(index, at: end - 7 * Self.day + 1) == ["crl.pem ends in 6 days; socle pki crl"])
        #expect(PKIListCommand.warnings(index, at: end + 1).first?.contains("has ended") == true)
    }
}
