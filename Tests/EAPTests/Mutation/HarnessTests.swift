import OpenSSL
import Testing

/// What `deploy/fuzz` runs for minutes, for a second: the vectors, and mutations of them.
@Suite struct HarnessTests {
    private let seeds = EAPVector.all.compactMap { Hex.decode($0.hex.replacing("/", with: "")) }

    @Test func `20 000 mutated octets are read by every decoder, and nothing is misread`() throws {
        let harness = try EAPHarness()
        var mutator = Mutator(seed: 3748)
        try #require(seeds.count >= 60)
        for index in 0..<20_000 {
            try harness.check(index < seeds.count ? seeds[index] : mutator.mutate(seeds[index % seeds.count]))
        }
    }

    @Test func `10 000 messages are cut and put together again, and mutated frames are no messages`() throws {
        var mutator = Mutator(seed: 5216)
        try #require(seeds.count >= 60)
        for index in 0..<10_000 {
            let frames = (0..<mutator.below(5)).flatMap { _ in
                let frame = mutator.mutate(seeds[mutator.below(seeds.count)])
                return [UInt8(frame.count >> 8 & 255), UInt8(frame.count & 255)] + frame
            }
            try FramingHarness().check([UInt8(index & 255)] + frames)
        }
    }

    @Test func `300 spoilt conversations let nobody in`() throws {
        let harness = try ConversationHarness()
        var mutator = Mutator(seed: 5281)
        for index in 0..<300 {
            try harness.check([UInt8(index & 15), UInt8(index >> 4 & 255)] + mutator.octets(mutator.below(80)))
        }
    }
}
