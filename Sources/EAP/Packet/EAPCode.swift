/// What an EAP packet is (RFC 3748 §4).
public enum EAPCode: UInt8, Sendable {
    case request = 1
    case response = 2
    case success = 3
    case failure = 4
}
