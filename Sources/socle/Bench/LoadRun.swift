import CLinux
import Dispatch
import Glibc
import RADIUS

/// Drives one server from one thread and measures what comes back.
///
/// The closed loop keeps a window of requests outstanding and finds the capacity. The open loop sends at a fixed rate; its
/// latencies count from the instant a request was due, so that a server that stalls cannot hide its queue.
struct LoadRun {
    private let options: LoadOptions
    private let secret: SharedSecret
    private var workload: LoadWorkload
    private let sockets: [LoadSocket]
    private var nextSocket = 0
    private var histogram = LatencyHistogram()
    private var counts = LoadCounts()
    private var measuring = false
    private var nextDue: UInt64 = 0
    /// The Class of each credential's login; only while `logIn` collects them.
    private var classes: [[UInt8]]?
    /// 127.1.0.1
    private static let firstSource: UInt32 = 0x7f01_0001

    init(_ options: LoadOptions, seed: UInt64) throws {
        self.options = options
        secret = try SharedSecret(options.secret)
        workload = try LoadWorkload(options, secret: secret, seed: seed)
        let wanted = options.ratePerSecond == nil ? (options.window + 127) / 128 : 16
        sockets = try (0..<max(wanted, options.sources, 1)).flatMap { index in
            let source = options.sources > 0 ? Self.firstSource + UInt32(index % options.sources) : nil
            return try options.ports.map { port in
                try LoadSocket(
                    host: options.host, port: port, source: source, requestBytes: options.mode.isEAP ? 2_048 : 512)
            }
        }
    }

    /// Runs warm-up and measurement, then waits for what is outstanding.
    mutating func run(cpu: [ProcessCPU]) throws -> LoadReport {
        socle_set_timer_slack(1_000)
        let start = Self.now()
        let begin = start + UInt64(options.warmUpSeconds * 1e9)
        let end = begin + UInt64(options.seconds * 1e9)
        nextDue = start
        var before: [[Int32: Double]] = []
        var now = start
        while now < end {
            if !measuring, now >= begin {
                (measuring, counts, histogram) = (true, LoadCounts(), LatencyHistogram())
                before = cpu.map { $0.seconds() }
            }
            try send(now)
            receive(until: end)
            now = Self.now()
            retransmit(now)
        }
        let measured = Double(now - begin) / 1e9
        let after = cpu.map { $0.seconds() }
        var usedByLabel: [String: Double] = [:]
        for (index, process) in cpu.enumerated() where counts.answered > 0 && index < before.count {
            let used = ProcessCPU.used(from: before[index], to: after[index])
            usedByLabel[process.label, default: 0] += used * 1e6 / Double(counts.answered)
        }
        return report(seconds: measured, cpu: usedByLabel)
    }

    /// Logs every credential in once and returns the Class that each was accepted with. Throws when one was not.
    mutating func logIn() throws -> [[UInt8]] {
        classes = Array(repeating: [], count: options.credentials.count)
        let wanted = UInt64(options.credentials.count)
        let end = Self.now() + 120_000_000_000
        while counts.answered < wanted, counts.lost == 0, Self.now() < end {
            var outstanding = sockets.reduce(0) { $0 + $1.outstanding }
            while counts.sent < wanted, outstanding < options.window, try sendOne(due: Self.now()) { outstanding += 1 }
            for socket in sockets { socket.flush() }
            receive(until: end)
            retransmit(Self.now())
        }
        guard let classes, counts.accepted == wanted, !classes.contains(where: \.isEmpty) else {
            throw LoadFault("only \(counts.accepted) of \(wanted) logins were accepted")
        }
        return classes
    }

    private mutating func send(_ now: UInt64) throws {
        if let rate = options.ratePerSecond {
            let interval = UInt64(1e9 / rate)
            while nextDue <= now, workload.isReady {
                guard try sendOne(due: nextDue) else { break }
                nextDue += max(interval, 1)
            }
        } else {
            var outstanding = sockets.reduce(0) { $0 + $1.outstanding }
            while outstanding < options.window, workload.isReady, try sendOne(due: Self.now()) { outstanding += 1 }
        }
        for socket in sockets { socket.flush() }
    }

    private mutating func sendOne(due: UInt64) throws -> Bool {
        for _ in 0..<sockets.count {
            let socket = sockets[nextSocket]
            nextSocket = nextSocket + 1 == sockets.count ? 0 : nextSocket + 1
            guard let identifier = socket.take() else { continue }
            let made = try workload.write(into: socket.buffer(identifier), identifier: identifier, due: due)
            socket.slot[Int(identifier)] = LoadSocket.Slot(
                length: made.length, session: made.session, tries: 1, dueAt: due,
                retransmitAt: due + UInt64(options.retransmitSeconds * 1e9), sent: made.sent)
            socket.queue(identifier)
            counts.sent += 1
            return true
        }
        return false
    }

