import ArgumentParser
import Foundation
import Logging
import Metrics
import ServiceLifecycle
import UnixSignals

/// `socle serve`: the daemons, in the foreground, until SIGTERM or SIGINT.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the daemons: all of them, or those named.",
        discussion: """
            Runs in the foreground and logs to standard error. SIGTERM and SIGINT end it in order: what was received is \
            answered first. Renewed TLS certificates are noticed by themselves.

            With --embedded DIR a private PostgreSQL in DIR is made if need be, started, migrated and stopped with us; it is \
            reached by its Unix socket alone and never runs as root.

            When the database is away it is waited for, and /health on the admin port says so.
            """)

    @Argument(help: "access (RADIUS), portal (web pages), retention (the archive). Default: all that are configured.")
    var daemons: [Daemon] = []
    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        let configuration = try installation.load()
        let metrics = MetricsRegistry()
        let (level, format) = (configuration.logging.level.severity, configuration.logging.format)
        LoggingSystem.bootstrap { LineLogHandler(label: $0, format: format, level: level) }
        MetricsSystem.bootstrap(metrics)
        // A log reader or a visitor that goes away must not end us, nor must the terminal we were started from.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGHUP, SIG_IGN)

        var logger = Logger(label: "serve")
        logger.logLevel = level
        let embedded = installation.embedded.map(EmbeddedDirectory.init(path:))
        if let embedded { try embedded.create() }
        if daemons.contains(.retention), configuration.retention == nil { throw Failure.noArchive }
        let composition = Composition(
            configuration: configuration, daemons: configuration.daemons(among: daemons),
            embedded: embedded, logger: logger, metrics: metrics)
        var group = ServiceGroupConfiguration(
            services: try composition.services(), gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(60)
        logger.info("starting", metadata: ["version": "\(SocleCommand.version)", "pid": "\(getpid())"])
        try await ServiceGroup(configuration: group).run()
        logger.info("ended")
    }
}

extension Configuration {
    /// Those that were named, or all that are configured.
    fileprivate func daemons(among named: [Daemon]) -> [Daemon] {
        Daemon.allCases.filter { named.isEmpty ? $0 != .retention || retention != nil : named.contains($0) }
    }
}

extension Configuration.Logging.Level {
    var severity: Logger.Level {
        switch self {
        case .trace: .trace
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}
