/// The names of Acct-Terminate-Cause (RFC 2866 §5.10, RFC 2867, RFC 3580 §3), as sessions store them.
enum TerminateCauseName {
    private static let names = [
        "User-Request", "Lost-Carrier", "Lost-Service", "Idle-Timeout", "Session-Timeout", "Admin-Reset",
        "Admin-Reboot",
        "Port-Error", "NAS-Error", "NAS-Request", "NAS-Reboot", "Port-Unneeded", "Port-Preempted", "Port-Suspended",
        "Service-Unavailable", "Callback", "User-Error", "Host-Request", "Supplicant-Restart",
        "Reauthentication-Failure", "Port-Reinit", "Port-Disabled", "Lost-Power",
    ]

    /// The name of a value; `Cause-<n>` for one that no RFC names.
    static func of(_ value: UInt32) -> String {
        guard value >= 1, value <= UInt32(names.count) else { return "Cause-\(value)" }
        return names[Int(value) - 1]
    }
}
