import HTTPTypes
import NIOCore

/// An answer of the portal: status, headers, and a body that is complete.
struct PortalReply: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: ByteBuffer

    /// A page.
    ///
    /// - Parameters:
    ///   - stylesheet: whose hash the content security policy allows.
    ///   - formOrigin: where a form may lead beside ourselves: browsers check the redirections after it as well.
    static func page(
        _ html: HTML, status: HTTPResponse.Status = .ok, stylesheet: Stylesheet, formOrigin: String? = nil
    ) -> PortalReply {
        var reply = PortalReply(
            status: status, headers: common(type: "text/html; charset=utf-8"), body: ByteBuffer(string: html.text))
        reply.headers[.contentSecurityPolicy] = policy(stylesheet, formOrigin: formOrigin)
        return reply
    }

    /// A redirection that a browser follows with GET (RFC 9110 §15.4.4). `location` is an address we made.
    static func seeOther(_ location: String) -> PortalReply {
        var reply = PortalReply(
            status: .seeOther, headers: common(type: "text/plain; charset=utf-8"), body: ByteBuffer())
        reply.headers[.location] = location
        return reply
    }

    /// Plain text, for gateways.
    static func text(_ text: String, status: HTTPResponse.Status = .ok) -> PortalReply {
        PortalReply(status: status, headers: common(type: "text/plain; charset=utf-8"), body: ByteBuffer(string: text))
    }

    /// JSON of the media type given.
    static func json(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> PortalReply {
        PortalReply(status: status, headers: common(type: type), body: ByteBuffer(string: text))
    }

    /// What every answer carries: nothing is kept, guessed, framed or told to others.
    static func common(type: String) -> HTTPFields {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        headers[.referrerPolicy] = "no-referrer"
        headers[.frameOptions] = "DENY"
        return headers
    }

    /// No script, no picture, no font, no frame; one style sheet; forms to ourselves and to the visitor's gateway.
    static func policy(_ stylesheet: Stylesheet, formOrigin: String?) -> String {
        let forms = formOrigin.map { "'self' \($0)" } ?? "'self'"
        return """
            default-src 'none'; style-src \(stylesheet.policySource); img-src data:; form-action \(forms); \
            frame-ancestors 'none'; base-uri 'none'
            """
    }

    /// Adds a cookie that ends with the browser.
    mutating func setCookie(_ name: String, _ value: String, secure: Bool) {
        let text = "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax\(secure ? "; Secure" : "")"
        headers.append(HTTPField(name: .setCookie, value: text))
    }

    /// Adds Retry-After (RFC 9110 §10.2.3).
    mutating func retryAfter(seconds: Int) { headers[.retryAfter] = String(max(1, seconds)) }
}

extension HTTPField.Name {
    /// A name that is a token in our own source.
    private static func own(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .server }
    fileprivate static let referrerPolicy = own("Referrer-Policy")
    fileprivate static let frameOptions = own("X-Frame-Options")
    static let secFetchSite = own("Sec-Fetch-Site")
    static let forwardedFor = own("X-Forwarded-For")
    static let forwardedProto = own("X-Forwarded-Proto")
}
