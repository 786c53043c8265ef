import Foundation
import HTTPTypes
import Postgres
import Territory
import Testing

@testable import PortalService

@Suite struct CapportTests {
    private struct State: Decodable {
        let captive: Bool
        let userPortalURL: String?
        let venueInfoURL: String?
        let secondsRemaining: Int?
        let bytesRemaining: Int64?
        let canExtendSession: Bool?

        enum CodingKeys: String, CodingKey {
            case captive
            case userPortalURL = "user-portal-url"
            case venueInfoURL = "venue-info-url"
            case secondsRemaining = "seconds-remaining"
            case bytesRemaining = "bytes-remaining"
            case canExtendSession = "can-extend-session"
        }
    }

    private func state(_ phone: Phone) async throws -> State {
        let page = await phone.get("/mairie/capport")
        #expect(page.status == 200 && page.headers[.contentType] == "application/captive+json")
        return try JSONDecoder().decode(State.self, from: Data(page.body.utf8))
    }

    @Test func `a device on the site's network is captive until its session is there, and then told what is left`()
        async throws
    {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let before = try await state(phone)
            #expect(
                before.captive && before.userPortalURL == "http://portail.test:8080/mairie"
                    && before.secondsRemaining == nil)
            let back = await phone.login("mairie", page: await phone.get("/mairie/fas?\(OpenNDSGateway.plain())"))
            let query = try #require(back.location).drop { $0 != "?" }.dropFirst()
            let landing = try #require(try Fields(parsing: query)["redir"])
            _ = await phone.get(String(landing.dropFirst("http://portail.test:8080".count)))
            world.clock.advance(100)
            let after = try await state(Phone(world))
            #expect(!after.captive && after.secondsRemaining == 14_300 && after.bytesRemaining == 3_000_000_000)
            #expect(after.userPortalURL == "http://portail.test:8080/mairie/status" && after.canExtendSession == true)
            let neighbour = try await state(Phone(world, address: "10.66.0.102"))
            #expect(neighbour.captive, "another device is another’s")
        }
    }

    @Test func `where devices cannot be told apart none is called captive`() async throws {
        try await PortalWorld.with { world in
            for address in ["10.90.0.2", "198.51.100.7", "2001:db8::1", "unknown"] {
                let answer = try await state(Phone(world, address: address))
                #expect(!answer.captive, "\(address)")
            }
        }
    }

    @Test func `a program is answered in JSON when something is wrong (RFC 9457)`() async throws {
        try await PortalWorld.with { world in
            let page = await Phone(world).get("/nowhere/capport")
            #expect(page.status == 404 && page.headers[.contentType] == "application/problem+json")
            #expect(page.body == #"{"type":"about:blank","title":"notFound","status":404}"#)
        }
    }

    @Test func `hostile text in JSON is quoted`() {
        #expect(JSONText.quote("a\"\\\n\u{1}é") == "\"a\\\"\\\\\\u000a\\u0001é\"")
    }
}
