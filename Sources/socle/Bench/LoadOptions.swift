/// What the load driver is asked to do. The command checks the ranges.
struct LoadOptions {
    enum Mode: String, CaseIterable {
        case pap, chap, accounting, status
    }

    var mode: Mode
    var host: String
    var port: UInt16
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
