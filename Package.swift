// swift-tools-version: 6.2
// One table of targets. `SOCLE_ONLY=Postgres swift test` narrows the package to that target, what it needs and its
// tests, so that the inner loop of one target never builds the HTTP stack it does not use.
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A library outside this repository, and the package that brings it.
struct Library {
    let product: Target.Dependency
    let package: Package.Dependency
    init(_ name: String, _ url: String, _ version: Version) {
        let package = url.split(separator: "/").last.map(String.init) ?? url
        self.product = .product(name: name, package: package)
        self.package = .package(url: "https://github.com/\(url)", from: version)
    }
}

let logging = Library("Logging", "apple/swift-log", "1.16.0")
let metrics = Library("Metrics", "apple/swift-metrics", "2.13.0")
let coreMetrics = Library("CoreMetrics", "apple/swift-metrics", "2.13.0")
let lifecycle = Library("ServiceLifecycle", "swift-server/swift-service-lifecycle", "2.13.0")
let unixSignals = Library("UnixSignals", "swift-server/swift-service-lifecycle", "2.13.0")
let arguments = Library("ArgumentParser", "apple/swift-argument-parser", "1.8.0")
let yams = Library("Yams", "jpsim/Yams", "6.2.0")
let hummingbird = Library("Hummingbird", "hummingbird-project/hummingbird", "2.28.0")
let hummingbirdCore = Library("HummingbirdCore", "hummingbird-project/hummingbird", "2.28.0")
let nioSSL = Library("NIOSSL", "apple/swift-nio-ssl", "2.37.0")
let nioCore = Library("NIOCore", "apple/swift-nio", "2.101.0")
let nioTLS = Library("NIOTLS", "apple/swift-nio", "2.101.0")
let nioPosix = Library("NIOPosix", "apple/swift-nio", "2.101.0")
let httpTypes = Library("HTTPTypes", "apple/swift-http-types", "1.8.0")
let crypto = Library("Crypto", "apple/swift-crypto", "4.5.0")

/// One target of ours: what it may import, of ours and of others.
struct Part {
    enum Kind { case system(pkgConfig: String?, apt: String), library, executable, tests }
    let name: String
    let kind: Kind
    let ours: [String]
    let libraries: [Library]
    init(_ name: String, _ kind: Kind = .library, _ ours: [String] = [], _ libraries: [Library] = []) {
        (self.name, self.kind, self.ours, self.libraries) = (name, kind, ours, libraries)
    }
}

let parts: [Part] = [
    Part("CLibPQ", .system(pkgConfig: "libpq", apt: "libpq-dev")),
    Part("COpenSSL", .system(pkgConfig: "openssl", apt: "libssl-dev")),
    Part("CRadcli", .system(pkgConfig: "radcli", apt: "libradcli-dev")),
    Part("CLinux", .system(pkgConfig: nil, apt: "libcrypt-dev")),
    Part("CZstd", .system(pkgConfig: "libzstd", apt: "libzstd-dev")),

    Part("OpenSSL", .library, ["COpenSSL"]),
    Part("RADIUS", .library, ["OpenSSL"]),
    Part("EAP", .library, ["OpenSSL"]),
    Part("Evidence", .library, ["CZstd"], [crypto]),
    Part("NetworkLogs", .library),
    Part("Pacing", .library),
    Part("Postgres", .library, ["CLibPQ", "CLinux"], [logging]),
    Part("Territory", .library, [], [yams]),
    Part("Store", .library, ["Postgres", "Territory", "OpenSSL"], [logging]),
    Part(
        "AccessService", .library, ["RADIUS", "EAP", "OpenSSL", "CLinux", "Pacing", "Territory", "Store"],
        [logging, metrics, lifecycle, nioCore, nioPosix]),
    Part(
        "PortalService", .library, ["RADIUS", "OpenSSL", "Territory", "Store"],
        [logging, metrics, lifecycle, hummingbird, hummingbirdCore, nioSSL, nioCore, httpTypes]),
    Part(
        "RetentionService", .library, ["NetworkLogs", "Evidence", "Pacing", "Territory", "Store"],
        [logging, metrics, lifecycle, nioCore, nioPosix, nioSSL, nioTLS]),
    Part(
        "socle", .executable,
        [
            "OpenSSL", "RADIUS", "EAP", "Evidence", "NetworkLogs", "CLinux", "Postgres", "Territory", "Store",
            "AccessService", "PortalService", "RetentionService",
        ],
        [
            logging, metrics, coreMetrics, lifecycle, unixSignals, arguments, yams, hummingbird, nioCore, nioPosix,
            nioSSL, httpTypes,
        ]),
    Part("socle-verify", .executable, ["Evidence"], [arguments]),

    Part("LayeringTests", .tests),
    Part("OpenSSLTests", .tests, ["OpenSSL"]),
    Part("RADIUSTests", .tests, ["RADIUS", "OpenSSL"]),
    Part("EAPTests", .tests, ["EAP", "OpenSSL"]),
    Part("EvidenceTests", .tests, ["Evidence", "CZstd"], [crypto]),
    Part("NetworkLogsTests", .tests, ["NetworkLogs"]),
    Part("PacingTests", .tests, ["Pacing"]),
    Part("PostgresTests", .tests, ["Postgres"], [logging]),
    Part("TerritoryTests", .tests, ["Territory"]),
    Part("StoreTests", .tests, ["Store", "Postgres", "Territory", "OpenSSL"], [logging]),
    Part(
        "AccessServiceTests", .tests,
        ["AccessService", "RADIUS", "EAP", "OpenSSL", "CRadcli", "CLinux", "Territory", "Store", "Postgres"],
        [logging, lifecycle]),
    Part(
        "PortalServiceTests", .tests, ["PortalService", "RADIUS", "OpenSSL", "Territory", "Store", "Postgres"],
        [logging, lifecycle, httpTypes, nioCore]),
    Part(
        "socleTests", .tests,
        ["socle", "RADIUS", "EAP", "OpenSSL", "Postgres", "Territory", "Store", "AccessService"], [logging]),
    Part(
        "RetentionServiceTests", .tests,
        ["RetentionService", "NetworkLogs", "Evidence", "Pacing", "Territory", "Store", "Postgres"],
        [logging, lifecycle, nioCore, nioPosix]),
    Part("socle-verifyTests", .tests, ["socle-verify", "Evidence"], [arguments]),
    Part("SystemTests", .tests, ["RADIUS"], []),
]

