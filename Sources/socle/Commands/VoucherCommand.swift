import ArgumentParser
import Foundation
import Store
import Territory

/// `socle voucher`: codes handed out at the desk.
struct VoucherCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voucher", abstract: "Codes handed out at the desk.", subcommands: [Create.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make one voucher, or a batch.",
            discussion: """
                The codes are shown now or written to --csv, and nowhere else: only a digest of each is stored. Validity and \
                devices are the package's unless said otherwise.
                """)

        @Option(help: "Slug of the site they work at.") var site: String
        @Flag(help: "They work at every site of the same commune.") var everywhere = false
        @Option(help: "How many, up to a million.") var count = 1
        @Option(
            help: ArgumentHelp("Write the codes to a new CSV file, readable by its owner alone.", valueName: "file"),
            completion: .file(extensions: ["csv"]))
        var csv: String?
        @Option(help: "Days they are valid, from now on.") var days: Int?
        @Option(help: "Devices each lets in at once.") var devices: Int?
        @Option(help: "What the desk calls them; no person's name.") var label = ""
        @Option(help: "The group of the site's package that who uses them is in.") var group: String?
        @Flag(help: "Say what would be made and make nothing.") var dryRun = false
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard (1...Vouchers.largestBatch).contains(count) else {
                throw ValidationError("--count: 1 to \(Vouchers.largestBatch)")
            }
            guard days.map({ (1...3660).contains($0) }) ?? true else { throw ValidationError("--days: 1 to 3660") }
            guard devices.map({ (1...1000).contains($0) }) ?? true else {
                throw ValidationError("--devices: 1 to 1000")
            }
            guard label.count <= 200 else { throw ValidationError("--label: at most 200 characters") }
            try GroupName.validate(group)
        }

        func run() async throws {
            try await Administration.run(installation) { administration in
                let site = try await administration.site(slug: site)
                let plan = try await administration.sites.withPackages([site.id]).first?.package.login.voucher
                let now = Date.now
                let seconds = days.map { Double($0) * 86_400 } ?? Double(plan?.validSeconds ?? 86_400)
                let request = NewVoucher(
                    organisation: site.organisationID, site: everywhere ? nil : site.id, label: label,
                    devices: devices ?? plan?.devices ?? 1, validFrom: now, validUntil: now.addingTimeInterval(seconds),
                    group: group)
                if dryRun {
                    return Console.print(
                        "would make \(count) vouchers, valid until \(request.validUntil.formatted(.iso8601)); nothing is changed"
                    )
                }
                let output = try VoucherOutput(csv: csv, site: everywhere ? "" : site.slug.rawValue, request)
                // Each part is all or nothing, and its codes are written down before the next one is made.
                for start in stride(from: 0, to: count, by: Vouchers.largestBatch) {
                    let part = min(Vouchers.largestBatch, count - start)
                    try output.write(try await administration.vouchers.create(request, count: part).map(\.code))
                }
                try await administration.record(
                    "voucher.create", organisation: site.organisationID,
                    ["site": site.slug.rawValue, "count": "\(count)"])
                try await administration.warnOfUnknownGroup(group, of: site.organisationID)
                if let csv {
                    Console.print(
                        "\(count) vouchers written to \(csv), valid until \(request.validUntil.formatted(.iso8601))")
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take vouchers back.",
            discussion: "Ends their grants and disconnects their sessions, on every node within a second.")

        @Option(help: "Slug of the site they were made for.") var site: String
        @Argument(help: "Codes; - reads them from standard input, one a line.") var codes: [String]
        @Flag(help: "Say what would be taken back and change nothing.") var dryRun = false
        @OptionGroup var installation: InstallationOptions

        func run() async throws {
            let typed =
                codes == ["-"]
                ? String(decoding: try CommandFile.read("-"), as: UTF8.self).split(whereSeparator: \.isNewline).map(
                    String.init)
                : codes
            let parsed = typed.compactMap { VoucherCode(typed: $0) }
            guard parsed.count == typed.count, !parsed.isEmpty else {
                throw Failure(
                    .data, "\(typed.count - parsed.count) of \(typed.count) are no voucher codes",
                    mend: "ten characters each")
            }
            try await Administration.run(installation) { administration in
                let site = try await administration.site(slug: site)
                let found = try await administration.vouchers.find(parsed, of: site.organisationID).values
                    .filter { $0.organisationID == site.organisationID }
                guard !found.isEmpty else {
                    throw Failure(.notFound, "none of these codes is a voucher of this site's commune")
                }
                if dryRun {
                    return Console.print("would take back \(found.count) of \(parsed.count); nothing is changed")
                }
                let report = try await administration.vouchers.revoke(
                    found.map(\.id), of: site.organisationID, at: .now)
                try await administration.record(
                    "voucher.revoke", organisation: site.organisationID, ["count": "\(report.vouchers)"])
                Console.print(
                    "\(report.vouchers) of \(parsed.count) taken back, \(report.grants) grants ended, \(report.sessions) sessions being disconnected"
                )
            }
        }
    }
}
