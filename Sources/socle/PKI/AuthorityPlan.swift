import Foundation
import OpenSSL
import Territory

/// A new authority with everything that a first installation needs.
struct AuthorityPlan {
    let name: String
    let organization: String?
    let serverName: String
    let keyKind: PrivateKey.Kind
    let authorityDays, serverDays, listDays: Int
    let passphrase: Secret?
    /// Seconds since 1970.
    let now: Int64

    /// Makes `directory`: all of it or, when anything fails, nothing. Refused when there is something in it already.
    func make(_ directory: PKIDirectory) throws {
        let draft = PKIDirectory("\(directory.path).new-\(Hex.encode(SecureRandom.bytes(8)))")
        do {
            try Self.makeFolder(draft.path, 0o711)
            try Self.makeFolder(draft.issued, 0o700)
        } catch {
            throw Failure(
                .system, "the directory \(directory.path) cannot be made",
                mend: "make the one it is in, writable by this user")
        }
        var isPlaced = false
        defer { if !isPlaced { try? FileManager.default.removeItem(atPath: draft.path) } }
        try fill(draft)
        // Over an empty directory a rename goes through; over anything else it is refused.
        guard rename(draft.path, directory.path) == 0 else {
            guard [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno) else {
                throw Failure(.system, "the directory \(directory.path) cannot be made")
            }
            throw Failure(
                .exists, "there is something in \(directory.path)",
                mend: "an authority is never overwritten: name another directory")
        }
        isPlaced = true
        try DurableFile.syncFolder(of: directory.path)
    }

    private static func makeFolder(_ path: String, _ mode: Int) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    }

    private func fill(_ directory: PKIDirectory) throws {
        let start = now - AuthorityWorkshop.clockTolerance
        let authority = try CertificateAuthority.create(
            name: name, organization: organization, key: .generate(keyKind),
            validity: CertificateValidity(days: authorityDays, from: start))
        try DurableFile.create(directory.authority, try authority.certificate.pem, .everybody)
        try DurableFile.create(directory.authorityKey, try authority.key.pem(passphrase: passphrase?.text), .owner)
        let first = IndexEvent.issued(CertificateRecord(authority.certificate, .authority)).line
        try DurableFile.create(directory.index, Array("\(CertificateIndex.heading)\n\(first)\n".utf8), .owner)
        var workshop = try AuthorityWorkshop(directory, passphrase: passphrase, now: now)
        for kind in [CertificateKind.server, .radsec] {
            try workshop.makeServer(
                kind, name: serverName, organization: organization, newKey: .generate(keyKind),
                days: serverDays)
        }
        _ = try workshop.list(days: listDays)
    }
}

extension AuthorityWorkshop {
    /// Issues what a daemon presents and puts key and chain where it reads them.
    ///
    /// Without a new key the one that is there stays, with the owner and mode somebody gave it. A new key goes first: a
    /// daemon that reads in between finds a pair that does not fit, keeps what it has, and reads again.
    @discardableResult
    mutating func makeServer(
        _ kind: CertificateKind, name: String, organization: String?, newKey: PrivateKey?, days: Int
    ) throws -> Certificate {
        let key = try newKey ?? directory.privateKey(directory.key(kind))
        let validity = try validity(days: days)
        let profile: CertificateProfile =
            kind == .radsec
            ? .radSec(name: name, organization: organization, validity: validity)
            : .server(name: name, organization: organization, validity: validity)
        let certificate = try issue(profile, kind, for: key)
        if let newKey { try DurableFile.replace(directory.key(kind), try newKey.pem(), .owner) }
        let chain = try certificate.pem + authority.certificate.pem
        try DurableFile.replace(directory.chain(kind), chain, .everybody)
        return certificate
    }
}
