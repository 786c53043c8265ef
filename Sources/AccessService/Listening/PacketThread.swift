import CLinux
import Glibc
internal import RADIUS

/// One packet thread: its sockets, its buffers, its duplicate cache, its counters. All state here is touched by this
/// thread alone; other threads reach it through the mailbox.
///
/// Per request on the warm path: parse, find the NAS, verify, detect duplicates, decide, sign; nothing waits and nothing
/// is shared but the caches read under short locks. What has to wait (an unknown login, a slow hash, durability) is
/// deferred and comes back through the mailbox.
final class PacketThread {
    let sockets: [UDPSocket]
    let mailbox: Mailbox
    let duplicates: DuplicateCache
    let sender = DatagramSender()
    let tallies: ThreadTally
    let decisions: DecisionSink
    private let unknownSources: SourceSightings
    private let receiver = DatagramReceiver()
    /// Where replies to connections are written before they are handed over.
    private let streamReply = UnsafeMutableRawBufferPointer.allocate(
        byteCount: PacketLimits.maximumLength, alignment: 8)
    private let clock: AccessClock
    let gateways: GatewayTable
    let authentication: AuthenticationHandler
    let accounting: AccountingHandler
    let proxy: ProxyClient?
    let index: Int

    /// Monotonic nanoseconds at the start of the current batch.
    private(set) var now: UInt64 = 0
    /// Requests deferred and not yet settled.
    private(set) var deferred = 0
    private var drainDeadline: UInt64?
    private var nextFlush: UInt64 = 0

    init(
        index: Int, sockets: [UDPSocket], mailbox: Mailbox, environment: AccessEnvironment
    ) throws {
        (self.sockets, self.mailbox, self.clock) = (sockets, mailbox, environment.clock)
        (self.index, proxy) = (index, environment.proxy)
        duplicates = DuplicateCache(
            capacity: environment.configuration.duplicateCapacity, seed: UInt64.random(in: .min ... .max))
        tallies = ThreadTally()
        decisions = DecisionSink(environment.decisions, clock: environment.clock)
        unknownSources = environment.unknownSources
        gateways = GatewayTable(directory: environment.directory)
        authentication = try AuthenticationHandler(environment: environment, thread: index)
        accounting = AccountingHandler(environment: environment, thread: index)
    }

    deinit { streamReply.deallocate() }

    /// Serves until told to drain and nothing is deferred any more.
    func run() {
        var polled = sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        polled.append(pollfd(fd: mailbox.event.descriptor, events: Int16(POLLIN), revents: 0))
        while true {
            let count = poll(&polled, nfds_t(polled.count), pollTimeout)
            now = clock.monotonic()
            if count < 0, errno != EINTR { break }
            gateways.refresh()
            if polled[sockets.count].revents != 0 { handleMessages() }
            if drainDeadline == nil {
                for index in sockets.indices where polled[index].revents != 0 { serve(index) }
            } else if polled[0].fd >= 0 {
                for index in sockets.indices { polled[index].fd = -1 }
            }
            sender.flush()
            decisions.flush(now: now)
            if now >= nextFlush { flushCounters() }
            if let drainDeadline, deferred == 0 || now >= drainDeadline { break }
        }
        flushCounters()
        decisions.handOver()
    }

    /// Whether nothing new is served any more.
    var isDraining: Bool { drainDeadline != nil }

    /// Wakes once a second for the counters, sooner for decisions that wait to be logged, more often while draining.
    private var pollTimeout: Int32 { drainDeadline != nil ? 20 : decisions.isEmpty ? 1000 : 100 }

    private func flushCounters() {
        nextFlush = now &+ 1_000_000_000
        tallies.flush(refusedReplies: sender.refused)
        gateways.flush()
    }

    // MARK: Receiving

    /// Takes what waits at a socket: at most four vectors before the other sockets get their turn.
    private func serve(_ index: Int) {
        for _ in 0..<4 {
            let count = receiver.receive(from: sockets[index].descriptor)
            guard count > 0 else { return }
            now = clock.monotonic()
            authentication.beginBatch(now: now)
            accounting.beginBatch()
            for item in 0..<count { handle(item, socket: index) }
            accounting.endBatch(on: self)
            sender.flush()
            if count < DatagramReceiver.vector { return }
        }
    }

