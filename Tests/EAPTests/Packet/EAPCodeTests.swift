import EAP
import Testing

@Suite struct EAPCodeTests {
    @Test func `knows the four codes and no other (RFC 3748 §4)`() {
        #expect((0...UInt8.max).compactMap(EAPCode.init(rawValue:)).map(\.rawValue) == [1, 2, 3, 4])
    }
}
