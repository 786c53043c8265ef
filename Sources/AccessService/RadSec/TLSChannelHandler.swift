internal import NIOCore
internal import OpenSSL

/// What a connection knows of its peer once the handshake is done: a user event of the pipeline.
struct TLSEstablished: Sendable {
    let certificate: Certificate?
    let applicationProtocol: String?
    let version: TLSVersion?
}

/// Why a connection ends, as an error of the pipeline. The text is for the log and names nobody.
struct StreamFailure: Error, CustomStringConvertible {
    let fault: StreamFault
    let detail: String

    var description: String { detail.isEmpty ? fault.rawValue : "\(fault.rawValue): \(detail)" }
}

/// TLS between a channel's socket and its other handlers, by our ``TLSSession``: records below, plaintext above.
///
/// Bounds: a handshake that is not done in time, and a record whose end does not come in time, end the connection; the
/// session bounds what it keeps.
final class TLSChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let session: TLSSession
    private let limits: RadSecLimits
    private var deadline: Scheduled<Void>?
    private var hasBegun = false

    init(_ session: TLSSession, limits: RadSecLimits) { (self.session, self.limits) = (session, limits) }

    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { begin(context) } }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelDeadline()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancelDeadline() }

    private func begin(_ context: ChannelHandlerContext) {
        guard !hasBegun else { return }
        hasBegun = true
        setDeadline(context, limits.handshakeDeadline, .handshakeTimeout)
        guard session.context.role == .client else { return }
        do throws(TLSFailure) { try session.handshake() } catch { return fail(context, .handshakeFailed, error) }
        sendRecords(context)
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let records = unwrapInboundIn(data)
        let wasHandshaking = session.state == .handshaking
        do throws(TLSFailure) {
            try session.receive(records.readableBytesView)
        } catch {
            return fail(context, wasHandshaking ? .handshakeFailed : .tlsFailed, error)
        }
        sendRecords(context)
        if wasHandshaking, session.state == .established {
            cancelDeadline()
            context.fireUserInboundEventTriggered(
                TLSEstablished(
                    certificate: session.peerCertificates.first, applicationProtocol: session.applicationProtocol,
                    version: session.version))
        }
        if session.state != .handshaking { deliver(context) }
    }

    private func deliver(_ context: ChannelHandlerContext) {
        do throws(TLSFailure) {
            while session.state == .established, context.channel.isActive {
                let plaintext = try session.read()
                if plaintext.isEmpty { break }
                context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: plaintext)))
            }
        } catch {
            return fail(context, .tlsFailed, error)
        }
        sendRecords(context)
        guard session.state == .established else {
            cancelDeadline()
            return context.close(promise: nil)
        }
        if !session.holdsPartialRecord {
            cancelDeadline()
        } else if deadline == nil {
            setDeadline(context, limits.packetDeadline, .packetTimeout)
        }
    }

    // MARK: Sending

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        do throws(TLSFailure) {
            try session.write(Array(unwrapOutboundIn(data).readableBytesView))
        } catch {
            promise?.fail(error)
            return
        }
        context.write(wrapOutboundOut(ByteBuffer(bytes: session.takeOutput())), promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        session.close()
        sendRecords(context)
        context.close(mode: mode, promise: promise)
    }

    private func sendRecords(_ context: ChannelHandlerContext) {
        let records = session.takeOutput()
        if !records.isEmpty { context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: records)), promise: nil) }
    }

    // MARK: Ending

    private func fail(_ context: ChannelHandlerContext, _ fault: StreamFault, _ failure: TLSFailure) {
        cancelDeadline()
        sendRecords(context)  // the alert that tells the peer why
        context.fireErrorCaught(StreamFailure(fault: fault, detail: failure.description))
        context.close(promise: nil)
    }

    private func setDeadline(_ context: ChannelHandlerContext, _ wait: Duration, _ fault: StreamFault) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait)) { [weak self] in
            guard let self, self.deadline != nil else { return }
            self.deadline = nil
            // While we do not read, the rest of a record cannot come: it is not the peer who is late.
            if (try? context.channel.syncOptions?.getOption(.autoRead)) == false {
                return self.setDeadline(context, wait, fault)
            }
            context.fireErrorCaught(StreamFailure(fault: fault, detail: ""))
            context.close(promise: nil)
        }
    }

    private func cancelDeadline() {
        deadline?.cancel()
        deadline = nil
    }
}
