/// The server's side inside PEAPv0: an EAP conversation, then the Result that both ends say (draft-kamath-pppext-peapv0
/// §2.2). Without that Result somebody in the middle could cut the conversation short.
struct PEAPServer: InnerServer {
    private var eap: InnerEAPServer
    private var concluding: EAPFailureReason??

    init(settings: EAPServerSettings, random: @escaping @Sendable (Int) -> [UInt8]) {
        eap = InnerEAPServer(settings: settings, random: random)
    }

    var identity: String? { eap.identity }
    /// Only once the peer has accepted our proof as well: the ticket goes out with the Result.
    var isProven: Bool {
        switch concluding {
        case .some(nil): eap.isProven
        case .some(.some), nil: false
        }
    }

    mutating func begin() -> InnerStep { wrap(eap.begin()) }

    mutating func receive(_ plaintext: [UInt8]) throws(EAPError) -> InnerStep {
        let packet = try PEAPInnerPacket(decoding: plaintext, code: .response)
        switch (concluding, packet) {
        case (nil, .method(let method, let data)): return wrap(try eap.receive(method, data))
        case (.some(nil), .result(let isSuccess)): return isSuccess ? .accept : .reject(.refusedByPeer)
        case (.some(.some(let reason)), _): return .reject(reason)
        case (nil, .result), (.some(nil), .method): throw EAPError(.innerPacketInvalid)
        }
    }

    mutating func answer(_ verdict: EAPVerdict) throws(EAPError) -> InnerStep { wrap(try eap.answer(verdict)) }

    mutating func resume() -> InnerStep { wrap(.proven) }

    private mutating func wrap(_ step: InnerEAPServer.Step) -> InnerStep {
        switch step {
        case .request(let method, let data):
            return .send(PEAPInnerPacket.method(method, data: data).encoded(code: .request, identifier: 0))
        case .verify(let credential): return .verify(credential)
        case .proven:
            concluding = .some(nil)
            return .send(PEAPInnerPacket.result(isSuccess: true).encoded(code: .request, identifier: 1))
        case .refused(let reason):
            concluding = .some(reason)
            return .send(PEAPInnerPacket.result(isSuccess: false).encoded(code: .request, identifier: 1))
        }
    }
}
