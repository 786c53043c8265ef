import Foundation
import Testing

@testable import Evidence

/// The files of `vectors/`, which ArchiveFormat.md points other writers of readers to. They were written once and are
/// read for ever; `SOCLE_REWRITE_GOLDEN=1` writes them anew, under new keys.
@Suite(.serialized) struct VectorTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "vectors")
    static let schemas = [Schema.destinations, .sessions, .documents]
    private static let holders = ["auditor", "officer-1", "officer-2", "officer-3"]

    private static let ready = Result {
        if ProcessInfo.processInfo.environment["SOCLE_REWRITE_GOLDEN"] == "1" { try rewrite() }
    }

    init() throws { try VectorTests.ready.get() }

    private static func octets(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    private static func text(_ name: String) throws -> String { String(decoding: try octets(name), as: UTF8.self) }

    private static func write(_ name: String, _ octets: some Sequence<UInt8>) throws {
        try Data(octets).write(to: folder.appending(path: name))
    }

    // Reading.

    @Test(arguments: schemas)
    func `a segment of the vectors holds the records beside it`(schema: Schema) throws {
        let file = try SegmentFile(SegmentSource(VectorTests.octets("\(schema.name).segment")))
        let expected = try VectorTests.text("\(schema.name).records")
        let auditor = try KeyFile.key(VectorTests.text("auditor.key"))
        let whole = try SegmentReader(file, DataKey(auditor: #require(try file.shares(of: auditor).first)))
        #expect(try VectorTests.lines(whole) == expected)
        let officers = try [1, 3].map { try file.shares(of: KeyFile.key(VectorTests.text("officer-\($0).key"))) }
        let together = try SegmentReader(file, DataKey(try #require(officers.first), try #require(officers.last)))
        #expect(try VectorTests.lines(together) == expected)
        #expect(try whole.verify() == file.header.records)
    }

    @Test func `the vectors' archive verifies, and its checkpoint's keys are those beside it`() throws {
        let keys = try VectorTests.text("log.vkeys").split(separator: "\n").map { try NoteVerifier(String($0)) }
        let terms = ArchiveVerifier.Terms(
            origin: "archive.example/vectors", logKeys: [try #require(keys.first)],
            witnesses: [try #require(keys.last)], instant: Samples.day.upperBound)
        let segments = Dictionary(
            uniqueKeysWithValues: try VectorTests.schemas.map { schema in
                let octets = try VectorTests.octets("\(schema.name).segment")
                return (try SegmentFile(SegmentSource(octets)).header.label.objectName, octets)
            })
        let storage = ArchiveStorage(
            read: { try? VectorTests.octets($0) }, names: { $0 == "segments/" ? Array(segments.keys) : [] },
            segment: { segments[$0].map { SegmentSource($0) } })
        let report = ArchiveVerifier(storage, terms).verify()
        #expect(report.findings == [])
        #expect(report.entries == [.sealed: 3])
    }

    @Test(arguments: schemas, [["auditor"], ["officer-1", "officer-2"], ["officer-3", "officer-2"]])
    func `a reader in another language, written from the format's page, reads the same`(
        schema: Schema, holders: [String]
    )
        throws
    {
        let files = ["\(schema.name).segment"] + holders.map { $0 + ".key" }
        let (status, output) = try VectorTests.python(files)
        #expect(status == 0)
        #expect(output == (try VectorTests.text("\(schema.name).records")))
    }

    @Test func `a reader in another language refuses one officer alone`() throws {
        #expect(try VectorTests.python(["sessions.segment", "officer-1.key"]).status != 0)
    }

    @Test func `Go's note and Merkle tree packages accept the checkpoint and the entries under it`() throws {
        let vkey = try #require(try VectorTests.text("log.vkeys").split(separator: "\n").first)
        let environment = ["GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "-trimpath"]
        let (status, output) = try VectorTests.run(
            "/usr/bin/go",
            ["run", VectorTests.folder.appending(path: "checkpoint.go").path, VectorTests.folder.path, String(vkey)],
            environment)
        #expect(status == 0)
        #expect(output == "archive.example/vectors 3\n")
    }

    private static func python(_ names: [String]) throws -> (status: Int32, output: String) {
        try run("/usr/bin/python3", (["reader.py"] + names).map { folder.appending(path: $0).path })
    }

    private static func run(_ program: String, _ arguments: [String], _ environment: [String: String] = [:])
        throws -> (status: Int32, output: String)
    {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    // Records as lines.

    private static func lines(_ reader: SegmentReader) throws -> String {
        try (0..<reader.blocks).flatMap { try reader.records(ofBlock: $0) }
            .map { record in reader.schema.fields.map { value($0, record) }.joined(separator: " ") + "\n" }.joined()
    }

    private static func value(_ field: Field, _ record: ArchivedRecord) -> String {
        switch field {
        case .start: String(record.start)
        case .end: String(record.end)
        case .received: String(record.received)
        case .publicAddress: Hexadecimal.text(record.publicAddress.octets)
        case .privateAddress: Hexadecimal.text(record.privateAddress.octets)
        case .destinationAddress: Hexadecimal.text(record.destinationAddress.octets)
        case .publicPort: String(record.publicPort)
        case .publicPortEnd: String(record.publicPortEnd)
        case .privatePort: String(record.privatePort)
        case .destinationPort: String(record.destinationPort)
        case .transport: String(record.transport)
        case .mac: String(record.mac)
        case .event: String(record.event.rawValue)
        case .flags: String(record.flags.rawValue)
        case .clockOffset: String(record.clockOffset)
        case .clockTolerance: String(record.clockTolerance)
        case .octetsIn: String(record.octetsIn)
        case .octetsOut: String(record.octetsOut)
        case .subject: hexadecimal(record.subject)
        case .source: hexadecimal(record.source)
        case .site: hexadecimal(record.site)
        case .accessPoint: hexadecimal(record.accessPoint)
        case .reference: hexadecimal(record.reference)
        case .payload: hexadecimal(record.payload)
        }
    }

    private static func hexadecimal(_ octets: [UInt8]) -> String { octets.isEmpty ? "-" : Hexadecimal.text(octets) }

    // Writing.

    private static func rewrite() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let keys = holders.map { ArchiveKey(generating: $0 == "auditor" ? .auditor : .officer, name: $0) }
        for (name, key) in zip(holders, keys) { try write("\(name).key", KeyFile.text(key).utf8) }
        let auditor = try #require(keys.first)
        let recipients = try Recipients(auditor: auditor.recipient, officers: keys.dropFirst().map(\.recipient))
        var writer = LogWriter()
        for schema in schemas {
            let segment = try records(schema).seal(Samples.label(), to: recipients)
            try write("\(schema.name).segment", segment.octets)
            let file = try SegmentFile(SegmentSource(segment.octets))
            let reader = try SegmentReader(file, DataKey(auditor: #require(try file.shares(of: auditor).first)))
            try write("\(schema.name).records", lines(reader).utf8)
            try writer.append(LogEntry.sealed(segment).encoded)
        }
        try writeLog(&writer)
    }

    private static func writeLog(_ writer: inout LogWriter) throws {
        let log = try NoteSigner(generating: .log, name: "archive.example/vectors")
        let witness = try NoteSigner(generating: .cosigner, name: "audit.example/witness")
        for object in writer.objects() {
            let url = folder.appending(path: object.path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try write(object.path, object.octets)
        }
        var note = try Checkpoint(origin: "archive.example/vectors", size: writer.size, root: writer.root).signed(
            by: log)
        try note.cosign(witness, time: UInt64(Samples.day.upperBound / 1000))
        try write("checkpoint", note.encoded.utf8)
        try write("log.vkeys", "\(log.verifier)\n\(witness.verifier)\n".utf8)
    }

    /// Forty records that use every encoding.
    private static func records(_ schema: Schema) throws -> SegmentBuilder {
        let builder = SegmentBuilder(schema)
        var flows = GeneratedFlows(seed: 7, start: Samples.day.lowerBound)
        for number in 0..<40 {
            var record = ArchivedRecord()
            record.copyNumbers(of: flows.flow().record)
            record.mac = 0x0200_5e00_5300 + UInt64(number % 7)
            if number == 3 { record.publicAddress = NetworkAddress(high: 0x2001_0db8_0000_0000, low: 1) }
            if number % 9 == 0 {
                record.publicPort = 1024
                (record.publicPortEnd, record.event, record.transport) = (1535, .portBlock, 0)
            }
            if number == 5 { (record.end, record.flags) = (record.start - 1, [.inferredEnd, .clockDegraded]) }
            record.clockOffset = Int32(number % 3) - 1
            record.clockTolerance = 2000
            record.source = [UInt8]("gateway-\(number % 4)".utf8)
            record.site = [UInt8]("médiathèque".utf8)
            record.subject = number % 2 == 0 ? [] : [UInt8]("a:\(number % 5)".utf8)
            record.reference = [UInt8](String(number).utf8)
            record.payload = [UInt8]("{\"n\":\(number)}".utf8)
            try builder.append(record)
        }
        return builder
    }
}
