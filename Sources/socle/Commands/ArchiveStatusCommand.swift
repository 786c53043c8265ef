import ArgumentParser
import Foundation
import Store
import Territory

/// `socle archive status`: what a person wants to know of the archive in the morning.
struct ArchiveStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How the archive does: sources, classes, space.",
        discussion: "Exit status 1 when a source is silent or something is kept for too long.")
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var installation: InstallationOptions

    /// One source.
    struct SourceLine: Encodable {
        let source, site: String
        let lastEvent, lastReceived, silentSince: Date?
        let records, ignored, malformed, lost: Int64
        let clockOffsetMilliseconds: Int32?
    }

    /// What is sealed of one class.
    struct ClassLine: Encodable {
        let recordClass: String
        let segments: Int
        let records, bytes: Int64
        let oldest, newest: Date
        let nextExpiry: Date
        let overdue: Int
    }

    /// Everything.
    struct Report: Encodable {
        let sources: [SourceLine]
        let classes: [ClassLine]
        let freeBytes: Int64?
    }

    func run() async throws {
        try await Administration.run(installation) { administration in
            guard let retention = administration.configuration.retention else { throw Failure.noArchive }
            let report = Report(
                sources: try await LogSources(administration.client).sightings().map(Self.line),
                classes: Self.classes(try await SegmentCatalogue(administration.client).kept(), at: .now),
                freeBytes: Self.free(retention.directory))
            if json { try Console.json(report) } else { Self.show(report) }
            let silent = report.sources.filter { $0.silentSince != nil }.count
            let overdue = report.classes.reduce(0) { $0 + $1.overdue }
            if silent + overdue > 0 { throw ExitCode(1) }
        }
    }

    private static func line(_ source: LogSource, _ seen: SourceSighting) -> SourceLine {
        SourceLine(
            source: source.name, site: source.site.rawValue, lastEvent: seen.lastEventAt,
            lastReceived: seen.lastReceivedAt, silentSince: seen.silentSince, records: seen.records,
            ignored: seen.ignored, malformed: seen.malformed, lost: seen.lost,
            clockOffsetMilliseconds: seen.clockOffsetMilliseconds)
    }

    /// What is kept of each class, oldest and newest, and what should be gone.
    static func classes(_ kept: [CataloguedSegment], at now: Date) -> [ClassLine] {
        Dictionary(grouping: kept, by: \.retentionClass).sorted { $0.key < $1.key }.compactMap {
            recordClass, segments in
            guard let oldest = segments.map(\.periodStart).min(), let newest = segments.map(\.periodEnd).max(),
                let next = segments.map(\.expiresAt).min()
            else { return nil }
            return ClassLine(
                recordClass: recordClass, segments: segments.count, records: segments.reduce(0) { $0 + $1.records },
                bytes: segments.reduce(0) { $0 + $1.bytes }, oldest: oldest, newest: newest, nextExpiry: next,
                overdue: segments.filter { $0.expiresAt <= now }.count)
        }
    }

    private static func free(_ directory: String) -> Int64? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: directory)
        return (attributes?[.systemFreeSize] as? NSNumber)?.int64Value
    }

    private static func show(_ report: Report) {
        let time = { (date: Date?) in date.map { $0.formatted(.iso8601) } ?? "never" }
        var sources = Table(
            ["source", "site", "last event", "records", "unread", "lost", "clock", ""],
            right: ["records", "unread", "lost", "clock"])
        for one in report.sources {
            sources.add([
                one.source, one.site, time(one.lastEvent), "\(one.records)", "\(one.malformed)", "\(one.lost)",
                one.clockOffsetMilliseconds.map { "\(Double($0) / 1_000) s" } ?? "",
                one.silentSince.map { "silent since \(time($0))" } ?? "",
            ])
        }
        Console.print(report.sources.isEmpty ? "No source is declared: socle archive source add" : sources.text)
        var classes = Table(
            ["class", "segments", "records", "octets", "oldest", "newest", "next due", ""],
            right: ["segments", "records", "octets"])
        for one in report.classes {
            classes.add([
                one.recordClass, "\(one.segments)", "\(one.records)", "\(one.bytes)", time(one.oldest),
                time(one.newest),
                time(one.nextExpiry), one.overdue == 0 ? "" : "\(one.overdue) KEPT TOO LONG",
            ])
        }
        Console.print(report.classes.isEmpty ? "Nothing is sealed yet." : classes.text)
        if let free = report.freeBytes {
            let used = report.classes.reduce(0) { $0 + $1.bytes }
            Console.print("\(used / 1_000_000) MB sealed, \(free / 1_000_000) MB free")
        }
    }
}
