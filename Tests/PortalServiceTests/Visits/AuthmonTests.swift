import Foundation
import HTTPTypes
import Postgres
import Store
import Territory
import Testing

@testable import PortalService

@Suite struct AuthmonTests {
    /// Logs a device in over HTTPS and returns the path of its waiting page.
    private func wait(
        _ world: PortalWorld, _ phone: Phone, mac: String = PortalWorld.phone, hid: String = OpenNDSGateway.hid
    ) async throws -> String {
        let first = await phone.get("/fas?\(try OpenNDSGateway.encrypted(OpenNDSGateway.list(hid: hid, mac: mac)))")
        return String(
            try #require(await phone.login("mairie", page: first).location).dropFirst("https://portail.test:8080".count)
        )
    }

    private func token(_ hid: String = OpenNDSGateway.hid) throws -> String {
        try OpenNDSGateway.sha256(hid + PortalWorld.faskey)
    }

    private func open(_ world: PortalWorld) async throws -> Int {
        try await world.count("SELECT count(*) FROM access.live_session WHERE stopped_at IS NULL")
    }

    @Test func `somebody who knows a gateway's name learns nothing and ends nothing from elsewhere`() async throws {
        try await PortalWorld.with { world in
            let (phone, gateway) = (Phone(world, isSecure: true), Phone(world, address: "10.90.0.2", isSecure: true))
            let stranger = Phone(world, address: "198.51.100.66", isSecure: true)
            _ = try await wait(world, phone)
            #expect(await stranger.post("/fas", try OpenNDSGateway.authmon("view")).body == "*")
            _ = await stranger.post("/fas", try OpenNDSGateway.authmon("view", payload: "* \(try token())"))
            _ = await stranger.post("/fas", try OpenNDSGateway.authmon("clear"))
            let open0 = try await open(world)
            #expect(open0 == 0)
            #expect(await gateway.post("/fas", try OpenNDSGateway.authmon("view")).body.hasPrefix("* \(try token())"))
            _ = await gateway.post("/fas", try OpenNDSGateway.authmon("view", payload: "* \(try token())"))
            let open1 = try await open(world)
            #expect(open1 == 1)
            _ = await stranger.post("/fas", try OpenNDSGateway.authmon("clear"))
            let forged =
                "method=client_deauth, clientmac=\(PortalWorld.phone), bytes_incoming=1, bytes_outgoing=1, custom=none"
            _ = await stranger.post("/fas", try OpenNDSGateway.authmon("deauthed", payload: forged))
            let open2 = try await open(world)
            #expect(open2 == 1)
        }
    }

    @Test func `a gateway that starts clears what waits and ends what ran (RFC 2866 §5.1 by another name)`()
        async throws
    {
        try await PortalWorld.with { world in
            let (one, two) = (Phone(world, isSecure: true), Phone(world, address: "10.66.0.102", isSecure: true))
            let gateway = Phone(world, address: "10.90.0.2", isSecure: true)
            let other = String(OpenNDSGateway.hid.reversed())
            _ = try await wait(world, one)
            _ = await gateway.post("/fas", try OpenNDSGateway.authmon("view", payload: "* \(try token())"))
            _ = try await wait(world, two, mac: "02:00:5e:00:53:02", hid: other)
            _ = await gateway.post("/fas", try OpenNDSGateway.authmon("clear"))
            let open3 = try await open(world)
            #expect(open3 == 0)
            #expect(try await world.text("SELECT terminate_cause FROM access.live_session") == "NAS-Reboot")
            #expect(await gateway.post("/fas", try OpenNDSGateway.authmon("view")).body == "*")
        }
    }