    private func handle(_ item: Int, socket: Int) {
        guard let peer = receiver.peer(item) else { return }
        let datagram = UnsafeRawBufferPointer(receiver.bytes(item))
        let source = gateways.find(peer)
        if source == nil, !gateways.mayBeIdentified { return countUnknown(peer) }
        let packet: PacketView
        do {
            packet = try PacketView(datagram)
        } catch {
            tallies.countMalformed(error.code)
            source?.tally.count(.malformed)
            return
        }
        guard let gateway = gateways.find(peer, packet, source: source) else { return countUnknown(peer) }
        admit(packet, peer, socket, gateway)
    }

    private func countUnknown(_ peer: PeerAddress) {
        tallies.countUnknownSource()
        unknownSources.count(peer)
    }

    private func admit(_ packet: PacketView, _ peer: PeerAddress, _ socket: Int, _ gateway: GatewayState) {
        guard Self.serves(packet.code, on: sockets[socket].endpoint) else {
            return gateway.tally.count(.unexpectedCode)
        }
        let proof: RequestProof
        do {
            proof = try gateway.secret.verify(request: packet)
        } catch {
            return gateway.tally.count(Self.tallyKind(of: error.code))
        }
        guard gateway.allows(packet, proof) else { return }
        let key = DuplicateKey(peer: peer, socket: socket, code: packet.code.rawValue, identifier: packet.identifier)
        let authenticator = packet.authenticator.words
        switch duplicates.look(up: key, authenticator, now: now) {
        case .inProgress(let ticket):
            gateway.tally.count(.duplicateInProgress)
            return repeatLogin(packet, ticket)
        case .answered(let reply):
            gateway.tally.count(.duplicateAnswered)
            return resend(reply, to: peer, socket)
        case .fresh: break
        }
        let ticket = duplicates.begin(key, authenticator, now: now)
        let origin = RequestOrigin.datagram(socket: socket, peer: peer)
        dispatch(Request(packet: packet, origin: origin, gateway: gateway, ticket: ticket, receivedAt: now))
    }

    /// Hands a fresh, authentic request to who answers it.
    func dispatch(_ request: Request) {
        switch request.packet.code {
        case .statusServer:
            request.gateway.tally.count(.statusServer)
            reply(to: request, statusCode(request.origin), counting: .statusReply)
        case .accessRequest:
            request.gateway.tally.count(.accessRequest)
            if let proxy, forwardsLogin(request, proxy) { return }
            authentication.handle(request, on: self)
        default:
            request.gateway.tally.count(.accountingRequest)
            accounting.handle(request, on: self)
        }
    }

    /// What answers Status-Server: what the port is for (RFC 5997 §4.2); a connection is for both.
    private func statusCode(_ origin: RequestOrigin) -> PacketCode {
        guard case .datagram(let socket, _) = origin, sockets[socket].endpoint == .accounting else {
            return .accessAccept
        }
        return .accountingResponse
    }

    private static func serves(_ code: PacketCode, on endpoint: Endpoint) -> Bool {
        switch code {
        case .statusServer: true
        case .accessRequest: endpoint == .authentication
        case .accountingRequest: endpoint == .accounting
        default: false
        }
    }

    static func tallyKind(of code: RADIUSError.Code) -> TallyKind {
        switch code {
        case .messageAuthenticatorInvalid: .badMessageAuthenticator
        case .messageAuthenticatorMissing: .missingMessageAuthenticator
        case .requestAuthenticatorInvalid: .badRequestAuthenticator
        default: .malformed
        }
    }

    // MARK: Replying

    /// Signs and queues a reply, and keeps it for retransmissions. `body` appends the attributes.
    func reply(
        to request: Request, _ code: PacketCode, counting kind: TallyKind,
        _ body: (inout PacketWriter) -> Void = { _ in }
    ) {
        switch request.origin {
        case .datagram(let socket, let peer):
            let buffer = sender.buffer(for: sockets[socket].descriptor)
            guard let length = write(request, code, into: buffer, body) else { return }
            sender.commit(length, to: peer)
            request.gateway.note(peer, at: sockets[socket].bound)
        case .stream(let exchange):
            guard let length = write(request, code, into: streamReply, body) else { return }
            exchange.connection.send(Array(streamReply[..<length]))
        }
        if kind != .reject { request.gateway.tally.count(kind) }  // rejects are counted with their reason
        request.gateway.tally.latency(nanoseconds: clock.monotonic() &- request.receivedAt)
    }

