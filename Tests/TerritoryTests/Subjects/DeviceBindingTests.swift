import Foundation
import Testing

@testable import Territory

struct DeviceBindingTests {
    private let now = Date(timeIntervalSince1970: 1_785_487_200)
    private let bought = MACAddress("00:11:22:33:44:55")
    private let other = MACAddress("00:11:22:33:44:66")
    private let random = MACAddress("02:00:5e:00:00:01")
    private let fresh = MACAddress("da:a1:19:00:00:02")

    private func held(_ device: MACAddress?, heard: Double? = nil, since: Double = 7_200, site: SiteID = 1)
        -> DeviceBinding.Held
    {
        DeviceBinding.Held(
            device: device, siteID: site, heardAt: heard.map { now.addingTimeInterval(-$0) },
            since: now.addingTimeInterval(-since))
    }

    private func place(
        _ device: MACAddress?, _ held: [DeviceBinding.Held], places: Int = 1, interim: Int = 300
    ) -> DeviceBinding.Place {
        DeviceBinding.place(for: device, at: 1, among: held, places: places, now: now, interimSeconds: interim)
    }

    @Test func `a made-up address takes over from one silent for a quarter of an hour, to the second`() {
        #expect(place(fresh, [held(random, heard: 900)]) == .replaces(index: 0))
        #expect(place(fresh, [held(random, heard: 899)]) == .none)
        #expect(place(fresh, [held(random, since: 900)]) == .replaces(index: 0), "never heard of since its login")
        #expect(place(fresh, [held(random, since: 899)]) == .none)
        #expect(place(fresh, [held(random, heard: 2_699)], interim: 900) == .none, "three reports of accounting")
        #expect(place(fresh, [held(random, heard: 2_700)], interim: 900) == .replaces(index: 0))
    }

    @Test func `a bought address never gives way, and none gives way to one`() {
        #expect(place(fresh, [held(bought)]) == .none)
        #expect(place(other, [held(random)]) == .none)
        #expect(place(other, [held(bought)]) == .none)
        #expect(place(nil, [held(random)]) == .none && place(fresh, [held(nil)]) == .none)
    }

    @Test func `not at another site, nor where more places are taken than there are`() {
        #expect(place(fresh, [held(random, site: 2)]) == .none)
        #expect(place(fresh, [held(random), held(bought)]) == .none)
    }

    @Test func `of several silent ones the longest silent gives way`() {
        let third = MACAddress("02:00:5e:00:00:09")
        let three = [held(bought, heard: 5_000), held(random, heard: 1_000), held(third, heard: 1_001)]
        #expect(place(fresh, three, places: 3) == .replaces(index: 2))
    }

    @Test func `a device keeps its own place, and takes a free one`() {
        #expect(place(random, [held(bought), held(random)], places: 2) == .own(index: 1))
        #expect(place(random, [held(random, site: 2)], places: 1) == .free, "the same device elsewhere is no other")
        #expect(place(fresh, [held(random, heard: 1)], places: 2) == .free)
        #expect(place(fresh, [held(random, heard: 1), held(random, heard: 1)], places: 2) == .free, "one device")
        #expect(place(nil, [held(nil)], places: 2) == .free && place(nil, [held(nil)], places: 1) == .none)
    }

    @Test func `counts connected stations besides one's own, silent made-up ones left out`() throws {
        let station = { (name: String, isConnected: Bool, silence: Double) in
            HeardStation(name: name, isConnected: isConnected, heardAt: now.addingTimeInterval(-silence))
        }
        let own = try #require(fresh).description
        let stations = [
            station(own, true, 1), station("02:00:5e:00:00:01", true, 900), station("02:00:5e:00:00:02", true, 899),
            station("00:11:22:33:44:55", true, 9_000), station("02:00:5e:00:00:03", false, 1),
            station("ppp7", true, 9_000),
        ]
        let count = { (own: String?) in
            DeviceBinding.otherDevices(than: own, among: stations, now: now, interimSeconds: 300)
        }
        #expect(count(own) == 3)
        #expect(count("00:11:22:33:44:55") == 4 && count(nil) == 5)
    }
}
