extension EquipmentProfile {
    /// Reads the text of a profile's file, all faults at once.
    static func read(_ text: String, name: String, file: String) -> Result<EquipmentProfile, DocumentFaults> {
        let root: DocumentNode
        switch DocumentNode.parse(text, file: file) {
        case .failure(let faults): return .failure(faults)
        case .success(let node): root = node
        }
        let log = DocumentReader.Log()
        let reader = DocumentReader(root, log: log)
        let told = reader.string("profile", required: true)
        if let told, told != name { reader.fault("profile", "is \"\(told)\" in a file named \"\(name)\"") }
        let profile = EquipmentProfile(
            name: name, title: reader.string("title", required: true) ?? name,
            handoff: reader.choice("handoff", required: true) ?? .none,
            swapOctets: reader.bool("swap_octets") ?? false,
            callingStation: reader.choice("calling_station") ?? .upperHyphens,
            calledStation: reader.choice("called_station") ?? .upperHyphens,
            accept: rules(reader, "accept"), fas: rules(reader, "fas"),
            dynamicAuthorization: reader.group("coa", authorization))
        if profile.handoff == .openNDSFAS, profile.fas.isEmpty {
            reader.fault("fas", "is missing: handoff opennds-fas says what the gateway gets")
        }
        reader.finish()
        return log.faults.isEmpty ? .success(profile) : .failure(DocumentFaults(log.faults))
    }

    private static func rules(_ reader: DocumentReader, _ key: String) -> [AttributeRule] {
        reader.groups(key, count: 0...32) { item in
            let attribute = item.string("attribute", required: true, length: 1...64)
            let constant = item.string("value", length: 1...253)
            let source: AttributeRule.Source? = item.choice("from")
            let form: AttributeRule.Form? = item.choice("as")
            let condition: AttributeRule.Source? = item.choice("when")
            let prefix = item.string("prefix", length: 1...64)
            let lifted = item.string("lifted", length: 1...64)
            if lifted != nil, key != "change" || source != .remainingOctets {
                item.fault("lifted", "goes with from: remaining_octets, in change")
            }
            guard let attribute else { return nil }
            if let constant {
                if source != nil || form != nil || prefix != nil { item.fault("value", "excludes from, as and prefix") }
                return AttributeRule(attribute: attribute, value: .constant(constant), condition: condition)
            }
            guard let source else {
                if item.value("from", required: false) == nil { item.fault("from", "is missing, and so is value") }
                return nil
            }
            let forms = AttributeRule.forms(of: source)
            guard let chosen = form ?? forms.first, forms.contains(chosen) else {
                item.fault("as", "does not suit \(source.rawValue): \(forms.map(\.rawValue).joined(separator: ", "))")
                return nil
            }
            return AttributeRule(
                attribute: attribute, value: .derived(source, chosen), condition: condition, prefix: prefix,
                lifted: lifted)
        }
    }

    private static func authorization(_ reader: DocumentReader) -> DynamicAuthorization? {
        let port = reader.integer("port", required: true, 1...65_535)
        let methods: [DynamicAuthorization.Method] = reader.choices("methods", required: true)
        let identify: [DynamicAuthorization.IdentifyingAttribute] = reader.choices("identify", required: true)
        let change = rules(reader, "change")
        if !change.isEmpty, !methods.contains(.coa) { reader.fault("change", "needs coa among methods") }
        let reauthenticate: DynamicAuthorization.Method? = reader.choice("reauthenticate")
        if let reauthenticate, !methods.contains(reauthenticate) {
            reader.fault("reauthenticate", "is not among methods")
        }
        let reauthentication = rules(reader, "reauthentication")
        if reauthentication.contains(where: { $0.constant == nil }) {
            reader.fault("reauthentication", "takes constants alone: attribute and value")
        }
        if reauthentication.isEmpty == (reauthenticate == .coa), methods.contains(.coa) {
            reader.fault(
                "reauthentication",
                reauthenticate == .coa
                    ? "is missing: the attributes by which a CoA asks for it" : "needs reauthenticate: coa")
        }
        let eventTimestamp = reader.bool("event_timestamp") ?? true
        let messageAuthenticator = reader.bool("message_authenticator") ?? true
        return DynamicAuthorization(
            port: Int(port ?? 3_799), methods: methods, identify: identify, eventTimestamp: eventTimestamp,
            messageAuthenticator: messageAuthenticator, change: change, reauthenticate: reauthenticate,
            reauthentication: reauthentication)
    }
}