    /// The length of the signed reply; nil: it does not fit, and the request has been dropped.
    @inline(__always)
    private func write(
        _ request: Request, _ code: PacketCode, into buffer: UnsafeMutableRawBufferPointer,
        _ body: (inout PacketWriter) -> Void
    ) -> Int? {
        var writer = PacketWriter(buffer, replying: code, to: request.packet)
        body(&writer)
        guard let length = try? writer.finish(secret: request.secret) else {
            drop(request, .malformed)  // Proxy-State that leaves no room for the reply
            return nil
        }
        duplicates.finish(request.ticket, reply: UnsafeRawBufferPointer(rebasing: buffer[..<length]), now: now)
        return length
    }

    /// Gives up on a request: no reply, and a retransmission is processed anew.
    func drop(_ request: Request, _ kind: TallyKind) {
        duplicates.abandon(request.ticket)
        request.gateway.tally.count(kind)
    }

    private func resend(_ reply: UnsafeRawBufferPointer, to peer: PeerAddress, _ socket: Int) {
        let buffer = sender.buffer(for: sockets[socket].descriptor)
        guard reply.count <= buffer.count else { return }
        buffer.copyMemory(from: reply)
        sender.commit(reply.count, to: peer)
    }

    // MARK: Deferring

    /// Copies a request out of the receive buffer, to be settled by exactly one message to the mailbox.
    func deferRequest(_ request: Request) -> DeferredRequest {
        deferred += 1
        return DeferredRequest(
            packet: Array(request.packet.bytes), origin: request.origin, gateway: request.gateway.gateway,
            ticket: request.ticket, receivedAt: request.receivedAt, inner: request.inner)
    }

    private func handleMessages() {
        mailbox.event.clear()
        authentication.beginBatch(now: now)
        for message in mailbox.take() {
            switch message {
            case .lookedUp(let results):
                for result in results {
                    settle(result.request) { authentication.resume($0, lookedUp: result.outcome, on: self) }
                }
            case .verified(let request, let verification):
                settle(request) { authentication.resume($0, verification, on: self) }
            case .stored(let requests):
                for request in requests {
                    settle(request) {
                        reply(to: $0, .accountingResponse, counting: .accountingResponse)
                        forwardRecord($0, request)
                    }
                }
            case .notStored(let requests, let kind):
                for request in requests { settle(request) { drop($0, kind) } }
            case .answered(let request, let answer):
                settle(request) { self.answer($0, answer) }
            case .asked(let request): settle(request) { authentication.handle($0, on: self) }
            case .admitted(let request, let admission):
                settle(request) { authentication.admit($0, admission, on: self) }
            case .received(let packets): handle(packets)
            case .drain(let deadline):
                drainDeadline = deadline
            }
        }
    }

    /// Takes a deferred request up again, unless its NAS has been removed, has another secret or has reused the identifier
    /// since: then the answer would go nowhere.
    private func settle(_ waiting: DeferredRequest, _ body: (Request) -> Void) {
        deferred -= 1
        guard duplicates.isCurrent(waiting.ticket), let gateway = gateways.state(of: waiting.gateway) else {
            return duplicates.abandon(waiting.ticket)
        }
        waiting.packet.withUnsafeBytes { bytes in
            guard let packet = try? PacketView(bytes, version: waiting.origin.version) else { return }
            body(
                Request(
                    packet: packet, origin: waiting.origin, gateway: gateway, ticket: waiting.ticket,
                    receivedAt: waiting.receivedAt, inner: waiting.inner))
        }
    }

    /// Notes a decision for the log and whoever watches, once for each Access-Request that is not a duplicate.
    func note(_ decision: AccessDecision, _ request: Request) { decisions.note(decision, request, now: now) }

    /// Gives up on requests that were deferred and that no queue took.
    func forget(_ requests: some Sequence<DeferredRequest>, _ kind: TallyKind) {
        for request in requests { settle(request) { drop($0, kind) } }
    }
}
