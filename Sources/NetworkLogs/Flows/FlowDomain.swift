/// The observation domains of one exporter (source ids of NetFlow v9), told apart by version too.
struct FlowDomainKey: Hashable, Sendable {
    let isIPFIX: Bool
    let id: UInt32
}

/// What is known of one observation domain.
struct FlowDomain: Sendable {
    /// A data set that waits for its template.
    struct Pending: Sendable {
        let template: UInt16
        let octets: [UInt8]
        let context: FlowContext
        let receivedAt: Int64
    }

    var templates: [UInt16: FlowTemplate] = [:]
    var sequence: FlowSequence
    var pending: [Pending] = []
    var pendingBytes = 0
    var systemInit: Int64 = 0
    var lastUsed: UInt64 = 0

    init(isIPFIX: Bool) { sequence = FlowSequence(isIPFIX: isIPFIX) }

    /// Keeps a template; true when it was not known so. The one used longest ago makes place.
    mutating func learn(_ template: FlowTemplate, as id: UInt16, limit: Int) -> Bool {
        if let known = templates[id], known.fields == template.fields, known.isOptions == template.isOptions {
            templates[id]?.lastUsed = template.lastUsed
            return false
        }
        if templates[id] == nil, templates.count >= limit,
            let oldest = templates.min(by: { $0.value.lastUsed < $1.value.lastUsed })
        {
            templates[oldest.key] = nil
        }
        templates[id] = template
        return true
    }

    /// Takes out what waited for a template.
    mutating func takePending(_ id: UInt16) -> [Pending] {
        guard pending.contains(where: { $0.template == id }) else { return [] }
        let ready = pending.filter { $0.template == id }
        pending.removeAll { $0.template == id }
        pendingBytes -= ready.reduce(0) { $0 + $1.octets.count }
        return ready
    }
}
