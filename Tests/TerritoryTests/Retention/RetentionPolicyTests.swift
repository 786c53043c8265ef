import Foundation
import Testing

@testable import Territory

@Suite struct RetentionPolicyTests {
    private static let shipped = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "config/retention/france.yaml")

    private func faults(_ classes: String) -> [String] {
        let text = "policy: essai\nversion: 1\nclasses:\n" + classes
        guard case .failure(let faults) = RetentionPolicy.read(text, file: "essai.yaml") else { return [] }
        return faults.faults.map(\.description)
    }

    private let c4 = "  - {class: C4, title: {fr: Source}, basis: L.34-1, clock: session-end, keep: 1 year}\n"

    @Test func `the shipped policy keeps what the law names, and no destination`() throws {
        let policy = try RetentionPolicy.load(Self.shipped)
        #expect(policy.reference == "france/1")
        let periods = policy.rules.mapValues(\.period.description)
        #expect(
            periods == [
                .identity: "5 years", .account: "1 year", .connection: "1 year", .traffic: "1 year",
                .security: "3 months",
                .audit: "1 year", .requisition: "6 years", .supervision: "13 months", .evidence: "10 years",
            ])
        #expect(policy[.connection]?.clock == .sessionEnd)
        #expect(policy[.destination] == nil)
    }

    @Test func `a period longer than the class may be kept is refused with line and key`() {
        let told = faults("  - {class: C7, title: {fr: Sûreté}, basis: R.10-14, clock: event, keep: 4 months}\n")
        #expect(told == ["essai.yaml:4:74: classes[0].keep: is 4 months, longer than the 92 days that C7 may be kept"])
        #expect(faults("  - {class: C7, title: {fr: Sûreté}, basis: R.10-14, clock: event, keep: 92 days}\n").isEmpty)
        #expect(!faults("  - {class: C7, title: {fr: Sûreté}, basis: R.10-14, clock: event, keep: 93 days}\n").isEmpty)
    }

    @Test func `every fault of a file is told at once`() {
        let told = faults(c4 + c4 + "  - {class: C6, title: {}, clock: never, keep: forever, secret: x}\n")
        #expect(told.count == 7, "\(told)")
        #expect(told.contains { $0.contains("has C4 twice") })
        #expect(told.contains { $0.contains("keep: is \"forever\", wanted such as 1 year") })
        #expect(told.contains { $0.contains("secret: is not a key here") })
    }

    @Test func `destinations need a reference and an end`() {
        let open = "  - {class: C5x, title: {fr: Destinations}, basis: DPO, clock: event, keep: 1 year}\n"
        #expect(faults(open).contains { $0.contains("C5x needs approval") })
        let bounded = open.dropLast(2) + ", approval: DPO 12, collected_until: '2027-01-01T00:00:00Z'}\n"
        #expect(faults(String(bounded)).isEmpty)
    }

    @Test func `a class that the policy leaves out is not collected`() throws {
        let text = "policy: essai\nversion: 3\nclasses:\n" + c4
        let policy = try RetentionPolicy.read(text, file: "essai.yaml").get()
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(policy.basis(of: .connection, at: now, injunctions: InjunctionRegister()) == "L.34-1")
        #expect(policy.basis(of: .security, at: now, injunctions: InjunctionRegister()) == nil)
    }
}
