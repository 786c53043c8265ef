internal import Metrics

/// Shows once a second how full the daemon's queues and memories are.
struct LoadReporter: Sendable {
    let environment: AccessEnvironment
    let spooling: Spooling?

    /// Reports at every tick until the task is cancelled.
    func run(_ ticks: some AsyncSequence<Void, Never>) async {
        let logins = Gauge(label: "socle_access_logins_in_memory")
        let lookups = Gauge(label: "socle_access_waiting", dimensions: [("queue", "lookup")])
        let accounting = Gauge(label: "socle_access_waiting", dimensions: [("queue", "accounting")])
        let passwords = Gauge(label: "socle_access_waiting", dimensions: [("queue", "password")])
        let shed = Counter(label: "socle_access_passwords_shed_total")
        let bytes = Gauge(label: "socle_access_spool_bytes")
        let lost = Gauge(label: "socle_access_spool_lost_bytes")
        var shedBefore: UInt64 = 0
        for await _ in ticks {
            logins.record(environment.logins.count)
            lookups.record(environment.lookups.inbox.count)
            accounting.record(environment.committers.waiting)
            let load = environment.passwords.pool.load
            passwords.record(load.waiting)
            if load.shed > shedBefore {
                shed.increment(by: Int64(truncatingIfNeeded: load.shed - shedBefore))
                shedBefore = load.shed
            }
            guard let spooling else { continue }
            let status = await spooling.status
            bytes.record(status.isEmpty ? 0 : status.bytes)
            lost.record(status.lostBytes)
        }
    }
}
