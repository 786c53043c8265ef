internal import Foundation
internal import RADIUS
internal import Store
internal import Territory

/// Decisions of one packet thread on their way to the log.
struct DecisionBatch: Sendable {
    /// Decisions of one batch at most.
    static let largest = 512

    struct Record: Sendable {
        var decision: AccessDecision
        var at: Date
        var nas: NASID
        var site: SiteID
        var organisation: OrganisationID
        var latencyMicroseconds: Int32
        /// Octets of User-Name, and then of Calling-Station-Id, in `texts`; 0: the request has none.
        var nameLength: UInt8
        var stationLength: UInt8
    }

    var records: [Record] = []
    var texts: [UInt8] = []

    init() {
        records.reserveCapacity(64)
        texts.reserveCapacity(64 * 32)
    }

    /// As the store keeps them, oldest first.
    var events: [AuthenticationEvent] {
        texts.withUnsafeBytes { texts in
            var offset = 0
            func take(_ length: UInt8) -> UnsafeRawBufferPointer? {
                defer { offset += Int(length) }
                guard length > 0, offset + Int(length) <= texts.count else { return nil }
                return UnsafeRawBufferPointer(rebasing: texts[offset..<(offset + Int(length))])
            }
            return records.map { record in
                var event = record.event
                event.userName = take(record.nameLength).map(AccountingReader.text)
                event.callingStation = take(record.stationLength).map(AccountingReader.station)
                return event
            }
        }
    }
}

extension DecisionBatch.Record {
    fileprivate var event: AuthenticationEvent {
        let (result, survived): (AuthenticationEvent.Result, Bool) =
            switch decision.outcome {
            case .accept: (.accept, false)
            case .acceptFromSurvival: (.accept, true)
            case .reject, .rejectNamed: (.reject, false)
            case .drop: (.drop, false)
            }
        return AuthenticationEvent(
            at: at, organisation: organisation, site: site, nas: nas, subject: decision.subject, result: result,
            method: decision.method.rawValue, reason: decision.outcome.reason,
            latencyMicroseconds: latencyMicroseconds, survived: survived)
    }
}
