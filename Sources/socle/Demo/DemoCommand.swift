import ArgumentParser
import Foundation
import Synchronization
import Territory

/// Set by the signal handler of `demo visitors`; an atomic flag is all that such a handler may touch.
private let visitorsMustLeave = Atomic<Bool>(false)

/// `socle demo`: what `deploy/demo` needs besides.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Simulated visitors, for a demonstration.", subcommands: [Visitors.self])

    struct Visitors: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep simulated visitors coming.",
            discussion: """
                Each logs in by RADIUS with a voucher, surfs for some minutes with interims, leaves and comes again. --guests \
                is a CSV file with the columns site and code; the slug of the site is the NAS-Identifier. Ends on SIGINT or \
                SIGTERM, or after --for seconds, with a Stop for everybody.
                """)

        @Option(help: "How many.") var count = 50
        @Option(help: ArgumentHelp("CSV file with the columns site and code.", valueName: "file")) var guests: String
        @Option(help: ArgumentHelp("File with the gateways' RADIUS secret.", valueName: "file")) var secretFile: String
        @Option(help: "Address of the server.") var host = "127.0.0.1"
        @Option(help: "Its port for authentication.") var authenticationPort = 1812
        @Option(help: "Its port for accounting.") var accountingPort = 1813
        @Option(name: .customLong("for"), help: "Seconds; otherwise until it is told to end.") var seconds: Double?

        func validate() throws {
            guard (1...10_000).contains(count) else { throw ValidationError("--count: 1 to 10000") }
        }

        func run() throws {
            let guests = try GuestList.read(guests)
            let visitors = (0..<count).map { number in
                let guest = guests[number % guests.count]
                // They arrive one after the other over some seconds, as people do.
                return Visitor(
                    number: number, code: guest.code, gateway: guest.site,
                    arrivesAt: Double(number) * min(0.2, 20 / Double(count)))
            }
            let gateway = try SimulatedGateway(
                host: host, authenticationPort: authenticationPort, accountingPort: accountingPort,
                secret: try CommandFile.secret(secretFile).bytes)
            signal(SIGINT) { _ in visitorsMustLeave.store(true, ordering: .relaxed) }
            signal(SIGTERM) { _ in visitorsMustLeave.store(true, ordering: .relaxed) }
            let end = seconds.map { Date.now.addingTimeInterval($0) } ?? .distantFuture
            var crowd = Crowd(visitors, gateway: gateway)
            try crowd.run {
                visitorsMustLeave.load(ordering: .relaxed) || Date.now >= end
            } report: {
                Console.error("visitors: \($0.line)")
            }
            guard crowd.tally.logins > 0 else {
                throw Failure(
                    .unavailable, "no visitor got in", mend: "does the server answer, and are the vouchers valid now?")
            }
        }
    }
}
