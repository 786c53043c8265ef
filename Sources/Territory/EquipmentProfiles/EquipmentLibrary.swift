public import Foundation

/// Every equipment profile of a directory, and every fault found in it.
public struct EquipmentLibrary: Sendable {
    /// Profiles without fault, by name.
    public let profiles: [String: EquipmentProfile]
    /// Every fault of every file.
    public let faults: [DocumentFault]

    /// A library of these profiles.
    public init(_ profiles: [EquipmentProfile]) {
        self.profiles = Dictionary(profiles.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        faults = []
    }

    private init(profiles: [String: EquipmentProfile], faults: [DocumentFault]) {
        self.profiles = profiles
        self.faults = faults
    }

    /// Names in order.
    public var names: [String] { profiles.keys.sorted() }

    /// Reads each `*.yaml` of a directory. Throws `unreadable`; what is wrong inside files is in ``faults``.
    public static func load(directory: URL) throws(TerritoryError) -> EquipmentLibrary {
        let (files, unreadable) = try DocumentFiles.read(directory)
        var profiles: [String: EquipmentProfile] = [:]
        var faults = unreadable
        for file in files {
            switch EquipmentProfile.read(file.text, name: file.name, file: file.file) {
            case .success(let profile): profiles[file.name] = profile
            case .failure(let more): faults += more.faults
            }
        }
        return EquipmentLibrary(profiles: profiles, faults: faults)
    }

    /// The profile of that name. Throws `unknownName`, or `faultyDocument` with the faults of its file.
    public func profile(named name: String) throws(TerritoryError) -> EquipmentProfile {
        if let profile = profiles[name] { return profile }
        let own = faults.filter { $0.file == "\(name).yaml" }
        guard own.isEmpty else { throw TerritoryError(.faultyDocument, "equipment profile \(name)", faults: own) }
        throw TerritoryError(
            .unknownName, "no equipment profile \"\(name)\"; there are \(names.joined(separator: ", "))")
    }
}
