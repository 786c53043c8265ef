public import Foundation
public import Territory

/// A command from one daemon to another about a device that is connected.
public struct OutboxCommand: Sendable, Hashable {
    /// What is to be done.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// End the session (RFC 5176 §2.1).
        case disconnect
        /// Change what the session may do (RFC 5176 §2.2).
        case coa
        /// Have the gateway authenticate the device again.
        case reauthenticate
    }

    /// Its row.
    public let id: Int64
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// What is to be done.
    public let kind: Kind
    /// The NAS it goes to.
    public let nasID: NASID
    /// The device, when no session is named.
    public let device: MACAddress?
    /// For `coa` the allowance to apply, by name.
    public let attributes: [String: String]
    /// Why it was left, such as `expired`; nil: somebody asked.
    public let reason: String?
    /// Which of the methods of the equipment's profile it has come to, from 0.
    public let method: Int
    /// When the NAS acknowledged that method; nil: it has not.
    public let acknowledgedAt: Date?
    /// Attempts of that method so far, this one included.
    public let attempts: Int
    /// When it was given.
    public let createdAt: Date
    /// The session that is named, open or not.
    public let sessionID: UUID?
    /// The session named, or the latest open one of the device on that NAS; nil: neither is live.
    public let session: SessionRow?
}

/// A command to be given.
public struct NewOutboxCommand: Sendable, Hashable {
    /// What it is about.
    public enum Target: Sendable, Hashable {
        /// A session by its id.
        case session(UUID)
        /// Whatever session the device has on that NAS.
        case device(MACAddress)
    }

    /// What is to be done.
    public let kind: OutboxCommand.Kind
    /// The NAS it goes to.
    public let nasID: NASID
    /// What it is about.
    public let target: Target
    /// For `coa` the allowance to apply, by name.
    public let attributes: [String: String]
    /// Why; nil: somebody asks.
    public let reason: String?

    /// A command about a session or a device.
    public init(
        _ kind: OutboxCommand.Kind, nas: NASID, target: Target, attributes: [String: String] = [:],
        reason: String? = nil
    ) {
        (self.kind, self.nasID, self.target, self.attributes) = (kind, nas, target, attributes)
        self.reason = reason
    }
}
