internal import Foundation
internal import RADIUS
internal import Territory

/// A vendor's Access-Accept attributes prepared for the packet threads: constants encoded, numbers written without a
/// detour through text. What it writes is what `EquipmentProfile.acceptAttributes` says, octet for octet.
struct ReplyTemplate: Sendable {
    private enum Item: Sendable {
        case octets([UInt8])
        /// Type and length, or the vendor's header; the number follows in four octets.
        case number(header: [UInt8], AttributeRule.Source, AttributeRule.Form)
        /// Text that depends on the allowance.
        case text(AttributeRule, AttributeRule.Source)
    }

    private let items: [(condition: AttributeRule.Source?, item: Item)]
    /// What is hidden anew in each packet.
    private let salted: [(rule: AttributeRule, key: AttributeDefinition.Key)]
    private let dictionary: AttributeDictionary
    /// Names of the profile's attributes that the dictionary does not have: they cannot be sent.
    let unknown: [String]

    init(_ profile: EquipmentProfile, dictionary: AttributeDictionary) {
        var items: [(AttributeRule.Source?, Item)] = []
        var (salted, unknown): ([(AttributeRule, AttributeDefinition.Key)], [String]) = ([], [])
        for rule in profile.accept {
            guard let definition = dictionary.definition(named: rule.attribute) else {
                unknown.append(rule.attribute)
                continue
            }
            switch rule.value {
            case .constant(let text):
                if let octets = try? dictionary.encode(rule.attribute, text) {
                    items.append((rule.condition, .octets(octets)))
                } else {
                    unknown.append(rule.attribute)
                }
            case .derived(_, .salted): salted.append((rule, definition.key))
            case .derived(let source, let form):
                let isNumber = definition.valueType == .integer && !definition.isTagged && rule.prefix == nil
                items.append(
                    (
                        rule.condition,
                        isNumber ? .number(header: Self.header(definition.key), source, form) : .text(rule, source)
                    ))
            }
        }
        (self.items, self.salted, self.unknown, self.dictionary) = (items, salted, unknown, dictionary)
    }

    private static func header(_ key: AttributeDefinition.Key) -> [UInt8] {
        guard let vendor = key.vendor else { return [key.type, 6] }
        return [AttributeType.vendorSpecific.rawValue, 12] + withUnsafeBytes(of: vendor.bigEndian, Array.init)
            + [key.type, 6]
    }

    /// Text attributes encoded lately, by what they are made of: all who log in within a second with the same session
    /// length get the same. Not Sendable: each packet thread has one per NAS. Bound: `capacity` texts, then none.
    final class Memory {
        fileprivate struct Key: Hashable {
            var name: String
            var first: Int64
            var second: Int64 = 0
            var text: String?
        }

        fileprivate static let capacity = 256
        fileprivate var texts: [Key: [UInt8]] = [:]
    }

    /// Appends the attributes of an allowance to `octets`, those left out that are hidden.
    func append(_ allowance: Allowance, to octets: inout [UInt8], memory: Memory) {
        for (condition, item) in items {
            if let condition, !AttributeRule.has(condition, allowance) { continue }
            switch item {
            case .octets(let encoded): octets += encoded
            case .number(let header, let source, let form):
                guard let value = Self.value(source, allowance) else { continue }
                octets += header
                withUnsafeBytes(of: Self.number(value, form).bigEndian) { octets.append(contentsOf: $0) }
            case .text(let rule, let source): octets += text(rule, source, allowance, memory)
            }
        }
    }

    /// Appends what is hidden under the secret that the NAS shares with us: a device's WPA key.
    func appendSalted(_ allowance: Allowance, to writer: inout PacketWriter, secret: SharedSecret) {
        for (rule, key) in salted {
            guard let value = rule.attribute(for: allowance).map({ Array($0.value.utf8) }) else { continue }
            if let vendor = key.vendor {
                writer.append(vendor: vendor, type: key.type, salted: value, secret: secret)
            } else {
                writer.append(TunnelPassword(value), secret: secret)
            }
        }
    }

    private func text(
        _ rule: AttributeRule, _ source: AttributeRule.Source, _ allowance: Allowance, _ memory: Memory
    ) -> [UInt8] {
        let key = Self.key(rule.attribute, source, allowance)
        if let key, let known = memory.texts[key] { return known }
        let encoded = rule.attribute(for: allowance).flatMap { try? dictionary.encode($0.name, $0.value) } ?? []
        if let key {
            if memory.texts.count >= Memory.capacity { memory.texts.removeAll(keepingCapacity: true) }
            memory.texts[key] = encoded
        }
        return encoded
    }

    /// What the text depends on; nil where it is not to be remembered.
    private static func key(
        _ name: String, _ source: AttributeRule.Source, _ allowance: Allowance
    ) -> Memory.Key? {
        switch source {
        case .endsAt:
            // What is written has whole seconds.
            Int64(exactly: allowance.endsAt.timeIntervalSince1970.rounded(.down)).map {
                Memory.Key(name: name, first: $0, second: Int64(allowance.endsAtOffsetSeconds))
            }
        case .rates:
            Memory.Key(
                name: name, first: allowance.rateDownBitsPerSecond ?? -1, second: allowance.rateUpBitsPerSecond ?? -1)
        case .vlan: Memory.Key(name: name, first: Int64(allowance.vlan ?? -1))
        case .role: Memory.Key(name: name, first: 0, text: allowance.role)
        // A key of a device is remembered nowhere but in its login.
        case .psk: nil
        case .sessionTimeout, .idleTimeout, .interim, .remainingOctets, .rateDown, .rateUp: nil
        }
    }

    private static func value(_ source: AttributeRule.Source, _ allowance: Allowance) -> Int64? {
        switch source {
        case .sessionTimeout: Int64(allowance.sessionTimeoutSeconds)
        case .idleTimeout: allowance.idleTimeoutSeconds.map(Int64.init)
        case .interim: Int64(allowance.interimSeconds)
        case .remainingOctets: allowance.remainingOctets
        case .rateDown: allowance.rateDownBitsPerSecond
        case .rateUp: allowance.rateUpBitsPerSecond
        case .vlan: allowance.vlan.map(Int64.init)
        case .rates, .endsAt, .role, .psk: nil
        }
    }

    /// The arithmetic of `AttributeRule`: division rounds up, what exceeds 32 bits becomes the largest.
    private static func number(_ value: Int64, _ form: AttributeRule.Form) -> UInt32 {
        let value = UInt64(max(0, value))
        let unit: UInt64
        switch form {
        case .lowWord: return UInt32(truncatingIfNeeded: value)
        case .highWord: return UInt32(truncatingIfNeeded: value >> 32)
        case .minutes: unit = 60
        case .kilobits: unit = 1_000
        case .kilobytes: unit = 1_024
        case .number, .upSlashDown, .localTime, .text, .salted: unit = 1
        }
        return UInt32(clamping: value / unit + (value % unit == 0 ? 0 : 1))
    }
}
