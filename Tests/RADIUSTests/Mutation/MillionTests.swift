import Foundation
import RADIUS
import Testing

/// The decoder alone, often enough to meet what is rare: faults are put into one buffer in place, because the tests that
/// call every reader cost a hundred times as much a packet.
@Suite struct MillionTests {
    private static let count = 1_000_000
    private static let seed: UInt64 = 6929

    /// Octets of memory this process occupies.
    private var residentOctets: Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return fields.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * 4096 } ?? 0
    }

    /// What a datagram came to.
    private enum Fate: Hashable {
        /// An Access-Request that proves nothing, which policy refuses.
        case unproven
        case refused(RADIUSError.Code)
        /// Its attributes reach beyond it.
        case trespass
        /// Taken for one of somebody who knows the secret.
        case believed
    }

    private func fate(_ datagram: UnsafeRawBufferPointer, _ secret: SharedSecret) -> Fate {
        do throws(RADIUSError) {
            let view = try PacketView(datagram)
            var octets = 0
            for attribute in view.attributes { octets &+= attribute.octets.count &+ 2 }
            if octets > datagram.count - 20 { return .trespass }
            return try secret.verify(request: view) == .none ? .unproven : .believed
        } catch {
            return .refused(error.code)
        }
    }

    /// Spoils a packet of that length in place and returns the length that is sent.
    private func spoil(_ buffer: UnsafeMutableRawBufferPointer, _ length: Int, _ mutator: inout Mutator) -> Int {
        let dice = mutator.next()
        let place = Int(dice >> 8 & 0xfff) % length
        switch dice & 7 {
        case 0: return Int(dice >> 20 & 0xfff) % (length + 1)
        case 1: buffer[2] = UInt8(truncatingIfNeeded: dice >> 32)
        case 2: buffer[3] = UInt8(truncatingIfNeeded: dice >> 32)
        case 3: buffer[0] = UInt8(truncatingIfNeeded: dice >> 32)
        case 4: buffer[place] ^= 1 << UInt8(dice >> 32 & 7)
        default:
            // Type and Length of attributes are where it hurts, so most faults are behind the header.
            for shift in stride(from: UInt64(16), through: 16 + 12 * (dice >> 60 & 3), by: 12) {
                let place = min(length - 1, 20 + Int(dice >> shift & 0xff) % max(1, length - 20))
                buffer[place] = UInt8(truncatingIfNeeded: dice >> (shift &+ 4))
            }
        }
        return length
    }

    @Test func `1 000 000 mutated packets: no trap, nobody is believed, and memory stays`() throws {
        let secret = try SharedSecret(Array("another secret than the vectors'".utf8))
        let seeds = PacketVector.all.map(\.packet).filter { $0.count >= 20 }
        try #require(seeds.count >= 60)
        var mutator = Mutator(seed: Self.seed)
        var (fates, before) = ([Fate: Int](), 0)
        withUnsafeTemporaryAllocation(byteCount: 4_097, alignment: 16) { buffer in
            for index in 0..<Self.count {
                let seed = seeds[index % seeds.count]
                buffer.copyBytes(from: seed)
                let length = spoil(buffer, seed.count, &mutator)
                fates[fate(UnsafeRawBufferPointer(rebasing: buffer[..<length]), secret), default: 0] += 1
                if index == Self.count / 10 { before = residentOctets }
            }
        }
        #expect(fates.values.reduce(0, +) == Self.count)
        #expect(fates[.believed] == nil && fates[.trespass] == nil, "\(fates)")
        #expect(fates[.unproven, default: 0] > 0)
        #expect(residentOctets - before < 16 << 20, "memory grew by \(residentOctets - before) octets")
        for code: RADIUSError.Code in [
            .datagramTooShort, .lengthTooShort, .lengthTooLong, .lengthBeyondDatagram, .attributeTruncated,
            .attributeTooShort, .attributeOverrun, .attributeTypeZero, .messageAuthenticatorLength,
            .messageAuthenticatorInvalid, .requestAuthenticatorInvalid, .unexpectedCode,
        ] {
            #expect(fates[.refused(code), default: 0] > 0, "\(code) was never met: \(fates)")
        }
    }
}
