internal import OpenSSL
internal import Synchronization
public import Territory

/// The RADIUS `Class` of an Access-Accept (RFC 2865 §5.25), which the NAS echoes in accounting: it names the subject
/// whose usage the session is, and nobody without the installation key can forge one.
///
/// 19 octets: `S1`, the kind (`g`, `v`, `a`), the id (8 octets, big-endian), and the first 8 octets of the HMAC-SHA-256 of
/// those 11.
public struct SubjectClass: Sendable, CustomStringConvertible, CustomReflectable {
    /// Octets of the value.
    public static let length = 19
    private static let signedLength = 11
    private static let prefix = Array("S1".utf8)

    /// The keyed code, shared by the threads that read accounting: keying one costs more than a code of 11 octets.
    private final class Signer: Sendable {
        private let code: Mutex<HMACSHA256Context>

        init(key: [UInt8]) {
            guard let context = try? HMACSHA256Context(key: key) else {
                preconditionFailure("libcrypto cannot compute HMAC-SHA-256: not offered, or out of memory")
            }
            code = Mutex(context)
        }

        /// The first 8 octets of the code of a kind and an id, as they lie in memory.
        func code(_ kind: UInt8, _ id: UInt64) -> UInt64 {
            code.withLock { context in
                withUnsafeTemporaryAllocation(byteCount: HMACSHA256Context.length, alignment: 8) { buffer in
                    buffer.copyBytes(from: SubjectClass.prefix)
                    buffer[2] = kind
                    buffer.storeBytes(of: id.bigEndian, toByteOffset: 3, as: UInt64.self)
                    context.update(UnsafeRawBufferPointer(rebasing: buffer[..<SubjectClass.signedLength]))
                    precondition(context.finish(into: buffer), "libcrypto is out of memory")
                    return buffer.load(as: UInt64.self)
                }
            }
        }
    }

    private let signer: Signer

    init(key: [UInt8]) { signer = Signer(key: key) }

    /// The value for a subject.
    public func encode(_ subject: SubjectReference) -> [UInt8] {
        var octets = Self.prefix
        octets.reserveCapacity(Self.length)
        octets.append(Self.letter(subject.kind))
        withUnsafeBytes(of: subject.id.bigEndian) { octets.append(contentsOf: $0) }
        withUnsafeBytes(of: signer.code(Self.letter(subject.kind), UInt64(bitPattern: subject.id))) {
            octets.append(contentsOf: $0)
        }
        return octets
    }

    /// The subject of a value that we made; nil for any other octets. The comparison, of two words, takes a constant time.
    public func subject(of octets: UnsafeRawBufferPointer) -> SubjectReference? {
        guard octets.count == Self.length, octets.starts(with: Self.prefix), let kind = Self.kind(octets[2]) else {
            return nil
        }
        let id = UInt64(bigEndian: octets.loadUnaligned(fromByteOffset: 3, as: UInt64.self))
        let code = octets.loadUnaligned(fromByteOffset: Self.signedLength, as: UInt64.self)
        guard signer.code(octets[2], id) == code else { return nil }
        return SubjectReference(kind: kind, id: Int64(bitPattern: id))
    }

    /// The same, of octets in an array.
    public func subject(of octets: [UInt8]) -> SubjectReference? { octets.withUnsafeBytes { subject(of: $0) } }

    /// Says nothing about the key.
    public var description: String { "SubjectClass(redacted)" }
    /// Says nothing about the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    private static func letter(_ kind: SubjectReference.Kind) -> UInt8 {
        switch kind {
        case .loginGrant: UInt8(ascii: "g")
        case .voucher: UInt8(ascii: "v")
        case .account: UInt8(ascii: "a")
        }
    }

    private static func kind(_ letter: UInt8) -> SubjectReference.Kind? {
        SubjectReference.Kind.allCases.first { self.letter($0) == letter }
    }
}
