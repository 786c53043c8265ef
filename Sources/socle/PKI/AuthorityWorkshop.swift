import Foundation
import OpenSSL
import Territory

/// An authority's directory, opened by one process at a time to issue, take back and list.
struct AuthorityWorkshop: ~Copyable {
    /// Certificates start this long before they are made: clocks of devices lag.
    static let clockTolerance: Int64 = 3600

    let directory: PKIDirectory
    let authority: CertificateAuthority
    private(set) var index: CertificateIndex
    /// Seconds since 1970.
    let now: Int64
    private let log: Int32

    /// Opens it; fails while another process has it open.
    init(_ directory: PKIDirectory, passphrase: Secret?, now: Int64) throws {
        try directory.requireMade()
        let log = open(directory.index, O_RDWR | O_APPEND | O_CLOEXEC)
        guard log >= 0 else { throw Failure(.permission, "the file \(directory.index) cannot be written by you") }
        do {
            guard flock(log, LOCK_EX | LOCK_NB) == 0 else {
                throw Failure(.unavailable, "another socle pki works in \(directory.path)", mend: "try again")
            }
            let index = try directory.readIndex()
            let key = try directory.authorityPrivateKey(passphrase)
            let authority = try CertificateAuthority(
                certificate: try directory.certificate(directory.authority), key: key)
            (self.directory, self.authority, self.index, self.now, self.log) = (directory, authority, index, now, log)
        } catch {
            close(log)
            throw error
        }
    }

    deinit { close(log) }

    /// `days` from now, an hour ago to be exact.
    func validity(days: Int) throws(Failure) -> CertificateValidity {
        let validity = CertificateValidity(days: days, from: now - Self.clockTolerance)
        let end = authority.certificate.validity.notAfter
        guard validity.notAfter <= end else {
            throw Failure(
                .data, "the authority ends on \(PKITime.day(end)), before that certificate would",
                mend: "choose fewer --days, or make a new authority in another directory")
        }
        return validity
    }

    /// Issues a certificate, writes it down, and keeps a copy under its serial.
    mutating func issue(
        _ profile: CertificateProfile, _ kind: CertificateKind, for key: PrivateKey
    ) throws -> Certificate {
        let certificate = try authority.issue(profile, for: key)
        try append(.issued(CertificateRecord(certificate, kind)))
        try DurableFile.create(directory.issued(certificate.serial), try certificate.pem, .everybody)
        return certificate
    }

    /// Takes a certificate back; the entry that was there when it is taken back already.
    mutating func revoke(_ serial: CertificateSerial, _ reason: RevocationList.Reason) throws -> RevocationList.Entry {
        if let entry = index.revoked[serial] { return entry }
        let entry = RevocationList.Entry(serial: serial, revokedAt: now, reason: reason)
        try append(.revoked(entry))
        return entry
    }

    /// Signs a list of everything taken back, good for `days`, in place of the one before.
    mutating func list(days: Int) throws -> RevocationList {
        let validity = CertificateValidity(
            notBefore: now - Self.clockTolerance, notAfter: CertificateValidity(days: days, from: now).notAfter)
        let number = (index.lastList?.number ?? 0) + 1
        let list = try authority.revocationList(index.revocations, number: number, validity: validity)
        try append(.listed(number: number, validity: validity))
        try DurableFile.replace(directory.revocationList, try list.pem, .everybody)
        return list
    }

    /// Adds a line to the index; it is on disk when this returns.
    private mutating func append(_ event: IndexEvent) throws(Failure) {
        guard index.apply(event) else { throw Failure(.software, "the index of \(directory.path) contradicts itself") }
        let line = Array((event.line + "\n").utf8)
        let end = lseek(log, 0, SEEK_END)
        let written = line.withUnsafeBytes { write(log, $0.baseAddress, $0.count) }
        guard end >= 0, written == line.count, fsync(log) == 0 else {
            // Half a line would stop every command after this one.
            if end >= 0 { _ = ftruncate(log, end) }
            throw Failure(.system, "the file \(directory.index) cannot be written", mend: "is there room?")
        }
    }
}
