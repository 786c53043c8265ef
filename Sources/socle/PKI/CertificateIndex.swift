import Foundation
import OpenSSL

/// What an authority issued, took back and listed, in the order in which it did.
///
/// A text file: a first line that names the format, then one event a line. Lines are only ever appended, each durable
/// before what it announces is handed out: what exists is in the index, so it can be taken back.
struct CertificateIndex: Equatable {
    static let heading = "socle-pki-index 1"
    /// Octets of the largest index that is read: some 400 000 certificates.
    static let largest = 64 * 1_048_576

    private(set) var records: [CertificateRecord] = []
    private(set) var revoked: [CertificateSerial: RevocationList.Entry] = [:]
    private(set) var lastList: (number: UInt64, validity: CertificateValidity)?
    private var known: [CertificateSerial: Int] = [:]

    init() {}

    /// Reads an index; a damaged line is named with `file` and its number.
    init(_ octets: [UInt8], file: String) throws(Failure) {
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw Failure(.data, "\(file) is not UTF-8 text", mend: "bring its backup back")
        }
        guard text.hasSuffix("\n") else {
            throw Failure(
                .data, "\(file): the last line is cut off",
                mend: "the power failed as it was written: delete that line, nothing was handed out for it")
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().enumerated() {
            let isSound =
                if index == 0 { line == Self.heading } else { IndexEvent(line: line).map { apply($0) } ?? false }
            guard isSound else {
                throw Failure(.data, "\(file):\(index + 1): not a line of an index", mend: "bring its backup back")
            }
        }
    }

    /// Takes an event in; false for one that contradicts what is there: a serial issued or revoked twice, a revocation
    /// of what was never issued, a list whose number does not grow.
    mutating func apply(_ event: IndexEvent) -> Bool {
        switch event {
        case .issued(let record):
            guard known.updateValue(records.count, forKey: record.serial) == nil else { return false }
            records.append(record)
        case .revoked(let entry):
            guard known[entry.serial] != nil, revoked.updateValue(entry, forKey: entry.serial) == nil else {
                return false
            }
        case .listed(let number, let validity):
            guard number > lastList?.number ?? 0 else { return false }
            lastList = (number, validity)
        }
        return true
    }

    func record(_ serial: CertificateSerial) -> CertificateRecord? { known[serial].map { records[$0] } }

    /// What is taken back, in the order of its serials.
    var revocations: [RevocationList.Entry] { revoked.values.sorted { $0.serial.description < $1.serial.description } }

    static func == (left: Self, right: Self) -> Bool {
        left.records == right.records && left.revoked == right.revoked
            && left.lastList?.number == right.lastList?.number && left.lastList?.validity == right.lastList?.validity
    }
}

extension CertificateIndex {
    /// How a certificate stands.
    enum State: Equatable {
        case good, expiring(days: Int), expired, revoked
        /// A newer one of the same kind and name took its place.
        case replaced

        var text: String {
            switch self {
            case .good: "good"
            case .expiring(let days): "expires in \(days) days"
            case .expired: "expired"
            case .revoked: "revoked"
            case .replaced: "replaced"
            }
        }

        /// Whether somebody has to do something: expired certificates are only of interest while nothing replaced them.
        var isCurrent: Bool {
            switch self {
            case .good, .expiring, .expired: true
            case .revoked, .replaced: false
            }
        }
    }

    /// Days before its end from which a certificate is warned of.
    static let warningDays = 30

    /// Every certificate with its state at `now` (seconds since 1970).
    func states(at now: Int64) -> [(record: CertificateRecord, state: State)] {
        struct Subject: Hashable { let kind: CertificateKind, name: String }
        var newest: [Subject: CertificateSerial] = [:]
        for record in records where revoked[record.serial] == nil {
            newest[Subject(kind: record.kind, name: record.name)] = record.serial
        }
        return records.map { record in
            let isNewest = newest[Subject(kind: record.kind, name: record.name)] == record.serial
            if revoked[record.serial] != nil { return (record, .revoked) }
            if !isNewest { return (record, .replaced) }
            if record.validity.notAfter < now { return (record, .expired) }
            let days = Int((record.validity.notAfter - now) / CertificateValidity.day)
            return (record, days < Self.warningDays ? .expiring(days: days) : .good)
        }
    }
}