/// Files among the tests that are read and not compiled.
let vectors = [
    "RADIUSTests": ["Vectors/attributes.vectors", "Vectors/packets.vectors"], "EAPTests": ["Vectors/eap.vectors"],
    "EvidenceTests": ["vectors"], "NetworkLogsTests": ["fixtures"],
]

let byName = Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0) })

/// The parts to build: all of them, or those that the parts named in `SOCLE_ONLY` (comma-separated) stand on.
@MainActor func chosenParts() -> [Part] {
    guard let only = Context.environment["SOCLE_ONLY"], !only.isEmpty else { return parts }
    var wanted: Set<String> = []
    var pending = only.split(separator: ",").map(String.init)
    pending += pending.map { $0 + "Tests" }
    while let name = pending.popLast() {
        guard let part = byName[name], wanted.insert(name).inserted else { continue }
        pending += part.ours
    }
    return parts.filter { wanted.contains($0.name) }
}

@MainActor func target(_ part: Part) -> Target {
    let dependencies = part.ours.map { Target.Dependency.byName(name: $0) } + part.libraries.map(\.product)
    switch part.kind {
    case .system(let pkgConfig, let apt):
        return .systemLibrary(name: part.name, pkgConfig: pkgConfig, providers: [.apt([apt])])
    case .library:
        return .target(name: part.name, dependencies: dependencies, swiftSettings: settings)
    case .executable:
        return .executableTarget(name: part.name, dependencies: dependencies, swiftSettings: settings)
    case .tests:
        let data = vectors[part.name] ?? []
        return .testTarget(name: part.name, dependencies: dependencies, exclude: data, swiftSettings: settings)
    }
}

let chosen = chosenParts()
var packages: [String: Package.Dependency] = [:]
for library in chosen.flatMap(\.libraries) {
    if case .sourceControl(_, let location, _) = library.package.kind { packages[location] = library.package }
}

/// With `SOCLE_FUZZ=1`, for `deploy/fuzz` and nothing else: the decoders built for libFuzzer and AddressSanitizer, what
/// their tests share with the fuzzers, and an executable for each decoder.
@MainActor func fuzzTargets() -> [Target] {
    let sanitizers = ["-sanitize=fuzzer,address"]
    let flags = settings + [.unsafeFlags(sanitizers + ["-enable-testing"])]
    let decoders = ["COpenSSL", "OpenSSL", "RADIUS", "EAP", "NetworkLogs"].compactMap { byName[$0] }.map(target)
    for decoder in decoders where decoder.type == .regular { decoder.swiftSettings = flags }
    let shared = Target.target(
        name: "Harness", dependencies: ["OpenSSL", "RADIUS", "EAP", "NetworkLogs"], path: "Tests",
        sources: [
            "RADIUSTests/Mutation/Violation.swift", "RADIUSTests/Mutation/PacketHarness.swift",
            "RADIUSTests/Mutation/StreamHarness.swift", "RADIUSTests/Vectors/ProjectFiles.swift",
            "EAPTests/Mutation/EAPHarness.swift", "EAPTests/Mutation/FramingHarness.swift",
            "EAPTests/Mutation/ConversationHarness.swift", "EAPTests/Server/EAPWorld.swift",
            "NetworkLogsTests/Mutation/NetworkLogsHarness.swift",
        ], swiftSettings: flags)
    let driver = Target.target(name: "FuzzDriver", path: "Fuzzing/Driver", swiftSettings: settings)
    let names = ["Packet", "Stream", "EAP", "Framing", "Conversation", "Line", "Syslog", "Lease", "Flow"]
    let fuzzers = names.map { name in
        Target.executableTarget(
            name: "Fuzz\(name)", dependencies: ["Harness", "FuzzDriver"], path: "Fuzzing/\(name)", swiftSettings: flags,
            linkerSettings: [.unsafeFlags(sanitizers + ["-use-ld=lld"])])
    }
    return decoders + [shared, driver] + fuzzers
}

let isFuzzing = Context.environment["SOCLE_FUZZ"] == "1"

let package = Package(
    name: "socle",
    products: !isFuzzing && chosen.contains { $0.name == "socle" }
        ? [.executable(name: "socle", targets: ["socle"])] : [],
    dependencies: isFuzzing ? [] : packages.keys.sorted().compactMap { packages[$0] },
    targets: isFuzzing ? fuzzTargets() : chosen.map(target)
)
