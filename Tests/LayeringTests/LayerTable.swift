/// Who may import whom: the design's table. `Package.swift` is checked to agree with it, because SwiftPM accepts an
/// undeclared import on an incremental build.
enum LayerTable {
    /// For each target of ours, the targets of ours it may import.
    static let mayImport: [String: Set<String>] = [
        "CLibPQ": [], "COpenSSL": [], "CRadcli": [], "CLinux": [], "CZstd": [],
        "OpenSSL": ["COpenSSL"],
        "RADIUS": ["OpenSSL"],
        "EAP": ["OpenSSL"],
        "Evidence": ["CZstd"],
        "NetworkLogs": [],
        "Postgres": ["CLibPQ", "CLinux"],
        "Pacing": [],
        "Territory": [],
        "Store": ["Postgres", "Territory", "OpenSSL"],
        "AccessService": ["RADIUS", "EAP", "OpenSSL", "CLinux", "Pacing", "Territory", "Store"],
        "PortalService": ["RADIUS", "OpenSSL", "Territory", "Store"],
        "RetentionService": ["NetworkLogs", "Evidence", "Pacing", "Territory", "Store"],
        "socle-verify": ["Evidence"],
        "socle": [
            "OpenSSL", "RADIUS", "EAP", "Evidence", "NetworkLogs", "CLinux", "Postgres", "Territory", "Store",
            "AccessService", "PortalService", "RetentionService",
        ],
    ]

    /// Targets that turn bytes or values into values: they do no I/O and know no clock, so nothing that waits,
    /// schedules, logs or listens may be imported there.
    static let pure: Set<String> = ["OpenSSL", "RADIUS", "EAP", "Evidence", "NetworkLogs", "Territory"]

    /// What the pure targets may not import of others.
    static let outsideWorld: Set<String> = [
        "Dispatch", "Logging", "Metrics", "CoreMetrics", "ServiceLifecycle", "UnixSignals", "Hummingbird", "NIOCore",
        "NIOPosix", "NIOSSL", "ArgumentParser",
    ]

    /// Folder and target names that say nothing of what is inside.
    static let meaninglessNames: Set<String> = ["Common", "Utils", "Utilities", "Helpers", "Misc", "Shared"]

    /// Lines of a file, unless its first lines hold `lengthExcuse` and the reason.
    static let maximumLines = 400

    /// What the header of a longer file starts its explanation with.
    static let lengthExcuse = "// Longer than 400 lines:"

    static var services: Set<String> { Set(mayImport.keys.filter { $0.hasSuffix("Service") }) }
}
