internal import CLibPQ

/// Where to connect: a connection string taken apart into one set of parameters per host, in order.
///
/// libpq itself walks `host=a,b`, but without blocking calls it enforces no timeout per host: a silent first host would
/// hide a healthy second one. So each host is tried on its own.
struct ConnectionTarget: Equatable, Sendable {
    /// The parameters of each attempt, by keyword.
    let attempts: [[String: String]]

    /// Reads a connection string or URI (PostgreSQL manual, 34.1.1). Throws `configuration`.
    init(conninfo: String, overrides: [String: String], defaults: [String: String]) throws(PostgresError) {
        var parameters = try ConnectionTarget.parse(conninfo)
        if parameters["target_session_attrs"] == "prefer-standby" {
            throw PostgresError(.configuration, "target_session_attrs=prefer-standby is not supported")
        }
        parameters.merge(defaults) { given, _ in given }
        parameters.merge(overrides) { _, forced in forced }
        attempts = try ConnectionTarget.split(parameters)
    }

    private static func parse(_ conninfo: String) throws(PostgresError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        defer { PQfreemem(message) }
        guard let options = PQconninfoParse(conninfo, &message) else {
            // libpq's message may quote a password: it goes where no log sees it.
            let text = message.map { String(cString: $0) } ?? ""
            throw PostgresError(.configuration, "the connection string cannot be read", serverText: text)
        }
        defer { PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return parameters
    }

    /// `host`, `hostaddr` and `port` are lists; a single port serves all hosts.
    private static func split(_ parameters: [String: String]) throws(PostgresError) -> [[String: String]] {
        let lists = ["host", "hostaddr", "port"].map { key in
            (key, (parameters[key] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        }
        let count = max(lists[0].1.count, lists[1].1.count, 1)
        var attempts: [[String: String]] = []
        for index in 0..<count {
            var attempt = parameters
            for (key, values) in lists where parameters[key] != nil {
                guard values.count == count || (key == "port" && values.count == 1) else {
                    throw PostgresError(.configuration, "\(key) lists \(values.count) values for \(count) hosts")
                }
                attempt[key] = values.count == 1 ? values[0] : values[index]
            }
            attempts.append(attempt)
        }
        return attempts
    }
}
