import Territory

/// A login that was granted, as the visitor's browser holds it (sealed): enough to find its session and to end it.
struct Visit: Sendable, Equatable {
    let grant: LoginGrantID
    let nas: NASID
    let device: MACAddress?
    /// What the visitor first asked for.
    let original: WebAddress?
    /// Seconds since 1970 when the portal gave the visitor back to the gateway.
    let handedOverAt: Int64
    /// The handoff that an openNDS gateway acknowledges; nil for the other ways.
    let handoff: Int64?
    /// Where a browser ends its own session at an openNDS gateway; nil: RADIUS ends it.
    let exit: String?

    /// The parts as text, for ``TokenSealer``.
    var fields: [String] {
        [
            grant.description, nas.description, device?.description ?? "", original?.text ?? "", String(handedOverAt),
            handoff.map(String.init) ?? "", exit ?? "",
        ]
    }

    init(
        grant: LoginGrantID, nas: NASID, device: MACAddress?, original: WebAddress?, handedOverAt: Int64,
        handoff: Int64? = nil, exit: String? = nil
    ) {
        (self.grant, self.nas, self.device) = (grant, nas, device)
        (self.original, self.handedOverAt, self.handoff, self.exit) = (original, handedOverAt, handoff, exit)
    }

    /// Reads ``fields``; nil for a token of another version of ours.
    init?(_ fields: [String]) {
        guard fields.count == 7, let grant = LoginGrantID(fields[0]), let nas = NASID(fields[1]),
            let time = Int64(fields[4])
        else { return nil }
        self.init(
            grant: grant, nas: nas, device: MACAddress(fields[2]), original: WebAddress(fields[3]), handedOverAt: time,
            handoff: Int64(fields[5]), exit: fields[6].isEmpty ? nil : fields[6])
    }
}
