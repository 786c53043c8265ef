import ArgumentParser
import Foundation
import OpenSSL

/// `socle pki list`: what there is, and when it ends.
struct PKIListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show certificates and when they end.",
        discussion: "Warns of what ends within \(CertificateIndex.warningDays) days. Needs no private key.")

    @OptionGroup var pki: PKIOptions
    @Flag(help: "Also those that were taken back or replaced.") var all = false
    @Flag(help: "Print JSON.") var json = false

    struct Entry: Encodable {
        let serial: String
        let kind: CertificateKind
        let name, state: String
        let notBefore, notAfter: Date
    }

    func run() throws {
        let place = pki.place
        try place.requireMade()
        let index = try place.readIndex()
        let now = Int64(Date.now.timeIntervalSince1970)
        let states = index.states(at: now).filter { all || $0.state.isCurrent }
        if json {
            return try Console.json(
                states.map {
                    Entry(
                        serial: $0.record.serial.description, kind: $0.record.kind, name: $0.record.name,
                        state: $0.state.text, notBefore: PKITime.date($0.record.validity.notBefore),
                        notAfter: PKITime.date($0.record.validity.notAfter))
                })
        }
        var table = Table(["kind", "name", "serial", "until", "state"])
        for (record, state) in states {
            let until = PKITime.day(record.validity.notAfter)
            table.add([record.kind.rawValue, record.name, record.serial.description, until, state.text])
        }
        Console.print(table.text)
        for warning in Self.warnings(index, at: now) { Console.error("warning: \(warning)") }
    }

    /// What somebody has to do soon.
    static func warnings(_ index: CertificateIndex, at now: Int64) -> [String] {
        var warnings = index.states(at: now).compactMap { record, state -> String? in
            switch state {
            case .expiring, .expired: "\(record.kind.rawValue) \(record.name): \(state.text); \(mend(record.kind))"
            case .good, .revoked, .replaced: nil
            }
        }
        if let list = index.lastList?.validity {
            let days = (list.notAfter - now) / CertificateValidity.day
            // A list lives for a month or so: a week is the time to make the next one.
            if list.notAfter < now {
                warnings.append("crl.pem has ended: nobody is let in with a certificate; socle pki crl")
            } else if days < 7 {
                warnings.append("crl.pem ends in \(days) days; socle pki crl")
            }
        }
        return warnings
    }

    private static func mend(_ kind: CertificateKind) -> String {
        switch kind {
        case .authority: "make another authority in another directory, and set devices up with it"
        case .server: "socle pki server"
        case .radsec: "socle pki server --radsec"
        case .client: "socle pki client"
        case .nas: "socle pki nas"
        }
    }
}
