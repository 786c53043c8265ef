import Foundation

/// How one attribute of a vendor is made of an ``Allowance``.
public struct AttributeRule: Sendable, Hashable {
    /// Where the value comes from.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// ``Allowance/sessionTimeoutSeconds``
        case sessionTimeout = "session_timeout"
        /// ``Allowance/idleTimeoutSeconds``
        case idleTimeout = "idle_timeout"
        /// ``Allowance/interimSeconds``
        case interim
        /// ``Allowance/remainingOctets``
        case remainingOctets = "remaining_octets"
        /// ``Allowance/rateDownBitsPerSecond``
        case rateDown = "rate_down"
        /// ``Allowance/rateUpBitsPerSecond``
        case rateUp = "rate_up"
        /// Both rates
        case rates
        /// ``Allowance/endsAt``
        case endsAt = "ends_at"
        /// ``Allowance/vlan``
        case vlan
        /// ``Allowance/role``
        case role
        /// ``Allowance/psk``
        case psk
    }

    /// How it is written. Divisions round up, so that a right is never cut to zero; what exceeds 32 bits becomes the
    /// largest 32-bit number, except in words.
    public enum Form: String, Sendable, Hashable, CaseIterable {
        /// As it is: seconds, octets or bits per second.
        case number
        /// Seconds to minutes.
        case minutes
        /// Bits per second to kbit/s.
        case kilobits
        /// Octets to kilobytes of 1,024.
        case kilobytes
        /// The low 32 bits.
        case lowWord = "low_word"
        /// The high 32 bits, what RADIUS calls Gigawords.
        case highWord = "high_word"
        /// `from-visitor/to-visitor` in bits per second, 0 where there is no limit (MikroTik "rx/tx", as the router sees).
        case upSlashDown = "up_slash_down"
        /// `2026-07-31T18:00:00+02:00` (WISPr).
        case localTime = "local_time"
        /// As it is.
        case text
        /// Hidden under the shared secret with a salt of its own in each packet (RFC 2868 §3.5).
        case salted
    }

    /// What makes the value.
    public enum Value: Sendable, Hashable {
        /// From the allowance.
        case derived(Source, Form)
        /// Always this.
        case constant(String)
    }

    /// Name in the RADIUS dictionary, or of the FAS parameter.
    public let attribute: String
    /// What makes the value.
    public let value: Value
    /// Written only where the allowance has this; nil: always. For constants that go with a value, such as the type of a
    /// tunnel with its VLAN.
    public let condition: Source?
    /// What comes before the value, such as `psk=` in a Cisco-AVPair.
    public let prefix: String?
    /// In a CoA, of ``Source/remainingOctets`` alone: what takes an earlier limit away. Written where a quota is used up and
    /// the package throttles: the limit that the Accept carried would end the session that the CoA is to slow down.
    public let lifted: String?

    /// A rule for an attribute.
    public init(
        attribute: String, value: Value, condition: Source? = nil, prefix: String? = nil, lifted: String? = nil
    ) {
        (self.attribute, self.value, self.condition, self.prefix) = (attribute, value, condition, prefix)
        self.lifted = lifted
    }

    /// The forms that suit a source.
    static func forms(of source: Source) -> [Form] {
        switch source {
        case .sessionTimeout, .idleTimeout, .interim: [.number, .minutes]
        case .remainingOctets: [.number, .kilobytes, .lowWord, .highWord]
        case .rateDown, .rateUp: [.number, .kilobits]
        case .rates: [.upSlashDown]
        case .endsAt: [.localTime]
        case .vlan: [.number]
        case .role: [.text]
        case .psk: [.text, .salted]
        }
    }

    /// The attribute for an allowance; nil where the allowance sets no such limit.
    public func attribute(for allowance: Allowance) -> ProfileAttribute? {
        if let condition, !Self.has(condition, allowance) { return nil }
        switch value {
        case .constant(let text): return ProfileAttribute(name: attribute, value: text)
        case .derived(let source, let form):
            if allowance.exhausted != nil, allowance.remainingOctets == nil, let lifted {
                return ProfileAttribute(name: attribute, value: lifted)
            }
            return Self.text(source, form, allowance).map {
                ProfileAttribute(name: attribute, value: (prefix ?? "") + $0, isSecret: source == .psk)
            }
        }
    }

    /// Whether an allowance says anything of a source.
    public static func has(_ source: Source, _ allowance: Allowance) -> Bool {
        switch source {
        case .sessionTimeout, .interim, .endsAt: true
        case .idleTimeout: allowance.idleTimeoutSeconds != nil
        case .remainingOctets: allowance.remainingOctets != nil
        case .rateDown: allowance.rateDownBitsPerSecond != nil
        case .rateUp: allowance.rateUpBitsPerSecond != nil
        case .rates: allowance.rateDownBitsPerSecond != nil || allowance.rateUpBitsPerSecond != nil
        case .vlan: allowance.vlan != nil
        case .role: allowance.role != nil
        case .psk: allowance.psk != nil
        }
    }

    private static func text(_ source: Source, _ form: Form, _ allowance: Allowance) -> String? {
        switch source {
        case .sessionTimeout: number(Int64(allowance.sessionTimeoutSeconds), form)
        case .idleTimeout: allowance.idleTimeoutSeconds.flatMap { number(Int64($0), form) }
        case .interim: number(Int64(allowance.interimSeconds), form)
        case .remainingOctets: allowance.remainingOctets.flatMap { number($0, form) }
        case .rateDown: allowance.rateDownBitsPerSecond.flatMap { number($0, form) }
        case .rateUp: allowance.rateUpBitsPerSecond.flatMap { number($0, form) }
        case .rates:
            allowance.rateUpBitsPerSecond == nil && allowance.rateDownBitsPerSecond == nil
                ? nil : "\(allowance.rateUpBitsPerSecond ?? 0)/\(allowance.rateDownBitsPerSecond ?? 0)"
        case .endsAt: localTime(allowance.endsAt, offsetSeconds: allowance.endsAtOffsetSeconds)
        case .vlan: allowance.vlan.map(String.init)
        case .role: allowance.role
        case .psk: allowance.psk?.text
        }
    }

    private static func number(_ value: Int64, _ form: Form) -> String? {
        let value = max(0, value)
        let divided = { (unit: Int64) in
            let whole = value / unit
            return String(min(value % unit == 0 ? whole : whole + 1, Int64(UInt32.max)))
        }
        switch form {
        case .number: return divided(1)
        case .minutes: return divided(60)
        case .kilobits: return divided(1_000)
        case .kilobytes: return divided(1_024)
        case .lowWord: return String(value & 0xFFFF_FFFF)
        case .highWord: return String(value >> 32)
        case .upSlashDown, .localTime, .text, .salted: return nil
        }
    }

    private static func localTime(_ instant: Date, offsetSeconds: Int) -> String? {
        guard let local = Int(exactly: (instant.timeIntervalSince1970 + Double(offsetSeconds)).rounded(.down)) else {
            return nil
        }
        let pad = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        let day = Int((Double(local) / 86_400).rounded(.down))
        let second = local - day * 86_400
        let offset = abs(offsetSeconds) / 60
        let time = "\(pad(second / 3_600)):\(pad(second / 60 % 60)):\(pad(second % 60))"
        let sign = offsetSeconds < 0 ? "-" : "+"
        return "\(CivilDay(daysSinceEpoch: day))T\(time)\(sign)\(pad(offset / 60)):\(pad(offset % 60))"
    }
}
