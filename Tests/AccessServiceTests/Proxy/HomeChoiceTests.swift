import Testing

@testable import AccessService

/// Which server of a pool is asked.
@Suite struct HomeChoiceTests {
    private let zombie = HomeServerState.Condition.zombie(since: 0)
    private let dead = HomeServerState.Condition.dead(since: 0)

    @Test func `the first that is alive, else the first suspect, else nobody`() {
        func choose(_ members: HomeServerState.Condition?...) -> Int? {
            HomeChoice.choose(.failOver, among: members, key: 1)
        }
        #expect(choose(.alive, .alive) == 0)
        #expect(choose(dead, zombie, .alive) == 2)
        #expect(choose(nil, .alive) == 1)
        #expect(choose(dead, zombie, zombie) == 1)
        #expect(choose(dead, dead) == nil)
        #expect(choose(nil) == nil)
        #expect(choose() == nil)
    }

    @Test func `who holds the conversation keeps it until dead`() {
        func choose(_ members: [HomeServerState.Condition?], held: Int) -> Int? {
            HomeChoice.choose(.failOver, among: members, key: 1, held: held)
        }
        #expect(choose([.alive, .alive], held: 1) == 1)
        #expect(choose([.alive, zombie], held: 1) == 1)
        #expect(choose([.alive, dead], held: 1) == 0)
        #expect(choose([.alive], held: 7) == 0)
    }

    @Test func `devices are shared out evenly, and only those of a dead server move`() {
        let all: [HomeServerState.Condition?] = [.alive, .alive, .alive]
        let without: [HomeServerState.Condition?] = [.alive, dead, .alive]
        var counts = [0, 0, 0]
        for device in 0..<3000 {
            let key = withUnsafeBytes(of: device) { HomeChoice.key($0) }
            guard let before = HomeChoice.choose(.loadBalance, among: all, key: key),
                let after = HomeChoice.choose(.loadBalance, among: without, key: key)
            else { return #expect(Bool(false)) }
            counts[before] += 1
            #expect(before == 1 ? after != 1 : after == before)
        }
        #expect(counts.allSatisfy { (900...1100).contains($0) }, "\(counts)")
    }

    @Test func `the oldest State is forgotten first`() {
        var memory = ConversationMemory(capacity: 2)
        memory.remember([1], endpoint: 0)
        memory.remember([2], endpoint: 1)
        memory.remember([1], endpoint: 1)
        #expect(memory.endpoint(of: [1]) == 1 && memory.endpoint(of: [2]) == 1)
        memory.remember([3], endpoint: 0)
        #expect(memory.endpoint(of: [1]) == nil && memory.endpoint(of: [2]) == 1 && memory.endpoint(of: [3]) == 0)
    }
}
