import HTTPTypes
import Hummingbird
import NIOCore
import Territory

/// Brings the portal and the HTTP server together.
struct PortalResponder: HTTPResponder {
    /// What the server hands over beside the request.
    struct Context: InitializableFromSource {
        let channel: any Channel
        init(source: ApplicationRequestContextSource) { channel = source.channel }
    }

    let portal: Portal
    /// Whether this is the HTTPS listener.
    let isSecure: Bool

    func respond(to request: Request, context: Context) async throws -> Response {
        let asked = read(request.head, peer: context.channel.remoteAddress?.ipAddress ?? "")
        if let reply = portal.quickPage(asked) { return Self.response(reply) }
        return await RequestName.$current.withValue(RequestName.random()) { await respond(to: request, asked) }
    }

    private func respond(to request: Request, _ asked: PortalRequest) async -> Response {
        var asked = asked
        if asked.method == .post {
            do {
                asked.body = try await Self.body(request)
            } catch {
                return Self.response(await portal.problem(error, asked, slug: nil))
            }
        }
        var reply = await portal.respond(asked)
        if asked.method == .head { reply.body = ByteBuffer() }
        return Self.response(reply)
    }

    /// The request's head as the portal sees it; forwarded headers count only where the operator said so.
    private func read(_ head: HTTPRequest, peer: String) -> PortalRequest {
        let fields = head.headerFields
        var (address, secure) = (peer, isSecure)
        if portal.configuration.trustsForwardedHeaders {
            // The proxy appends what it saw: the last is its own word, those before are the client's.
            if let last = fields[.forwardedFor]?.split(separator: ",").last { address = String(last.trimmed) }
            if let scheme = fields[.forwardedProto]?.split(separator: ",").last { secure = scheme.trimmed == "https" }
        }
        return PortalRequest(
            method: Self.method(head.method), target: head.path ?? "/", host: head.authority, isSecure: secure,
            address: Self.canonical(address), cookies: fields[.cookie], acceptLanguage: fields[.acceptLanguage],
            fetchSite: fields[.secFetchSite])
    }

    /// One spelling for one address: an IPv4 peer of a dual-stack socket is an IPv4 address.
    private static func canonical(_ address: String) -> String {
        if address.hasPrefix("::ffff:") { return String(address.dropFirst(7)) }
        guard address.contains(":") || address.utf8.contains(where: { $0 > 0x39 }) else { return address }
        return IPAddress(address)?.unmapped.description ?? "unknown"
    }

    private static func body(_ request: Request) async throws(PortalError) -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: Fields.maximumFormOctets)
            return Array(buffer.readableBytesView)
        } catch {
            throw PortalError(.tooLarge, "a body above \(Fields.maximumFormOctets) octets, or cut off")
        }
    }

    private static func method(_ method: HTTPRequest.Method) -> PortalRequest.Method {
        switch method {
        case .get: .get
        case .head: .head
        case .post: .post
        default: .other
        }
    }

    private static func response(_ reply: PortalReply) -> Response {
        Response(status: reply.status, headers: reply.headers, body: ResponseBody(byteBuffer: reply.body))
    }
}
