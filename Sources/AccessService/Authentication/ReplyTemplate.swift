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
        /// Text that depends on the allowance; the name in the dictionary.
        case text(String, AttributeRule.Source)
    }

    private let items: [Item]
    private let profile: EquipmentProfile
    private let dictionary: AttributeDictionary
    /// Names of the profile's attributes that the dictionary does not have: they cannot be sent.
    let unknown: [String]

    init(_ profile: EquipmentProfile, dictionary: AttributeDictionary) {
        var (items, unknown): ([Item], [String]) = ([], [])
        for rule in profile.accept {
            guard let definition = dictionary.definition(named: rule.attribute) else {
                unknown.append(rule.attribute)
                continue
            }
            switch rule.value {
            case .constant(let text):
                if let octets = try? dictionary.encode(rule.attribute, text) {
                    items.append(.octets(octets))
                } else {
                    unknown.append(rule.attribute)
                }
            case .derived(let source, let form):
                let isNumber = definition.valueType == .integer && !definition.isTagged
                items.append(
                    isNumber
                        ? .number(header: Self.header(definition.key), source, form) : .text(rule.attribute, source))
            }
        }
        (self.items, self.unknown, self.profile, self.dictionary) = (items, unknown, profile, dictionary)
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
            var second: Int64
        }

        fileprivate static let capacity = 256
        fileprivate var texts: [Key: [UInt8]] = [:]
    }

    /// Appends the attributes of an allowance to `octets`.
    func append(_ allowance: Allowance, to octets: inout [UInt8], memory: Memory) {
        for item in items {
            switch item {
            case .octets(let encoded): octets += encoded
            case .number(let header, let source, let form):
                guard let value = Self.value(source, allowance) else { continue }
                octets += header
                withUnsafeBytes(of: Self.number(value, form).bigEndian) { octets.append(contentsOf: $0) }
            case .text(let name, let source): octets += text(name, source, allowance, memory)
            }
        }
    }

    private func text(
        _ name: String, _ source: AttributeRule.Source, _ allowance: Allowance, _ memory: Memory
    ) -> [UInt8] {
        let key: Memory.Key? =
            switch source {
            case .endsAt:
                // What is written has whole seconds.
                Int64(exactly: allowance.endsAt.timeIntervalSince1970.rounded(.down)).map {
                    Memory.Key(name: name, first: $0, second: Int64(allowance.endsAtOffsetSeconds))
                }
            case .rates:
                Memory.Key(
                    name: name, first: allowance.rateDownBitsPerSecond ?? -1,
                    second: allowance.rateUpBitsPerSecond ?? -1)
            default: nil
            }
        if let key, let known = memory.texts[key] { return known }
        let attribute = profile.acceptAttributes(for: allowance).first { $0.name == name }
        let encoded = attribute.flatMap { try? dictionary.encode(name, $0.value) } ?? []
        if let key {
            if memory.texts.count >= Memory.capacity { memory.texts.removeAll(keepingCapacity: true) }
            memory.texts[key] = encoded
        }
        return encoded
    }

    private static func value(_ source: AttributeRule.Source, _ allowance: Allowance) -> Int64? {
        switch source {
        case .sessionTimeout: Int64(allowance.sessionTimeoutSeconds)
        case .idleTimeout: allowance.idleTimeoutSeconds.map(Int64.init)
        case .interim: Int64(allowance.interimSeconds)
        case .remainingOctets: allowance.remainingOctets
        case .rateDown: allowance.rateDownBitsPerSecond
        case .rateUp: allowance.rateUpBitsPerSecond
        case .rates, .endsAt: nil
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
        case .number, .upSlashDown, .localTime: unit = 1
        }
        return UInt32(clamping: value / unit + (value % unit == 0 ? 0 : 1))
    }
}
