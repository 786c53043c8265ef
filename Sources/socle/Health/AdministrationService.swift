import AccessService
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The admin port: `/health` for balancers and people, `/metrics` for Prometheus, `/decisions` for `socle radius watch`. It listens from the first moment to the
/// last, so that what the process waits for can be seen.
struct AdministrationService: Service {
    let listen: ListenAddress
    let health: HealthBoard
    let metrics: MetricsRegistry
    let watch: DecisionWatch
    let logger: Logger
    /// What is asked at the moment of the question rather than counted.
    var momentary: @Sendable () -> String = { "" }
    /// Told the port that was bound, for tests that ask for any.
    var onListening: @Sendable (Int) async -> Void = { _ in }

    func run() async throws {
        let router = Router(context: AdministrationContext.self)
        let decisions = DecisionStream(watch: watch)
        router.get("/health") { _, _ in try Self.healthResponse(health.snapshot()) }
        router.get(RouterPath(DecisionStream.path)) { request, context in decisions.response(request, context) }
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusText.contentType],
                body: .init(byteBuffer: ByteBuffer(string: everything())))
        }
        let onListening = onListening
        let application = Application(
            router: router,
            configuration: .init(address: .hostname(listen.host, port: listen.port), serverName: nil),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
        do {
            try await Self.runBounded(application)
        } catch let error as IOError {
            throw Failure(
                .system, "cannot listen on \(listen) for health and metrics (errno \(error.errnoCode))",
                mend: "free the port or change admin.listen")
        }
    }

    /// Runs until the end of the service. A watcher that leaves at that very moment can keep the server waiting for its
    /// connection for ever, so after ``patience`` its tasks are cancelled.
    private static func runBounded(_ application: some ApplicationProtocol) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: patience)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// How long answers that are under way may take once the process ends.
    private static let patience = Duration.seconds(2)

    private func everything() -> String {
        metrics.render() + momentary() + ProcessMetrics.render(version: SocleCommand.version)
    }

    static func healthResponse(_ report: HealthReport) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let body = ByteBuffer(bytes: try encoder.encode(report))
        return Response(
            status: .init(code: report.httpStatus),
            headers: [.contentType: "application/json", .cacheControl: "no-store"], body: .init(byteBuffer: body))
    }
}
