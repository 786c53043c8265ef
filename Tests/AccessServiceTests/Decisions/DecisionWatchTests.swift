import Foundation
import RADIUS
import Store
import Testing

@testable import AccessService

@Suite struct DecisionWatchTests {
    private func decision(_ user: String, site: String = "mairie", reason: String? = nil) -> WatchedDecision {
        WatchedDecision(
            at: Date(timeIntervalSince1970: 1_800_000_000), site: site, nas: "hall", nasID: 7,
            result: reason == nil ? "accept" : "reject", method: "pap", reason: reason, user: user)
    }

    @Test func `shows a decision with its reason while it is made, to those who want it`() async throws {
        let watch = DecisionWatch()
        let all = try #require(watch.begin(WatchFilter()))
        let refused = try #require(watch.begin(WatchFilter(reason: "unknown-user")))
        try await Deployment.with(watch: watch) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let gateway = try Gateway(deployment.authenticationPort)
            _ = try await gateway.login(
                code, code, identifier: 1, attributes: [Attribute(.callingStationID, text: "02005E005301")])
            _ = try await gateway.login("nobody", "hunter2", identifier: 2)
            guard case .decision(let first)? = await refused.next().first else {
                Issue.record("nothing was shown")
                return
            }
            #expect(first.user == "nobody" && first.reason == "unknown-user" && first.result == "reject")
            #expect(first.nas == "loopback" && first.site.hasPrefix("mairie"))
            var shown: [Watcher.Line] = []
            while shown.count < 2 { shown += await all.next() }
            guard case .decision(let accepted) = shown[0] else {
                Issue.record("the first line is no decision")
                return
            }
            #expect(accepted.result == "accept" && accepted.reason == nil && accepted.station == "02:00:5e:00:53:01")
        }
        #expect(await all.next().isEmpty, "the daemon has ended")
        #expect(watch.begin(WatchFilter()) == nil)
    }

    @Test func `each filter holds by itself, and all of them together`() {
        let one = decision("Agent@x.fr", reason: "expired")
        for filter in [
            WatchFilter(), WatchFilter(site: "mairie"), WatchFilter(nas: "hall"), WatchFilter(nas: "7"),
            WatchFilter(user: "agent@X.FR"), WatchFilter(reason: "expired"), WatchFilter(reason: "reject"),
            WatchFilter(site: "mairie", nas: "7", user: "agent@x.fr", reason: "expired"),
        ] {
            #expect(filter.wants(one), "\(filter)")
        }
        for filter in [
            WatchFilter(site: "ecole"), WatchFilter(nas: "8"), WatchFilter(user: "agent"),
            WatchFilter(reason: "accept"),
            WatchFilter(site: "mairie", reason: "revoked"),
        ] {
            #expect(!filter.wants(one), "\(filter)")
        }
    }

    @Test func `a watcher that reads too slowly is told how many it missed`() async throws {
        let watch = DecisionWatch()
        let slow = try #require(watch.begin(WatchFilter()))
        watch.publish((0..<DecisionWatch.bufferedLines).map { decision("\($0)") })
        watch.publish((0..<7).map { decision("\($0)") })
        let lines = await slow.next()
        #expect(lines.count == DecisionWatch.bufferedLines + 1)
        #expect(lines.last == .missed(7))
        watch.publish([decision("x")])
        #expect(await slow.next() == [.decision(decision("x"))])
    }

    @Test func `one watcher more than may be is refused until another ends`() throws {
        let watch = DecisionWatch()
        let watchers = (0..<DecisionWatch.maximumWatchers).compactMap { _ in watch.begin(WatchFilter()) }
        #expect(watchers.count == DecisionWatch.maximumWatchers)
        #expect(watch.begin(WatchFilter()) == nil)
        watchers[0].end()
        #expect(watch.begin(WatchFilter()) != nil)
    }

    @Test func `a beat comes only when nothing else waits`() async throws {
        let watch = DecisionWatch()
        let one = try #require(watch.begin(WatchFilter()))
        watch.beat()
        watch.beat()
        #expect(await one.next() == [.beat])
    }
}
