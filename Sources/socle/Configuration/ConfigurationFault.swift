/// One thing wrong with a configuration file: where, which key, and how to mend it.
struct ConfigurationFault: Equatable, CustomStringConvertible {
    let file: String
    /// Counted from 1; nil: the fault is of the file as a whole.
    let line: Int?
    /// Dotted path of the key (`access.spool.maximum_bytes`); empty: none.
    let key: String
    let problem: String

    var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return key.isEmpty ? "\(place): \(problem)" : "\(place): \(key): \(problem)"
    }
}

/// Everything wrong with a configuration, in the order of the file.
struct ConfigurationFaults: Error, Equatable, CustomStringConvertible {
    let faults: [ConfigurationFault]

    var description: String { faults.map(\.description).joined(separator: "\n") }
}
