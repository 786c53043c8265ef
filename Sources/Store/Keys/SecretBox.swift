internal import OpenSSL

/// Seals secrets for the database: AES-256-GCM, bound to the row and column they are stored in, so that a sealed value
/// moved to another row (another site's NAS) does not open there.
public struct SecretBox: Sendable, CustomStringConvertible, CustomReflectable {
    /// Where a sealed value is stored.
    public struct Place: Sendable, Hashable {
        /// The associated data: `table:column:row`.
        let name: String

        /// A row of a table, by its id.
        public init(table: String, column: String, row: Int64) { name = "\(table):\(column):\(row)" }
    }

    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    /// The sealed form: nonce ‖ ciphertext ‖ tag, 28 octets longer than the secret. Throws `.secretUnreadable` when
    /// libcrypto refuses, which on a working installation it does not.
    public func seal(_ secret: [UInt8], at place: Place) throws(StoreError) -> [UInt8] {
        do {
            return try AESGCM.seal(secret, key: key, associatedData: Array(place.name.utf8))
        } catch {
            throw StoreError(.secretUnreadable, place.name)
        }
    }

    /// The secret. Throws `.secretUnreadable` when it was altered, moved from another place, or sealed under another key.
    public func open(_ sealed: [UInt8], at place: Place) throws(StoreError) -> [UInt8] {
        do {
            return try AESGCM.open(sealed, key: key, associatedData: Array(place.name.utf8))
        } catch {
            throw StoreError(.secretUnreadable, place.name)
        }
    }

    /// Says nothing about the key.
    public var description: String { "SecretBox(redacted)" }
    /// Says nothing about the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
