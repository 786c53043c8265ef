/// What the load driver is asked to do. The command checks the ranges.
struct LoadOptions {
    enum Mode: Equatable {
        case pap, chap, accounting, status
        /// A whole login counts as one request.
        case eap(RehearsalMethod)

        /// What the command line calls them. EAP-TLS is left out: every device would need a certificate.
        static let all: [(name: String, mode: Mode)] =
            [("pap", .pap), ("chap", .chap), ("accounting", .accounting), ("status", .status)]
            + RehearsalMethod.allCases.filter { $0.eap != nil && $0 != .tls }.map { ($0.rawValue, .eap($0)) }

        init?(_ name: String) {
            guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
            self = found.mode
        }

        var name: String { Self.all.first { $0.mode == self }?.name ?? "" }

        var isEAP: Bool { if case .eap = self { true } else { false } }
    }

    var mode: Mode
    var host: String
    /// Servers at several ports are asked in turn.
    var ports: [UInt16]
    /// How many gateways ask, each from an address of its own: 127.1.0.1 and on; 0: one, from whatever address it has.
    var sources = 0
    var secret: [UInt8]
    /// Closed loop: how many requests are outstanding (1…65 536).
    var window: Int
    /// Open loop: requests a second; nil for the closed loop.
    var ratePerSecond: Double?
    var seconds: Double
    var warmUpSeconds: Double
    /// How long a request waits for its reply before it is sent again, octet for octet (RFC 5080 §2.2.1); it doubles.
    var retransmitSeconds: Double
    var tries: Int
    /// Accounting: concurrent sessions and interims in each.
    var sessions: Int
    var interims: Int
    var credentials: [LoadCredential]
    /// Accounting: the Class that each credential's login was accepted with; empty: none is sent.
    var classes: [[UInt8]] = []
    /// EAP: whether a device resumes the TLS session of its last login.
    var resumes = false
    var tag: String
}

/// One login and its password.
struct LoadCredential: Equatable {
    var login: String
    var password: [UInt8]

    /// `login,password` lines. Throws a fault that names the line.
    static func parse(_ text: String) throws -> [LoadCredential] {
        var result: [LoadCredential] = []
        for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
            let fields = line.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
            guard fields.count == 2, !fields[0].isEmpty, fields[0].utf8.count <= 253, fields[1].utf8.count <= 128 else {
                throw LoadFault("line \(number + 1): expected login,password")
            }
            result.append(LoadCredential(login: String(fields[0]), password: Array(fields[1].utf8)))
        }
        return result
    }
}

/// Why a load run cannot be done.
struct LoadFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
