internal import EAP
internal import Territory

/// Work for the threads of EAP: a request that a NAS sent, or the answer to what was asked about one.
struct EAPJob: Sendable {
    enum Work: Sendable {
        /// An EAP packet and the State it came with; empty: an EAP-Start.
        case packet([UInt8], state: [UInt8]?, framedMTU: Int?)
        case verdict(EAPVerdict, InnerLogin)
    }

    let request: DeferredRequest
    /// Index of the packet thread that takes the request up again.
    let thread: Int
    let work: Work

    var nas: Int64 { request.gateway.nas.id.rawValue }
}

/// The end of a conversation that let somebody in.
struct EAPAdmission: Sendable {
    let login: InnerLogin
    let success: EAPSuccess
    /// The EAP-Success.
    let packet: [UInt8]
}
