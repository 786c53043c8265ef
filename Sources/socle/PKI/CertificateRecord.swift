import Foundation
import OpenSSL

/// What a certificate of ours is for.
enum CertificateKind: String, CaseIterable, Encodable {
    case authority, server, radsec, client, nas
}

/// One line of the index: tab-separated fields, the first says what happened.
enum IndexEvent: Equatable {
    /// A certificate was issued: `issued serial kind not-before not-after name`.
    case issued(CertificateRecord)
    /// A certificate was taken back: `revoked serial date reason`.
    case revoked(RevocationList.Entry)
    /// A revocation list was signed: `list number date next-update`.
    case listed(number: UInt64, validity: CertificateValidity)
}

/// A certificate that was issued.
struct CertificateRecord: Equatable {
    let serial: CertificateSerial
    let kind: CertificateKind
    let validity: CertificateValidity
    /// Its common name: a server, a gateway, or an identity.
    let name: String

    init(serial: CertificateSerial, kind: CertificateKind, validity: CertificateValidity, name: String) {
        (self.serial, self.kind, self.validity, self.name) = (serial, kind, validity, name)
    }

    init(_ certificate: Certificate, _ kind: CertificateKind) {
        self.init(
            serial: certificate.serial, kind: kind, validity: certificate.validity, name: certificate.commonName ?? "")
    }
}

extension IndexEvent {
    /// The longest line, in octets: a name of 64 characters and six fields need less than half of it.
    static let longestLine = 1024

    /// The line, without its end.
    var line: String {
        let fields: [String] =
            switch self {
            case .issued(let record):
                [
                    "issued", "\(record.serial)", record.kind.rawValue, PKITime.text(record.validity.notBefore),
                    PKITime.text(record.validity.notAfter), record.name,
                ]
            case .revoked(let entry):
                ["revoked", "\(entry.serial)", PKITime.text(entry.revokedAt), RevocationReason(entry.reason).rawValue]
            case .listed(let number, let validity):
                ["list", "\(number)", PKITime.text(validity.notBefore), PKITime.text(validity.notAfter)]
            }
        return fields.joined(separator: "\t")
    }

    /// Nil for a line that says something else.
    init?(line: Substring) {
        guard line.utf8.count <= Self.longestLine else { return nil }
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        switch (fields.first, fields.count) {
        case ("issued", 6):
            guard let serial = CertificateSerial(fields[1]), let kind = CertificateKind(rawValue: fields[2]),
                let validity = PKITime.validity(fields[3], fields[4]), !fields[5].isEmpty
            else { return nil }
            self = .issued(CertificateRecord(serial: serial, kind: kind, validity: validity, name: fields[5]))
        case ("revoked", 4):
            guard let serial = CertificateSerial(fields[1]), let date = PKITime.seconds(fields[2]),
                let reason = RevocationReason(rawValue: fields[3])
            else { return nil }
            self = .revoked(RevocationList.Entry(serial: serial, revokedAt: date, reason: reason.reason))
        case ("list", 4):
            guard let number = UInt64(fields[1]), let validity = PKITime.validity(fields[2], fields[3]) else {
                return nil
            }
            self = .listed(number: number, validity: validity)
        default: return nil
        }
    }
}

/// Instants as the index and people write them: 2027-01-15T08:00:00Z.
enum PKITime {
    static func text(_ seconds: Int64) -> String { date(seconds).formatted(.iso8601) }

    static func day(_ seconds: Int64) -> String { String(text(seconds).prefix(10)) }

    static func date(_ seconds: Int64) -> Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }

    /// Nil for another form, and outside 1970 to 9999.
    static func seconds(_ text: String) -> Int64? {
        guard let date = try? Date(text, strategy: .iso8601),
            let seconds = Int64(exactly: date.timeIntervalSince1970.rounded(.down)),
            (0...CertificateValidity.latest).contains(seconds)
        else { return nil }
        return seconds
    }

    static func validity(_ start: String, _ end: String) -> CertificateValidity? {
        guard let notBefore = seconds(start), let notAfter = seconds(end), notBefore <= notAfter else { return nil }
        return CertificateValidity(notBefore: notBefore, notAfter: notAfter)
    }
}
