import Testing

@testable import Territory

@Suite struct RightsPoolTests {
    private func subject(_ id: Int64, devices: Int?) -> Subject {
        var rights = RightsOverride()
        if let devices { rights.devices = .limited(devices) }
        return Subject(
            reference: .voucher(VoucherID(id)), organisationID: OrganisationID(1), rights: devices == nil ? nil : rights
        )
    }

    @Test func `equal rights are kept once, others are not mixed up`() {
        var pool = RightsPool()
        let subjects = (0..<100).map { pool.sharing(subject(Int64($0), devices: $0 % 5 == 0 ? nil : $0 % 5)) }
        for (number, subject) in subjects.enumerated() {
            #expect(subject.reference.id == Int64(number))
            #expect(subject.rights?.devices == (number % 5 == 0 ? nil : .limited(number % 5)))
            #expect(subject.ownRights === subjects[number % 5].ownRights)
        }
    }

    @Test func `who has rights that few have keeps its own`() {
        var pool = RightsPool()
        let subjects = (1...100).map { pool.sharing(subject(Int64($0), devices: $0)) }
        #expect(subjects.enumerated().allSatisfy { $1.rights?.devices == .limited($0 + 1) })
    }
}
