import Foundation
import OpenSSL
import Territory

/// Where an authority's files are.
struct PKIDirectory {
    let path: String

    init(_ path: String) { self.path = URL(filePath: path).standardizedFileURL.path }

    var authority: String { path + "/ca.pem" }
    var authorityKey: String { path + "/ca.key" }
    var revocationList: String { path + "/crl.pem" }
    var index: String { path + "/index" }
    var issued: String { path + "/issued" }

    /// The chain that a daemon of this kind presents: `server` for EAP, `radsec` for RadSec.
    func chain(_ kind: CertificateKind) -> String { "\(path)/\(kind.rawValue).pem" }
    func key(_ kind: CertificateKind) -> String { "\(path)/\(kind.rawValue).key" }
    func issued(_ serial: CertificateSerial) -> String { "\(issued)/\(serial).pem" }

    /// Octets of the largest PEM file that is read.
    static let largestPEM = 1_048_576
    /// Octets of the largest revocation list.
    static let largestList = 2 * RevocationList.longestDER

    func certificate(_ path: String) throws -> Certificate {
        do {
            return try Certificate(pem: try DurableFile.read(path, limit: Self.largestPEM))
        } catch let error as OpenSSLError {
            throw Failure(.data, "\(path) holds no certificate (\(error.code.rawValue))")
        }
    }

    /// The authority's key, which nobody but its owner may read.
    func authorityPrivateKey(_ passphrase: Secret?) throws -> PrivateKey {
        let mode = try? FileManager.default.attributesOfItem(atPath: authorityKey)[.posixPermissions] as? Int
        if let mode, mode & 0o077 != 0 {
            throw Failure(.configuration, "the key \(authorityKey) can be read by others", mend: "chmod 600 it")
        }
        return try privateKey(authorityKey, passphrase: passphrase)
    }

    /// A private key of any mode: a daemon's group may have been let read the server's.
    func privateKey(_ path: String, passphrase: Secret? = nil) throws -> PrivateKey {
        do {
            return try PrivateKey(
                pem: try DurableFile.read(path, limit: PrivateKey.longestPEM), passphrase: passphrase?.text)
        } catch let error as OpenSSLError {
            guard error.code == .passphraseWrong else {
                throw Failure(.data, "\(path) holds no private key (\(error.code.rawValue))")
            }
            throw Failure(
                .permission, "\(path) does not open with this passphrase",
                mend: "name its file with --ca-passphrase-file")
        }
    }

    func readIndex() throws(Failure) -> CertificateIndex {
        try CertificateIndex(try DurableFile.read(index, limit: CertificateIndex.largest), file: index)
    }

    /// Fails unless `socle pki init` made this directory.
    func requireMade() throws(Failure) {
        guard access(index, F_OK) == 0 else {
            throw Failure(.notFound, "there is no authority in \(path)", mend: "socle pki init makes one")
        }
    }
}
