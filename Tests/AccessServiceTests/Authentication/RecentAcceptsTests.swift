import Store
import Territory
import Testing

@testable import AccessService

@Suite struct RecentAcceptsTests {
    private let recent = RecentAccepts()

    private func take(
        _ subject: Int64, _ station: String, places: Int = 1, at now: Double = 1_000, counted: Set<String> = []
    ) -> Bool {
        let numbers = Set(counted.map { CallingStation($0).number })
        return recent.take(.voucher(VoucherID(subject)), CallingStation(station), places: places, at: now) {
            number, _ in
            numbers.contains(number)
        }
    }

    @Test func `a second device before the first one's Start is refused, the first one again is not`() {
        #expect(take(1, "02:00:5e:00:53:01"))
        #expect(!take(1, "02:00:5e:00:53:02"))
        #expect(take(1, "02-00-5E-00-53-01"), "the same device in another spelling")
        #expect(take(1, "0200.5e00.5302", places: 2))
        #expect(!take(1, "02005e005303", places: 2))
        #expect(take(2, "02:00:5e:00:53:02"), "another subject")
        #expect(recent.take(.account(1), CallingStation("02:00:5e:00:53:02"), places: 1, at: 1_000) { _, _ in false })
    }

    @Test func `a device counts for sixty seconds, and not once accounting has told of it`() {
        #expect(take(1, "a"))
        #expect(!take(1, "b", at: 1_059.9))
        #expect(take(1, "b", at: 1_059.9, counted: ["a"]))
        #expect(take(2, "a"))
        #expect(take(2, "b", at: 1_060))
        #expect(!take(2, "c", at: 1_001), "a clock that was stepped back")
    }

    @Test func `a device that is refused takes no place`() {
        #expect(take(1, "a"))
        #expect(!take(1, "b"))
        #expect(take(1, "c", places: 2))
    }

    @Test func `the oldest give way when there are too many, and chains stay whole`() {
        // Far more than the bound of 64 times 512, of two devices each.
        for subject in 0..<Int64(60_000) {
            #expect(take(subject, "a", places: 2) && take(subject, "b", places: 2))
            #expect(!take(subject, "c", places: 2), "\(subject)")
        }
        #expect(take(0, "c", places: 2), "forgotten, so let in")
        // One subject with more devices than its part of the memory holds.
        for device in 0..<2_000 { #expect(take(70_000, "device \(device)", places: 5_000)) }
        #expect(!take(70_000, "one more", places: 512) || take(70_000, "another", places: 513))
    }
}
