import Foundation
import HTTPTypes
import NIOCore
import Synchronization

@testable import PortalService

/// A visitor's browser without a screen: keeps cookies if it is that kind, fills in forms, follows nothing by itself.
final class Phone: Sendable {
    struct Page: Sendable {
        let status: Int
        let headers: HTTPFields
        let body: String

        var location: String? { headers[.location] }

        /// The value of a hidden field.
        func hidden(_ name: String) -> String? {
            guard let tag = body.range(of: "name=\"\(name)\" value=\"") else { return nil }
            return String(body[tag.upperBound...].prefix { $0 != "\"" })
        }

        /// Where the link with this text leads, unescaped.
        func link(_ text: String) -> String? {
            guard let end = body.range(of: ">\(text)</a>"),
                let start = body.range(of: "href=\"", options: .backwards, range: body.startIndex..<end.lowerBound)
            else { return nil }
            return String(body[start.upperBound...].prefix { $0 != "\"" }).replacingOccurrences(of: "&amp;", with: "&")
        }
    }

    let world: PortalWorld
    let address: String
    let keepsCookies: Bool
    let isSecure: Bool
    private let cookies = Mutex<[String: String]>([:])

    init(_ world: PortalWorld, address: String = "10.66.0.101", keepsCookies: Bool = true, isSecure: Bool = false) {
        (self.world, self.address, self.keepsCookies, self.isSecure) = (world, address, keepsCookies, isSecure)
    }

    func get(_ target: String, language: String? = nil, head: Bool = false) async -> Page {
        await send(request(head ? .head : .get, target, language: language))
    }

    func post(_ target: String, _ fields: [(String, String)], fetchSite: String? = nil) async -> Page {
        var request = request(.post, target, fetchSite: fetchSite)
        request.body = Array(PercentEncoding.query(fields.map { (name: $0.0, value: $0.1) }).utf8)
        return await send(request)
    }

    /// Sends the first page's form of a method.
    func login(_ slug: String, page: Page, method: String = "click-through", code: String? = nil) async -> Page {
        var fields = [
            ("method", method), ("lang", page.hidden("lang") ?? ""), ("t", page.hidden("t") ?? ""),
            ("x", page.hidden("x") ?? ""),
        ]
        if let code { fields.append(("code", code)) }
        return await post("/\(slug)/login", fields)
    }

    /// Sends the first page's form for a name and a password.
    func login(_ slug: String, page: Page, user: String, password: String) async -> Page {
        await post(
            "/\(slug)/login",
            [
                ("method", "account"), ("lang", page.hidden("lang") ?? ""), ("t", page.hidden("t") ?? ""),
                ("x", page.hidden("x") ?? ""), ("user", user), ("password", password),
            ])
    }

    func request(
        _ method: PortalRequest.Method, _ target: String, language: String? = nil, fetchSite: String? = nil
    ) -> PortalRequest {
        let jar = cookies.withLock { $0.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ") }
        return PortalRequest(
            method: method, target: target, host: "portail.test:8080", isSecure: isSecure, address: address,
            cookies: jar.isEmpty ? nil : jar, acceptLanguage: language, fetchSite: fetchSite)
    }

    func send(_ request: PortalRequest) async -> Page {
        let reply: PortalReply =
            if let quick = world.portal.quickPage(request) { quick } else { await world.portal.respond(request) }
        for field in reply.headers[values: .setCookie] where keepsCookies {
            let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            cookies.withLock { $0[pair[0]] = field.contains("Max-Age=0") ? nil : pair.count > 1 ? pair[1] : "" }
        }
        return Page(
            status: reply.status.code, headers: reply.headers,
            body: String(decoding: reply.body.readableBytesView, as: UTF8.self))
    }
}
