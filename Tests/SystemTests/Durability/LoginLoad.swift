import Foundation
import RADIUS
import Synchronization

/// Visitors who log in again and again, one after the other, until they are told to end.
final class LoginLoad: Sendable {
    /// What became of their logins.
    struct Tally: Sendable {
        var accepted = 0
        /// Answered otherwise.
        var refused = 0
        /// Not answered within three seconds, in which the request was sent three times.
        var unanswered = 0
        /// Milliseconds that the slowest answer took.
        var slowest: UInt64 = 0
    }

    private struct State {
        var tally = Tally()
        var isClosing = false
        var hasEnded = false
        var failure: String?
    }

    private let state = Mutex(State())

    /// What has become of them since the last time this was asked.
    func take() -> Tally {
        state.withLock { state in
            defer { state.tally = Tally() }
            return state.tally
        }
    }

    /// Begins to log in with these vouchers in turn, at that port of 127.0.0.1; a thread of its own, because it waits in
    /// `poll`.
    func start(port: UInt16, secret: String, vouchers: [String]) throws {
        let (probe, secret) = (try UDPProbe(to: port), Array(secret.utf8))
        Thread.detachNewThread {
            do { try self.run(probe, try SharedSecret(secret), vouchers) } catch {
                self.state.withLock { $0.failure = "the login load failed: \(error)" }
            }
            self.state.withLock { $0.hasEnded = true }
        }
    }

    /// Ends it.
    func finish() async throws {
        state.withLock { $0.isClosing = true }
        try await eventually("the last login is answered") { self.state.withLock { $0.hasEnded } }
        if let failure = state.withLock({ $0.failure }) { throw Command.Failure(description: failure) }
    }

    private func run(_ probe: UDPProbe, _ secret: SharedSecret, _ vouchers: [String]) throws {
        var number = 0
        while !state.withLock({ $0.isClosing }) {
            let voucher = vouchers[number % vouchers.count]
            let request = try secret.accessRequest(
                identifier: UInt8(truncatingIfNeeded: number), userName: voucher, password: Array(voucher.utf8),
                attributes: [
                    Attribute(
                        .callingStationID, text: "02-00-5E-00-53-\(String(number % vouchers.count + 16, radix: 16))")
                ])
            let began = DispatchTime.now().uptimeNanoseconds
            let code = exchange(probe, secret, request)
            let took = (DispatchTime.now().uptimeNanoseconds - began) / 1_000_000
            state.withLock { state in
                state.tally.slowest = max(state.tally.slowest, took)
                switch code {
                case .accessAccept: state.tally.accepted += 1
                case nil: state.tally.unanswered += 1
                default: state.tally.refused += 1
                }
            }
            number += 1
            // Some twenty logins a second: what is being tested is whether they are answered, not how many can be.
            usleep(40_000)
        }
    }

    private func exchange(_ probe: UDPProbe, _ secret: SharedSecret, _ request: SignedRequest) -> PacketCode? {
        for _ in 0..<3 {
            probe.transmit(request.bytes)
            for reply in probe.datagrams(1_000) {
                if let reply = try? secret.reply(in: reply, to: request.sent) { return reply.code }
            }
        }
        return nil
    }
}
