import Foundation
import Postgres
import Testing

@testable import PortalService

@Suite struct OpenNDSLoginTests {
    @Test func `level 1: a visitor goes from the first page to the gateway and comes back connected`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let first = await phone.get("/mairie/fas?\(OpenNDSGateway.plain())")
            #expect(first.status == 200)
            let back = await phone.login("mairie", page: first)
            #expect(back.status == 303)
            let location = try #require(back.location)
            let token = try OpenNDSGateway.sha256(OpenNDSGateway.hid + PortalWorld.faskey)
            #expect(
                location.hasPrefix(
                    "http://10.66.0.1:2050/opennds_auth/?tok=\(token)&redir=http%3A%2F%2Fportail.test%3A8080%2Fmairie%2Fwait"
                ))
            #expect(try await world.count("SELECT count(*) FROM access.live_session") == 0)
            let landing = try #require(try Fields(parsing: location.drop { $0 != "?" }.dropFirst())["redir"])
            let target = String(landing.dropFirst("http://portail.test:8080".count))
            let waited = await phone.get(target)
            #expect(waited.status == 303)
            let done = await phone.get(try #require(waited.location))
            #expect(done.body.contains("Vous êtes connecté"))
            #expect(done.body.contains("neverssl.test"))
            #expect(try await world.count("SELECT count(*) FROM access.live_session WHERE stopped_at IS NULL") == 1)
            #expect(try await world.text("SELECT user_name FROM access.live_session")?.hasPrefix("g.") == true)
        }
    }

    @Test func `level 3: authmon fetches the login, acknowledges it, and reports its end with counters`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world, isSecure: true)
            let gateway = Phone(world, address: "10.90.0.2", keepsCookies: false, isSecure: true)
            let first = await phone.get("/fas?\(try OpenNDSGateway.encrypted())")
            #expect(first.status == 200)
            let back = await phone.login("mairie", page: first)
            let wait = try #require(back.location)
            #expect(wait.hasPrefix("https://portail.test:8080/mairie/wait?"))
            let target = String(wait.dropFirst("https://portail.test:8080".count))
            let waiting = await phone.get(target)
            #expect(waiting.status == 200)
            #expect(waiting.body.contains("http-equiv=\"refresh\""))

            let list = await gateway.post("/fas", try OpenNDSGateway.authmon("view"))
            #expect(list.body.hasPrefix("* "))
            let entry = try #require(try Fields(parsing: "e=\(list.body.dropFirst(2))")["e"])
            let words = entry.split(separator: " ")
            #expect(words.count == 7)
            #expect(String(words[0]) == (try OpenNDSGateway.sha256(OpenNDSGateway.hid + PortalWorld.faskey)))
            #expect(words[1] == "240")

            let ack = await gateway.post("/fas", try OpenNDSGateway.authmon("view", payload: "* \(words[0])"))
            #expect(ack.body == "ack")
            #expect(await gateway.post("/fas", try OpenNDSGateway.authmon("view")).body == "*")
            #expect(try await world.count("SELECT count(*) FROM access.live_session WHERE stopped_at IS NULL") == 1)
            let done = await phone.get(target)
            #expect(done.status == 303)

            world.clock.advance(600)
            let line = """
                method=idle_deauth, clientmac=\(PortalWorld.phone), bytes_incoming=5000000, bytes_outgoing=300000, \
                session_start=1, session_end=2, token=x, custom=\(words[6])
                """
            let ended = await gateway.post("/fas", try OpenNDSGateway.authmon("deauthed", payload: line))
            #expect(ended.body == "ack")
            let row = try #require(
                try await world.owner.query(
                    "SELECT terminate_cause, input_octets, output_octets, session_seconds FROM access.live_session"
                ).first)
            let (cause, up, down, seconds) = try row.decode(String?.self, Int64.self, Int64.self, Int64.self)
            #expect(cause == "Idle-Timeout" && up == 300_000 && down == 5_000_000 && seconds == 600)
            #expect(try await world.count("SELECT sum(output_octets)::bigint FROM access.usage") == 5_000_000)
        }
    }
}
