extension FlowDecoder {
    private static let magic: [UInt8] = Array("SKFT".utf8)
    private static let version: UInt8 = 1

    /// All templates as octets, to be saved and given to ``importTemplates(_:)`` after a restart: four letters, a
    /// version, and for each template its exporter, domain and fields, numbers big-endian. Data that wait are not in it.
    public func exportTemplates() -> [UInt8] {
        var out = Self.magic + [Self.version]
        for (exporter, domains) in exporters {
            for (key, domain) in domains {
                for (id, template) in domain.templates {
                    out.append(bigEndian: exporter.address.high)
                    out.append(bigEndian: exporter.address.low)
                    out.append(bigEndian: exporter.instance)
                    out.append(key.isIPFIX ? 10 : 9)
                    out.append(bigEndian: key.id)
                    out.append(bigEndian: UInt64(bitPattern: domain.systemInit))
                    out.append(bigEndian: id)
                    out.append(template.isOptions ? 1 : 0)
                    out.append(bigEndian: UInt16(clamping: template.fields.count))
                    for field in template.fields {
                        out.append(bigEndian: field.element)
                        out.append(bigEndian: field.length)
                        out.append(bigEndian: field.enterprise)
                    }
                }
            }
        }
        return out
    }

    /// Takes back saved templates, within the limits; templates learned meanwhile stay.
    /// - Throws: ``NetworkLogsError`` when the octets are not what ``exportTemplates()`` made; nothing is taken then.
    public mutating func importTemplates(_ octets: [UInt8]) throws(NetworkLogsError) {
        guard octets.starts(with: Self.magic), octets.count > Self.magic.count else {
            throw NetworkLogsError(.templatesMalformed)
        }
        guard octets[Self.magic.count] == Self.version else { throw NetworkLogsError(.templatesVersion) }
        var restored = self
        let whole = octets.withUnsafeBytes { raw in
            var at = Self.magic.count + 1
            while at < raw.count {
                guard restored.restore(raw, &at) else { return false }
            }
            return true
        }
        guard whole else { throw NetworkLogsError(.templatesMalformed) }
        self = restored
    }

    /// Octets of an entry before its fields.
    private static let entryLength = 8 + 8 + 4 + 1 + 4 + 8 + 2 + 1 + 2

    private mutating func restore(_ raw: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        guard raw.count - at >= Self.entryLength else { return false }
        let exporter = FlowExporter(
            address: NetworkAddress(high: Self.take(raw, &at, 8), low: Self.take(raw, &at, 8)),
            instance: UInt32(truncatingIfNeeded: Self.take(raw, &at, 4)))
        let version = Self.take(raw, &at, 1)
        let key = FlowDomainKey(isIPFIX: version == 10, id: UInt32(truncatingIfNeeded: Self.take(raw, &at, 4)))
        let systemInit = Int64(bitPattern: Self.take(raw, &at, 8))
        let (id, options, count) = (
            UInt16(truncatingIfNeeded: Self.take(raw, &at, 2)), Self.take(raw, &at, 1), Int(Self.take(raw, &at, 2))
        )
        guard version == 9 || version == 10, options <= 1, id >= 256, raw.count - at >= count * 8,
            (0...253_402_300_799_999).contains(systemInit)
        else { return false }
        var fields: [FlowField] = []
        for _ in 0..<count {
            fields.append(
                FlowField(
                    element: UInt16(truncatingIfNeeded: Self.take(raw, &at, 2)),
                    length: UInt16(truncatingIfNeeded: Self.take(raw, &at, 2)),
                    enterprise: UInt32(truncatingIfNeeded: Self.take(raw, &at, 4))))
        }
        guard key.isIPFIX || !fields.contains(where: \.isVariable),
            let template = FlowTemplate(fields: fields, isOptions: options == 1, isIPFIX: key.isIPFIX)
        else { return false }
        keep(template, as: id, of: exporter, key, systemInit)
        return true
    }

    /// The caller has checked that there are as many octets.
    private static func take(_ raw: UnsafeRawBufferPointer, _ at: inout Int, _ length: Int) -> UInt64 {
        defer { at += length }
        return FlowRecord.number(raw, at, length)
    }

    private mutating func keep(
        _ template: FlowTemplate, as id: UInt16, of exporter: FlowExporter, _ key: FlowDomainKey, _ systemInit: Int64
    ) {
        guard template.fields.count <= limits.fieldsPerTemplate,
            exporters[exporter] != nil || exporters.count < limits.exporters,
            exporters[exporter]?[key] != nil || (exporters[exporter]?.count ?? 0) < limits.domainsPerExporter
        else { return }
        var domain = exporters[exporter]?[key] ?? FlowDomain(isIPFIX: key.isIPFIX)
        guard domain.templates[id] == nil, domain.templates.count < limits.templatesPerDomain else { return }
        domain.templates[id] = template
        if domain.systemInit == 0 { domain.systemInit = systemInit }
        exporters[exporter, default: [:]][key] = domain
    }
}

extension [UInt8] {
    /// Appends a number, its highest octet first.
    mutating func append(bigEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}
