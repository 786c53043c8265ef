internal import EAP
import Synchronization

/// A conversation and where it stands. Any thread of the pool takes it on, one at a time.
final class EAPExchange: Sendable {
    /// What follows from a packet or a verdict.
    enum Step: Sendable {
        /// Send this in an Access-Challenge with this State.
        case challenge([UInt8], state: [UInt8])
        /// A packet thread has to judge this.
        case ask(InnerLogin)
        /// An Access-Accept around an EAP-Success.
        case accept(InnerLogin, EAPSuccess, packet: [UInt8])
        /// An Access-Reject around an EAP-Failure; `InnerLogin` when a credential had come.
        case reject(EAPFailureReason, InnerLogin?, packet: [UInt8])
        /// Nothing: the packet is to be discarded in silence (RFC 3748 §4.1).
        case discard
    }

    private struct Progress {
        let conversation: EAPConversation
        /// Of the challenge that is out, and of the one before: its answer may come twice.
        var round: [UInt8] = []
        var previousRound: [UInt8] = []
        var request: [UInt8] = []
        /// The login that was asked about last, and by which packet.
        var login: InnerLogin?
        var question: [UInt8] = []
    }

    let key = ConversationKey()
    let nas: Int64
    private let progress: Mutex<Progress>

    init(_ settings: EAPServerSettings, framedMTU: Int?, nas: Int64) {
        self.nas = nas
        let conversation = EAPConversation(settings, packetSize: EAPLimits.fragmentSize(framedMTU: framedMTU))
        progress = Mutex(Progress(conversation: conversation))
    }

    /// A NAS's EAP-Start: asks who is there.
    func start() -> Step {
        progress.withLock { progress in
            challenge(progress.conversation.requestIdentity(), &progress)
        }
    }

    /// Takes a peer's packet; `state` is what came with it, nil in the first.
    func receive(_ message: [UInt8], state: [UInt8]?) -> Step {
        progress.withLock { progress in
            if let state {
                let round = ConversationKey.round(of: state)
                guard round == progress.round || round == progress.previousRound else { return .discard }
            }
            do throws(EAPError) {
                return follow(try progress.conversation.receive(message), message, &progress)
            } catch {
                // Asked before, and the request was dropped because somebody who had to be asked was away.
                if error.code == .answerPending, message == progress.question, let login = progress.login {
                    return .ask(login)
                }
                return .discard
            }
        }
    }

    /// Takes the answer to what was asked.
    func answer(_ verdict: EAPVerdict) -> Step {
        progress.withLock { progress in
            do throws(EAPError) {
                return follow(try progress.conversation.answer(verdict), progress.question, &progress)
            } catch { return .discard }
        }
    }

    private func follow(_ action: EAPAction, _ message: [UInt8], _ progress: inout Progress) -> Step {
        switch action {
        case .send(let request): return challenge(request, &progress)
        case .verify(let credential):
            return ask(InnerLogin(credential, progress.conversation.identity, self), message, &progress)
        case .resumed(let resumption): return ask(InnerLogin(resumption, self), message, &progress)
        case .finished(.success(let success, let packet)):
            guard let login = progress.login else { return .discard }
            return .accept(login, success, packet: packet)
        case .finished(.failure(let reason, let packet)): return .reject(reason, progress.login, packet: packet)
        }
    }

    private func ask(_ login: InnerLogin, _ message: [UInt8], _ progress: inout Progress) -> Step {
        (progress.login, progress.question) = (login, message)
        return .ask(login)
    }

    /// The same request again keeps its State: the NAS has the answer to it under way.
    private func challenge(_ request: [UInt8], _ progress: inout Progress) -> Step {
        if request != progress.request || progress.round.isEmpty {
            (progress.request, progress.previousRound) = (request, progress.round)
            progress.round = ConversationKey.round()
        }
        return .challenge(request, state: key.octets + progress.round)
    }
}