    @Test func `acknowledged twice, reported twice: one session, counted once`() async throws {
        try await PortalWorld.with { world in
            let (phone, gateway) = (Phone(world, isSecure: true), Phone(world, address: "10.90.0.2", isSecure: true))
            _ = try await wait(world, phone)
            let entry = try #require(
                try Fields(
                    parsing: "e=\(await gateway.post("/fas", try OpenNDSGateway.authmon("view")).body.dropFirst(2))")[
                        "e"])
            for _ in 0..<2 {
                _ = await gateway.post("/fas", try OpenNDSGateway.authmon("view", payload: "* \(try token())"))
            }
            world.clock.advance(60)
            let line =
                "method=timeout_deauth, clientmac=\(PortalWorld.phone), bytes_incoming=700, bytes_outgoing=300, session_start=1, session_end=2, token=x, custom=\(entry.split(separator: " ")[6])"
            for _ in 0..<2 {
                #expect(await gateway.post("/fas", try OpenNDSGateway.authmon("deauthed", payload: line)).body == "ack")
            }
            #expect(try await world.count("SELECT count(*) FROM access.live_session") == 1)
            #expect(try await world.count("SELECT (input_octets + output_octets)::bigint FROM access.usage") == 1_000)
        }
    }

    @Test func `a login nobody fetched for two minutes is offered to no gateway`() async throws {
        try await PortalWorld.with { world in
            let (phone, gateway) = (Phone(world, isSecure: true), Phone(world, address: "10.90.0.2", isSecure: true))
            _ = try await wait(world, phone)
            world.clock.advance(119)
            #expect(await gateway.post("/fas", try OpenNDSGateway.authmon("view")).body != "*")
            world.clock.advance(1)
            #expect(await gateway.post("/fas", try OpenNDSGateway.authmon("view")).body == "*")
        }
    }

    @Test func `a session whose gateway polls stays alive and counts its time; one whose time is over is closed`()
        async throws
    {
        try await PortalWorld.with { world in
            let (phone, gateway) = (Phone(world, isSecure: true), Phone(world, address: "10.90.0.2", isSecure: true))
            _ = try await wait(world, phone)
            _ = await gateway.post("/fas", try OpenNDSGateway.authmon("view", payload: "* \(try token())"))
            world.clock.advance(300)
            _ = await gateway.post("/fas", try OpenNDSGateway.authmon("view"))
            await PortalMaintenance(portal: world.portal).round()
            #expect(try await world.count("SELECT session_seconds FROM access.live_session") == 300)
            #expect(try await world.count("SELECT seconds FROM access.usage") == 300)
            world.clock.advance(600)
            await PortalMaintenance(portal: world.portal).round()
            #expect(
                try await world.count("SELECT session_seconds FROM access.live_session") == 300,
                "a silent gateway's session is not prolonged")
            world.clock.advance(15_000)
            await PortalMaintenance(portal: world.portal).round()
            let open4 = try await open(world)
            #expect(open4 == 0)
            #expect(try await world.text("SELECT terminate_cause FROM access.live_session") == "Session-Timeout")
            #expect(try await world.count("SELECT session_seconds FROM access.live_session") == 14_400)
            world.clock.advance(90_000)
            await PortalMaintenance(portal: world.portal).round()
            #expect(try await world.count("SELECT count(*) FROM access.portal_handoff") == 0)
        }
    }

    @Test
    func `the button ends the connection through the visitor's own browser, as openNDS takes no order from outside`()
        async throws
    {
        try await PortalWorld.with { world in
            let (phone, gateway) = (Phone(world, isSecure: true), Phone(world, address: "10.90.0.2", isSecure: true))
            let path = try await wait(world, phone)
            _ = await gateway.post("/fas", try OpenNDSGateway.authmon("view", payload: "* \(try token())"))
            _ = await phone.get(try #require(await phone.get(path).location))
            let status = await phone.get("/mairie/status")
            #expect(
                status.headers[.contentSecurityPolicy]?.contains("form-action 'self' http://10.66.0.1:2050;") == true)
            let fields = [("t", status.hidden("t") ?? ""), ("v", status.hidden("v") ?? "")]
            #expect(await Phone(world, address: "10.66.0.9").post("/mairie/disconnect", fields).status == 403)
            let off = await phone.post("/mairie/disconnect", fields)
            #expect(off.status == 303 && off.location == "http://10.66.0.1:2050/opennds_deny/")
        }
    }

    @Test func `levels 1 and 2: the browser carries the token, the way back and the session, and no limit`()
        async throws
    {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let first = await phone.get("/fas?\(try OpenNDSGateway.encrypted())")
            let back = try #require(await phone.login("mairie", page: first).location)
            #expect(back.hasPrefix("http://10.66.0.1:2050/opennds_auth/?tok=\(try token())&redir=http"))
            let carried = try Fields(parsing: back.drop { $0 != "?" }.dropFirst())
            #expect(back.filter { $0 == "&" }.count == 2, "no limit goes this way: only authmon is told them")
            let custom = try #require(carried["custom"].flatMap { Data(base64Encoded: $0) })
            let text = String(decoding: custom, as: UTF8.self)
            let session = try #require(text.wholeMatch(of: /session=([-0-9a-f]{36})/))
            #expect(
                try await world.count(
                    "SELECT count(*) FROM access.portal_handoff WHERE session_id::text = \(String(session.1))") == 1)
            let forged = try OpenNDSGateway.encrypted(OpenNDSGateway.list(), key: "guessed")
            for target in [
                "/fas?\(forged)", "/mairie/fas?\(forged)", "/fas?fas=AAAA&iv=0123456789abcdef", "/fas?fas=!!!!", "/fas",
            ] {
                let page = await phone.get(target)
                #expect(page.status == 400 && page.hidden("t") == nil, "\(target)")
            }
        }
    }

    @Test func `a device that is in and comes again sees that it is`() async throws {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            let back = await phone.login("mairie", page: await phone.get("/mairie/fas?\(OpenNDSGateway.plain())"))
            let query = try #require(back.location).drop { $0 != "?" }.dropFirst()
            let landing = try #require(try Fields(parsing: query)["redir"])
            _ = await phone.get(String(landing.dropFirst("http://portail.test:8080".count)))
            let again = await Phone(world, keepsCookies: false).get("/mairie/fas?\(query)&status=authenticated")
            #expect(again.body.contains("Vous êtes connecté") && again.body.contains("Temps restant"))
        }
    }

    @Test func `a phone that shuts the window before it comes back from the gateway is in the record all the same`()
        async throws
    {
        try await PortalWorld.with { world in
            let phone = Phone(world)
            _ = await phone.login("mairie", page: await phone.get("/mairie/fas?\(OpenNDSGateway.plain())"))
            await PortalMaintenance(portal: world.portal).round()
            let early = try await open(world)
            #expect(early == 0)
            world.clock.advance(61)
            for _ in 0..<2 { await PortalMaintenance(portal: world.portal).round() }
            #expect(try await world.count("SELECT count(*) FROM access.live_session WHERE stopped_at IS NULL") == 1)
            let started = PortalWorld.monday.timeIntervalSince1970
            #expect(
                try await world.count("SELECT extract(epoch FROM started_at)::bigint FROM access.live_session")
                    == Int(started))
        }
    }

    @Test func `of two communes' gateways with one name, each hears its own through the path of its site`() async throws
    {
        try await PortalWorld.with { world in
            let (phone, gateway) = (Phone(world, isSecure: true), Phone(world, address: "10.90.0.2", isSecure: true))
            let other = Phone(world, address: "198.51.100.9", isSecure: true)
            _ = try await wait(world, phone)
            let list = OpenNDSGateway.list(hid: String(OpenNDSGateway.hid.reversed()), mac: "02:00:5e:00:53:02")
            let first = await other.get("/accueil/fas?\(try OpenNDSGateway.encrypted(list, key: "another-key"))")
            #expect(await other.login("accueil", page: first).status == 303)
            let mine = await gateway.post("/mairie/fas", try OpenNDSGateway.authmon("view"))
            #expect(mine.body.hasPrefix("* \(try token())"))
            let theirs = await other.post("/accueil/fas", try OpenNDSGateway.authmon("view"))
            let own = try token()
            #expect(theirs.body.hasPrefix("* ") && !theirs.body.contains(own))
        }
    }
}
