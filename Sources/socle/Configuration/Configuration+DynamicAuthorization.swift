import Territory

extension Configuration {
    /// Who may have sessions ended and changed by RADIUS (RFC 5176).
    struct DynamicAuthorization: Equatable, Sendable {
        /// A trusted system.
        struct Client: Equatable, Sendable {
            /// An address or a prefix, in numbers.
            var address: String
            /// The file that holds its secret in its first line.
            var secretFile: String
        }

        /// nil: nobody may.
        var listen: ListenAddress?
        var clients: [Client] = []

        mutating func read(_ source: ConfigurationSection) {
            var section = source
            let address = section.value("listen", "", expected: "an address and port such as 0.0.0.0:3799") { text in
                ListenAddress(text).flatMap { NumericAddress.isValid($0.host) ? text : nil }
            }
            listen = ListenAddress(address)
            clients = section.sections("clients").compactMap { entry in
                var entry = entry
                let address = entry.value("address", "", expected: "an address or prefix such as 192.0.2.0/24") {
                    IPPrefix($0) != nil || IPAddress($0) != nil ? $0 : nil
                }
                let file = entry.text("secret_file", "")
                if address.isEmpty { entry.fault("address", "is missing or wrong: where its requests come from") }
                if file.isEmpty { entry.fault("secret_file", "is missing: the file that holds its secret") }
                entry.finish()
                return Client(address: address, secretFile: file)
            }
            if listen != nil, clients.isEmpty { section.fault("clients", "are missing: nobody could ask there") }
            section.finish()
        }
    }
}
