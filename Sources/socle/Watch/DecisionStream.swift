import AccessService
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// `/decisions` of the admin port: live decisions as JSON lines, for `socle radius watch`.
///
/// They name people, so they are shown to this machine alone, wherever the port listens. One line is one object; an empty
/// line says that nothing happened; `{"missed":n}` that the reader was too slow for `n` of them.
struct DecisionStream: Sendable {
    static let path = "/decisions"
    let watch: DecisionWatch

    func response(_ request: Request, _ context: AdministrationContext) -> Response {
        guard context.isLocal else { return Self.refusal(.forbidden, "only from this machine") }
        let asked = request.uri.queryParameters
        let filter = WatchFilter(
            site: asked["site"].map(String.init), nas: asked["nas"].map(String.init),
            user: asked["user"].map(String.init), reason: asked["reason"].map(String.init))
        guard let watcher = watch.begin(filter) else {
            return Self.refusal(.serviceUnavailable, "as many watch as may, or there is no access daemon here")
        }
        let body = ResponseBody { writer in
            defer { watcher.end() }
            // The head leaves with the first octets: somebody who watches should see that it works.
            try await writer.write(ByteBuffer(string: "\n"))
            while case let lines = await watcher.next(), !lines.isEmpty {
                try await writer.write(ByteBuffer(string: try lines.map(Self.text).joined()))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"], body: body)
    }

    private static func refusal(_ status: HTTPResponse.Status, _ why: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: why + "\n")))
    }

    private static func text(_ line: Watcher.Line) throws -> String {
        switch line {
        case .beat: "\n"
        case .missed(let count): "{\"missed\":\(count)}\n"
        case .decision(let decision):
            String(decoding: try WatchLine.encoder.encode(decision), as: UTF8.self) + "\n"
        }
    }
}
