internal import Territory

/// The NAS as they are at one moment, ready to be searched. Immutable: a change makes a new one.
final class GatewaySnapshot: Sendable {
    let gateways: [ServedNAS]
    let byID: [NASID: Int]
    /// NAS that are known by where their packets come from.
    let bySource: PrefixTable<Int>
    /// NAS that are known by their NAS-Identifier.
    let byIdentifier: [[UInt8]: Int]
    /// NAS that are known by their certificate, by the name in it.
    let byCertificate: [String: Int]

    init(_ gateways: [ServedNAS]) {
        self.gateways = gateways
        var byID: [NASID: Int] = [:]
        var bySource = PrefixTable<Int>()
        var byIdentifier: [[UInt8]: Int] = [:]
        var byCertificate: [String: Int] = [:]
        for (index, gateway) in gateways.enumerated() {
            byID[gateway.nas.id] = index
            if let name = gateway.nas.certificateName { byCertificate[name] = index }
            if let identifier = gateway.nas.identifier {
                byIdentifier[Array(identifier.utf8)] = index
            } else if let source = gateway.nas.source {
                bySource[source] = index
            }
        }
        (self.byID, self.bySource, self.byIdentifier) = (byID, bySource, byIdentifier)
        self.byCertificate = byCertificate
    }

    func find(_ id: NASID) -> ServedNAS? { byID[id].map { gateways[$0] } }

    /// The NAS of the first of these names that belongs to one.
    func find(certificate names: [String]) -> (name: String, nas: ServedNAS)? {
        for name in names { if let index = byCertificate[name] { return (name, gateways[index]) } }
        return nil
    }
}
