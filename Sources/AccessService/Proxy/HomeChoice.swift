/// Which member of a pool is asked: a pure function of what is thought of them.
enum HomeChoice {
    /// Index of the member to ask; nil when all are dead.
    ///
    /// - Parameters:
    ///   - members: in order of preference; nil: the member does not offer the service.
    ///   - key: of the device, so that all of a conversation and the next one meet the same server.
    ///   - held: who has the conversation's state. It keeps it until dead: another would have to begin anew.
    static func choose(
        _ strategy: HomePool.Strategy, among members: [HomeServerState.Condition?], key: UInt64, held: Int? = nil
    ) -> Int? {
        if let held, members.indices.contains(held), let condition = members[held], !isDead(condition) { return held }
        let alive = members.indices.filter { members[$0] == .alive }
        let candidates = alive.isEmpty ? members.indices.filter { members[$0].map { !isDead($0) } ?? false } : alive
        switch strategy {
        case .failOver: return candidates.first
        // The highest of a draw per member: when one dies, only its own devices move.
        case .loadBalance: return candidates.max { draw(key, $0) < draw(key, $1) }
        }
    }

    private static func isDead(_ condition: HomeServerState.Condition) -> Bool {
        if case .dead = condition { true } else { false }
    }

    private static func draw(_ key: UInt64, _ member: Int) -> UInt64 {
        var value = (key ^ UInt64(truncatingIfNeeded: member &+ 1)) &* 0x9e37_79b9_7f4a_7c15
        value = (value ^ value >> 32) &* 0xbf58_476d_1ce4_e5b9
        return value ^ value >> 29
    }

    /// The key of a device: the same on every node and after a restart (FNV-1a).
    static func key(_ parts: UnsafeRawBufferPointer...) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for part in parts {
            for octet in part { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        return hash
    }
}
