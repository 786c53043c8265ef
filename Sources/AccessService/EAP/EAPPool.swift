internal import EAP
internal import Foundation
internal import RADIUS
import Synchronization

/// Carries EAP conversations on threads of its own: a handshake's signature takes as long as a hundred answers of a packet
/// thread.
///
/// Bounds: `capacity` packets wait, the longest line's oldest is shed; conversations as ``ConversationTable`` says. Answers
/// to what was asked come before packets: a conversation that has cost its signature should come to its end.
///
/// `@unchecked Sendable`: `state` is touched only between `condition.lock()` and `unlock()`.
final class EAPPool: @unchecked Sendable {
    private struct State {
        var packets = NASTurns<EAPJob>()
        var verdicts = NASTurns<EAPJob>()
        var isClosed = false
    }

    private let condition = NSCondition()
    private var state = State()
    private let table: Mutex<ConversationTable>
    private let capacity: Int
    private let server: EAPServer
    private let mailboxes: MailboxList
    private let clock: AccessClock
    let threads: Int

    init(_ configuration: EAPConfiguration, server: EAPServer, mailboxes: MailboxList, clock: AccessClock) {
        threads = max(1, configuration.threads ?? ProcessInfo.processInfo.activeProcessorCount / 2)
        table = Mutex(
            ConversationTable(
                capacity: configuration.conversations, silence: configuration.silence.clampedNanoseconds))
        (capacity, self.server) = (max(1, configuration.capacity), server)
        (self.mailboxes, self.clock) = (mailboxes, clock)
    }

    /// Conversations under way.
    var conversations: Int { table.withLock { $0.count } }

    /// Takes work; what is shed for it, or it itself when the pool has closed, is not answered.
    func submit(_ job: EAPJob) {
        let shed: EAPJob? = condition.withLock {
            guard !state.isClosed else { return job }
            switch job.work {
            case .verdict:
                state.verdicts.append(job, nas: job.nas)
                condition.signal()
                return nil
            case .packet:
                let victim = state.packets.count >= capacity ? state.packets.shedFromLongest() : nil
                state.packets.append(job, nas: job.nas)
                condition.signal()
                return victim
            }
        }
        if let shed { post(.silence(.overloadedEAP), to: shed) }
    }

    /// Runs the threads until `close`; returns when the last has ended.
    func run() async {
        await withDiscardingTaskGroup { group in
            for index in 0..<threads {
                group.addTask { await DedicatedThread.run("socle-eap-\(index)") { self.work() } }
            }
        }
    }

    /// Ends the threads after what they are at. Nobody waits for the rest any more.
    func close() {
        condition.withLock {
            state = State(isClosed: true)
            condition.broadcast()
        }
    }

    private func work() {
        while let job = next() { carry(job) }
    }

    private func next() -> EAPJob? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if state.isClosed { return nil }
            if let job = state.verdicts.take() ?? state.packets.take() { return job }
            condition.wait()
        }
    }

    private func carry(_ job: EAPJob) {
        switch job.work {
        case .verdict(let verdict, let login): follow(login.exchange.answer(verdict), login.exchange, job)
        case .packet(let message, let state, let framedMTU):
            guard let state else { return begin(message, framedMTU, job) }
            let now = clock.monotonic()
            guard let key = ConversationKey(state: state),
                let exchange = table.withLock({ $0.find(key, nas: job.nas, now: now) })
            else { return reject(job, Self.failure(answering: message), "unknown-state") }
            follow(exchange.receive(message, state: state), exchange, job)
        }
    }

    private func begin(_ message: [UInt8], _ framedMTU: Int?, _ job: EAPJob) {
        guard let settings = server.settings else {
            return reject(job, Self.failure(answering: message), "unsupported-method")
        }
        let exchange = EAPExchange(settings, framedMTU: framedMTU, nas: job.nas)
        let step = message.isEmpty ? exchange.start() : exchange.receive(message, state: nil)
        if case .challenge = step { table.withLock { $0.insert(exchange, now: clock.monotonic()) } }
        follow(step, exchange, job)
    }

    private func follow(_ step: EAPExchange.Step, _ exchange: EAPExchange, _ job: EAPJob) {
        switch step {
        case .challenge(let packet, let state):
            let attributes = Self.attributes(packet) + Self.attribute(.state, state)
            post(DeferredAnswer(code: .accessChallenge, attributes: attributes, kind: .challenge), to: job)
        case .ask(let login): mailboxes.post(.asked(job.request.carrying(login)), to: job.thread)
        case .accept(let login, let success, let packet):
            table.withLock { $0.remove(exchange) }
            let admission = EAPAdmission(login: login, success: success, packet: packet)
            mailboxes.post(.admitted(job.request, admission), to: job.thread)
        case .reject(let reason, let login, let packet):
            table.withLock { $0.remove(exchange) }
            // Where a packet thread refused, it has noted why, and whose login it was.
            reject(job, packet, login?.refusal ?? "eap-\(reason)", isNoted: login?.refusal != nil)
        case .discard: post(.silence(.discardedEAP), to: job)
        }
    }

    private func reject(_ job: EAPJob, _ packet: [UInt8], _ reason: String, isNoted: Bool = false) {
        post(
            DeferredAnswer(
                code: .accessReject, attributes: Self.attributes(packet), kind: .reject, rejectReason: reason,
                isNoted: isNoted), to: job)
    }

    private func post(_ answer: DeferredAnswer, to job: EAPJob) {
        mailboxes.post(.answered(job.request, answer), to: job.thread)
    }

    /// A Failure has the identifier of the response it answers (RFC 3748 §4.2).
    static func failure(answering message: [UInt8]) -> [UInt8] { [4, message.count > 1 ? message[1] : 0, 0, 4] }

    /// An EAP packet in as many EAP-Message attributes as it takes (RFC 3579 §3.1).
    private static func attributes(_ packet: [UInt8]) -> [UInt8] {
        Attribute.eapMessage(packet).flatMap { attribute($0.type, $0.value) }
    }

    private static func attribute(_ type: AttributeType, _ value: [UInt8]) -> [UInt8] {
        [type.rawValue, UInt8(truncatingIfNeeded: value.count + 2)] + value
    }
}
