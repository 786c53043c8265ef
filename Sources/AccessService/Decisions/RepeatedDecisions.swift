internal import Foundation
internal import Store
internal import Territory

/// Folds identical refusals into one event with a count: a device that tries the same wrong password for hours, a NAS that
/// floods. An accept is never held back, nor is the first of a kind when there is no room.
struct RepeatedDecisions {
    /// Kinds held at once at most; what does not fit is stored by itself.
    static let capacity = 4_096

    private struct Kind: Hashable {
        var nas: NASID
        var userName: String?
        var station: String?
        var reason: String?
        var method: String
    }

    private let window: TimeInterval
    private var held: [Kind: AuthenticationEvent] = [:]

    /// Refusals within `seconds` of the first are told by one event; 0: nothing is held back.
    init(window seconds: TimeInterval) { window = seconds }

    /// Whether something is held back.
    var isEmpty: Bool { held.isEmpty }

    /// Takes events in; returns those to be stored now.
    mutating func fold(_ events: [AuthenticationEvent]) -> [AuthenticationEvent] {
        guard window > 0 else { return events }
        var now: [AuthenticationEvent] = []
        now.reserveCapacity(events.count)
        for event in events {
            if event.result == .accept {
                now.append(event)
            } else if let ended = hold(event) {
                now.append(ended)
            }
        }
        return now
    }

    private mutating func hold(_ event: AuthenticationEvent) -> AuthenticationEvent? {
        let kind = Kind(
            nas: event.nas, userName: event.userName, station: event.callingStation, reason: event.reason,
            method: event.method)
        guard let first = held[kind] else {
            guard held.count < Self.capacity else { return event }
            held[kind] = event
            return nil
        }
        guard isOpen(first, at: event.at), first.repeats < .max else {
            held[kind] = event
            return first
        }
        held[kind]?.repeats += 1
        held[kind]?.lastAt = event.at
        held[kind]?.latencyMicroseconds = max(first.latencyMicroseconds, event.latencyMicroseconds)
        return nil
    }

    /// A clock that was set back ends the window too.
    private func isOpen(_ first: AuthenticationEvent, at instant: Date) -> Bool {
        abs(instant.timeIntervalSince(first.at)) < window
    }

    /// Takes out what has been held for long enough; all of it at `nil`.
    mutating func take(at instant: Date?) -> [AuthenticationEvent] {
        guard !held.isEmpty else { return [] }
        let due = held.filter { _, event in instant.map { !isOpen(event, at: $0) } ?? true }
        for kind in due.keys { held[kind] = nil }
        return due.values.sorted { $0.at < $1.at }
    }
}