    private mutating func receive(until end: UInt64) {
        var descriptors = sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        let now = Self.now()
        // Departures leave together four thousand times a second at most, and replies are waited for to the nanosecond: a
        // driver that woke for each of them would take from the server that it measures what it needs. It counts against
        // the server: latencies begin when a request was due.
        let limit = min(end, options.ratePerSecond == nil ? now + 10_000_000 : max(nextDue, now + 250_000))
        let wait = limit > now ? limit - now : 0
        guard socle_poll_nanoseconds(&descriptors, nfds_t(descriptors.count), wait) > 0 else { return }
        for (index, descriptor) in descriptors.enumerated() where descriptor.revents != 0 {
            let socket = sockets[index]
            while socket.receive({ datagram in self.take(datagram, socket) }) == LoadSocket.vector {}
        }
    }

    private mutating func take(_ datagram: UnsafeRawBufferPointer, _ socket: LoadSocket) {
        guard let reply = try? PacketView(datagram), socket.slot[Int(reply.identifier)].length > 0 else {
            counts.refused += 1
            return
        }
        let slot = socket.slot[Int(reply.identifier)]
        let signed = options.mode != .accounting
        guard (try? secret.verify(reply: reply, to: slot.sent, requireMessageAuthenticator: false)) != nil else {
            counts.refused += 1
            return
        }
        if signed, !reply.has(.messageAuthenticator) { counts.unsigned += 1 }
        let outcome = workload.answered(session: slot.session, by: reply, to: slot.sent)
        socket.release(reply.identifier)
        switch outcome {
        case .goesOn: break
        case .refused: counts.refused += 1
        case .done(let begunAt, let isResumed):
            count(reply, slot, dueAt: begunAt ?? slot.dueAt)
            if isResumed { counts.resumed += 1 }
        }
    }

    private mutating func count(_ reply: PacketView, _ slot: LoadSocket.Slot, dueAt: UInt64) {
        let now = Self.now()
        if measuring { histogram.record(nanoseconds: now > dueAt ? now - dueAt : 0) }
        counts.answered += 1
        if reply.code == .accessAccept {
            counts.accepted += 1
            classes?[slot.session] = reply.first(.classValue)?.octets ?? []
        }
        if reply.code == .accessReject { counts.rejected += 1 }
    }

    private mutating func retransmit(_ now: UInt64) {
        guard now >= counts.nextLook else { return }
        counts.nextLook = now + 50_000_000
        for socket in sockets where socket.outstanding > 0 {
            for index in 0..<LoadSocket.slots {
                let slot = socket.slot[index]
                if slot.length > 0, slot.retransmitAt <= now { repeatOrGiveUp(UInt8(index), slot, socket, now) }
            }
            socket.flush()
        }
    }

    private mutating func repeatOrGiveUp(
        _ identifier: UInt8, _ slot: LoadSocket.Slot, _ socket: LoadSocket, _ now: UInt64
    ) {
        guard slot.tries < options.tries else {
            counts.lost += 1
            workload.lost(session: slot.session)
            socket.release(identifier)
            return
        }
        let wait = options.retransmitSeconds * Double(1 << min(slot.tries, 6))
        socket.slot[Int(identifier)].tries += 1
        socket.slot[Int(identifier)].retransmitAt = now + UInt64(wait * 1e9)
        counts.retransmitted += 1
        socket.queue(identifier)
    }

    private func report(seconds: Double, cpu: [String: Double]) -> LoadReport {
        LoadReport(
            tag: options.tag, mode: options.mode.name, loop: options.ratePerSecond == nil ? "closed" : "open",
            seconds: seconds, sent: counts.sent, answered: counts.answered, accepted: counts.accepted,
            rejected: counts.rejected, resumed: counts.resumed, refusedReplies: counts.refused,
            unsignedReplies: counts.unsigned, retransmitted: counts.retransmitted, lost: counts.lost,
            rate: Double(counts.answered) / seconds, p50: histogram.microseconds(at: 0.5),
            p99: histogram.microseconds(at: 0.99), p999: histogram.microseconds(at: 0.999),
            maximum: Double(histogram.maximumNanoseconds) / 1_000, cpuMillisecondsPerThousand: cpu)
    }

    static func now() -> UInt64 { DispatchTime.now().uptimeNanoseconds }
}

/// What a run counts while it measures.
struct LoadCounts {
    var sent: UInt64 = 0
    var answered: UInt64 = 0
    var accepted: UInt64 = 0
    var rejected: UInt64 = 0
    var resumed: UInt64 = 0
    var refused: UInt64 = 0
    /// Access replies without a Message-Authenticator.
    var unsigned: UInt64 = 0
    var retransmitted: UInt64 = 0
    var lost: UInt64 = 0
    var nextLook: UInt64 = 0
}
