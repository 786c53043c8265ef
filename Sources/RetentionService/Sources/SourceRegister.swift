import Foundation
internal import NetworkLogs
internal import Store
import Synchronization
internal import Territory

/// Who may send, by address or certificate; and who sent without being declared.
final class SourceRegister: Sendable {
    /// Unknown senders counted at a time; a flood from forged addresses takes no memory.
    static let unknownLimit = 1_000

    /// A sender's address, and to which kind of listener it sent.
    private struct Sender: Hashable {
        var address: IPAddress
        var kind: LogSource.Kind
    }

    private struct State {
        var generation = 0
        var byAddress: [LogSource.Kind: PrefixTable<ServedSource>] = [:]
        var byCertificate: [String: ServedSource] = [:]
        var all: [LogSourceID: ServedSource] = [:]
        var unknown: [Sender: Int64] = [:]
    }

    private let state = Mutex(State())

    /// Takes over what is declared. A source that did not change keeps what was counted of it. Returns what cannot be served.
    func replace(_ sources: [LogSource]) -> [RetentionError] {
        var faults: [RetentionError] = []
        let known = state.withLock { $0.all }
        var served: [LogSourceID: ServedSource] = [:]
        for source in sources {
            if let same = known[source.id], same.source == source {
                served[source.id] = same
                continue
            }
            do throws(RetentionError) { served[source.id] = try ServedSource(source) } catch { faults.append(error) }
        }
        state.withLock { state in
            state.generation += 1
            state.all = served
            state.byAddress = [:]
            for one in served.values {
                guard let address = one.source.address else { continue }
                state.byAddress[one.source.kind, default: PrefixTable()][address] = one
            }
            state.byCertificate = Dictionary(
                served.values.compactMap { one in one.source.certificateName.map { ($0, one) } },
                uniquingKeysWith: { first, _ in first })
        }
        return faults
    }

    /// Goes up whenever the declarations change: what was looked up before counts no more.
    var generation: Int { state.withLock { $0.generation } }

    /// The source at an address; nil, and counted, when there is none.
    func find(_ address: IPAddress, _ kind: LogSource.Kind) -> ServedSource? {
        state.withLock { state in
            if let found = state.byAddress[kind]?.longestMatch(address.unmapped) { return found }
            let sender = Sender(address: address.unmapped, kind: kind)
            if state.unknown[sender] != nil || state.unknown.count < Self.unknownLimit {
                state.unknown[sender, default: 0] += 1
            }
            return nil
        }
    }

    /// The source whose certificate has one of these names.
    func find(certificateNames names: [String]) -> ServedSource? {
        state.withLock { state in
            let known = state.byCertificate
            return names.lazy.compactMap { known[$0.lowercased()] }.first
        }
    }

    /// Every source that is served.
    var all: [ServedSource] { state.withLock { Array($0.all.values) } }

    /// Messages and connections of unknown senders since the last call.
    func takeUnknown(at instant: Date) -> [UnknownSender] {
        let taken = state.withLock { state in
            defer { state.unknown = [:] }
            return state.unknown
        }
        return taken.map { sender, count in
            UnknownSender(address: sender.address, kind: sender.kind, lastSeenAt: instant, messages: count)
        }
    }
}
