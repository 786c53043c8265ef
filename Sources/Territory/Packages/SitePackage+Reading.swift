extension SitePackage {
    /// Reads a document with its inheritance resolved; every fault goes to the log. Nil where there was one.
    static func read(_ root: DocumentNode, log: DocumentReader.Log) -> SitePackage? {
        let before = log.faults.count
        let reader = DocumentReader(root, log: log)
        // Known to the library, which has dealt with them.
        _ = reader.value("extends", required: false)
        _ = reader.value("abstract", required: false)
        let name = reader.string("package", required: true, length: 1...63)
        let version = reader.integer("version", required: true, 1...1_000_000)
        let title = reader.group("title", required: true, readText)
        let description = reader.group("description", required: true, readText)
        let networks = reader.groups("networks", count: 0...8, readNetwork)
        let login = reader.group("login", required: true, readLogin)
        let rights = reader.group("rights", required: true, readRights)
        let groups = readGroups(reader)
        let portal = reader.group("portal", required: true, readTheme)
        let equipment = reader.groups("equipment", count: 0...16, readEquipment)
        let alerts = reader.groups("alerts", count: 0...16, readAlert)
        let retention = reader.groups("retention", required: true, count: 1...16, readRetention)
        let signage = reader.group("signage", required: true, readSignage)
        let wifi4eu = reader.group("wifi4eu") { group in
            group.string("network_identifier", required: true, length: 8...64).map(WiFi4EU.init)
        }
        let underThrees = reader.bool("under_threes", required: true)
        checkTogether(reader, networks: networks, underThrees: underThrees ?? false, retention: retention)
        reader.finish()
        guard log.faults.count == before, let name, let version, let title, let description, let login, let rights,
            let portal, let signage, let underThrees
        else { return nil }
        return SitePackage(
            name: name, version: Int(version), title: title, description: description, networks: networks,
            login: login, rights: rights, groups: groups, portal: portal, equipment: equipment, alerts: alerts,
            retention: retention, signage: signage, wifi4eu: wifi4eu, underThrees: underThrees)
    }

    /// What no key can tell alone.
    private static func checkTogether(
        _ reader: DocumentReader, networks: [NetworkPlan], underThrees: Bool, retention: [RetentionRule]
    ) {
        if underThrees, !networks.isEmpty {
            reader.fault(
                "networks", "must be empty: a place for children under three has no WiFi (law 2015-136, art. 7)")
        }
        for duplicate in duplicates(networks.map(\.name)) {
            reader.fault("networks", "has two networks named \"\(duplicate)\"")
        }
        for duplicate in duplicates(networks.map(\.ssid)) {
            reader.fault("networks", "has the SSID \"\(duplicate)\" twice")
        }
        for duplicate in duplicates(retention.map(\.retentionClass.rawValue)) {
            reader.fault("retention", "has class \(duplicate) twice")
        }
    }

    private static func duplicates(_ values: [String]) -> [String] {
        var seen: Set<String> = []
        return values.filter { !seen.insert($0).inserted }
    }

    private static func readText(_ reader: DocumentReader) -> LocalizedText? {
        let fr = reader.string("fr", required: true, length: 1...400)
        let en = reader.string("en", length: 1...400)
        return fr.map { LocalizedText(fr: $0, en: en) }
    }

    private static func readNetwork(_ reader: DocumentReader) -> NetworkPlan? {
        let name = reader.string("name", required: true, length: 1...63)
        let ssid = reader.string("ssid", required: true, length: 1...64)
        let vlan = reader.integer("vlan", 1...4_094)
        let encryption: Network.Encryption? = reader.choice("encryption", required: true)
        let handoff: Handoff? = reader.choice("handoff", required: true)
        if let ssid {
            let fixed = NetworkPlan.placeholders.reduce(ssid) { $0.replacing($1, with: "") }
            if fixed.contains(where: { $0 == "{" || $0 == "}" }) {
                reader.fault(
                    "ssid", "has an unknown placeholder; there are \(NetworkPlan.placeholders.joined(separator: ", "))")
            } else if fixed.utf8.count > NetworkPlan.longestSSID {
                reader.fault("ssid", "is \(fixed.utf8.count) octets without placeholders, wanted at most 32")
            }
        }
        guard let name, let ssid, let encryption, let handoff else { return nil }
        return NetworkPlan(name: name, ssid: ssid, vlan: vlan.map(Int.init), encryption: encryption, handoff: handoff)
    }

    private static func readLogin(_ reader: DocumentReader) -> LoginPlan? {
        let year: Int64 = 31_622_400
        let methods: [LoginGrant.Method] = reader.choices("methods", required: true)
        let remember = reader.integer("remember_seconds", required: true, 60...year)
        let voucher: VoucherPlan? = reader.group("voucher") { group in
            let valid = group.integer("valid_seconds", required: true, 60...year)
            let devices = group.integer("devices", required: true, 1...1_000)
            guard let valid, let devices else { return nil }
            return VoucherPlan(validSeconds: Int(valid), devices: Int(devices))
        }
        if methods.contains(.voucher), reader.value("voucher", required: false) == nil {
            reader.fault("voucher", "is missing: methods has voucher")
        }
        return remember.map { LoginPlan(methods: methods, rememberSeconds: Int($0), voucher: voucher) }
    }
}
