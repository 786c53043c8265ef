import Foundation
import OpenSSL
import Store
import Territory

/// The sessions of openNDS gateways, which no RADIUS reports: the portal writes them from what the gateway says.
struct OpenNDSSessions: Sendable {
    /// Attempts to write a session that another node is writing too.
    static let maximumAttempts = 4

    let backend: PortalBackend

    /// The text that a gateway keeps with a device and hands back when its session ends: base64, as the gateway's shell
    /// reads it.
    static func custom(_ handoff: PortalHandoff) -> String {
        Base64.encode(Array("session=\(handoff.sessionID.uuidString.lowercased())".utf8))
    }

    /// The session named in such a text.
    static func session(inCustom text: String?) -> UUID? {
        guard let text, text.hasPrefix("session=") else { return nil }
        return UUID(uuidString: String(text.dropFirst(8).prefix(36)))
    }

    /// Opens the session of a handoff: the gateway let the device through at `instant`. Safe to repeat.
    func open(_ handoff: PortalHandoff, grant: LoginGrant, at instant: Date, site: PortalSite) async throws {
        try await apply(record(.start, handoff, grant: grant, at: instant, now: instant), handoff, site)
    }

    /// Reports that the session still goes on, so that its time is counted and nobody takes it for lost.
    func report(_ handoff: PortalHandoff, at instant: Date, site: PortalSite) async throws {
        var record = record(.interim, handoff, grant: nil, at: instant, now: instant)
        record.sessionSeconds = handoff.acknowledgedAt.map { max(0, Int64(instant.timeIntervalSince($0))) }
        try await apply(record, handoff, site)
    }

    /// Closes the session with what the gateway counted; nil: it said nothing. Safe to repeat.
    func close(
        _ handoff: PortalHandoff, ended: EndedSession?, cause: String, at instant: Date, now: Date, site: PortalSite
    ) async throws {
        var record = record(.stop, handoff, grant: nil, at: instant, now: now)
        record.terminateCause = cause
        record.sessionSeconds = handoff.acknowledgedAt.map { max(0, Int64(instant.timeIntervalSince($0))) }
        if let ended {
            record.input = AccountingRecord.Direction(octets: ended.uploaded)
            record.output = AccountingRecord.Direction(octets: ended.downloaded)
        }
        try await apply(record, handoff, site)
    }

    /// Acct-Terminate-Cause (RFC 2866 §5.10) for openNDS's word.
    static func cause(_ method: String) -> String {
        switch method {
        case "client_deauth": "User-Request"
        case "idle_deauth": "Idle-Timeout"
        case "timeout_deauth": "Session-Timeout"
        case "downquota_deauth", "upquota_deauth": "Session-Timeout"
        case "ndsctl_deauth": "Admin-Reset"
        case "shutdown_deauth": "NAS-Reboot"
        default: "NAS-Request"
        }
    }

    private func record(
        _ kind: AccountingRecord.Kind, _ handoff: PortalHandoff, grant: LoginGrant?, at instant: Date, now: Date
    ) -> AccountingRecord {
        let draft = handoff.draft
        let name = "fas-\(handoff.sessionID.uuidString.lowercased())"
        let station = draft.device?.description
        let digest = Digest.sha256(Array("v1\u{0}\(name)\u{0}\(station ?? "")".utf8))
        return AccountingRecord(
            kind: kind, nasID: draft.nasID, organisationID: draft.organisationID, siteID: draft.siteID,
            sessionKey: SessionKey(bytes: digest.prefix(16)) ?? SessionKey(high: 0, low: 0), acctSessionID: name,
            userName: grant?.login, subject: grant?.usageSubject, callingStation: station, framedAddress: draft.address,
            eventTime: EventTime(EventTime.wholeMicroseconds(instant), isPrecise: true), receivedAt: now)
    }

    private func apply(_ record: AccountingRecord, _ handoff: PortalHandoff, _ site: PortalSite) async throws {
        let store = backend.sessions(record.organisationID)
        let reference = SessionReference(nasID: record.nasID, key: record.sessionKey)
        let day = CivilDay(record.eventTime.date, in: site.timeZone)
        for _ in 0..<Self.maximumAttempts {
            // The portal's role does not read the history: a session that is there ended long ago, and stays as it is.
            let loaded = try await store.load([reference], historySince: nil)[reference]
            // Only a start may begin a session: a report on one that is gone would count it twice.
            if loaded == nil, record.kind != .start { return }
            var fold = SessionFold(from: loaded)
            _ = fold.apply(record, on: day) { handoff.sessionID }
            guard let write = fold.write else { return }
            if try await store.write([write]).conflicts.isEmpty { return }
        }
        throw StoreError(.contended, "a session of openNDS")
    }
}
