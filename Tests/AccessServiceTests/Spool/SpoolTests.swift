import Foundation
import Testing

@testable import AccessService

@Suite struct SpoolTests {
    private func payload(_ number: Int, length: Int = 100) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: length)
    }

    /// Everything in a spool, oldest first, without consuming it.
    private func drain(_ spool: Spool, limit: Int = 7) async throws -> [[UInt8]] {
        var all: [[UInt8]] = []
        while let batch = try await spool.oldest(limit: limit) {
            all += batch.payloads
            try await spool.consume(batch)
        }
        return all
    }

    @Test func `gives records back in the order they came, over several segments`() async throws {
        let directory = try ScratchDirectory()
        let spool = try Spool(directory: directory.path, segmentBytes: 4096)
        let payloads = (0..<200).map { payload($0) }
        for start in stride(from: 0, to: 200, by: 10) { try await spool.append(Array(payloads[start..<start + 10])) }
        #expect(directory.segments.count > 3)
        #expect(try await drain(spool) == payloads)
        #expect(await spool.status.isEmpty)
        #expect(directory.segments.isEmpty)
    }

    @Test func `keeps its records over a restart`() async throws {
        let directory = try ScratchDirectory()
        do {
            let spool = try Spool(directory: directory.path)
            try await spool.append([payload(1), payload(2)])
        }
        let spool = try await reopen(directory)
        #expect(try await drain(spool) == [payload(1), payload(2)])
    }

    @Test func `a batch that is not consumed is read again after a restart`() async throws {
        let directory = try ScratchDirectory()
        do {
            let spool = try Spool(directory: directory.path)
            try await spool.append([payload(1), payload(2), payload(3)])
            let first = try #require(try await spool.oldest(limit: 1))
            try await spool.consume(first)
            _ = try await spool.oldest(limit: 1)
        }
        let all = try await drain(try await reopen(directory))
        #expect(
            all == [payload(1), payload(2), payload(3)],
            "a segment is read from its beginning until all of it is consumed")
    }

    @Test(arguments: [1, 5, 8, 9, 50, 107])
    func `cuts a record that a crash tore, and goes on behind what is whole`(_ torn: Int) async throws {
        let directory = try ScratchDirectory()
        do {
            let spool = try Spool(directory: directory.path)
            try await spool.append([payload(1), payload(2)])
        }
        let segment = try #require(directory.segments.first)
        let handle = try #require(FileHandle(forUpdatingAtPath: segment))
        let size = try handle.seekToEnd()
        try handle.truncate(atOffset: size - UInt64(torn))
        try handle.close()
        let spool = try await reopen(directory)
        #expect(await spool.status.lostBytes == 108 - torn)
        try await spool.append([payload(3)])
        #expect(try await drain(spool) == [payload(1), payload(3)])
    }

    @Test func `never gives back a record whose bytes have changed`() async throws {
        let directory = try ScratchDirectory()
        do {
            let spool = try Spool(directory: directory.path)
            try await spool.append([payload(1), payload(2)])
        }
        let segment = try #require(directory.segments.first)
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: segment)))
        bytes[bytes.count - 3] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: segment))
        #expect(try await drain(try await reopen(directory)) == [payload(1)])
    }

    @Test func `refuses what exceeds its bound, keeps what it has, and takes more once that is consumed`() async throws
    {
        let directory = try ScratchDirectory()
        let spool = try Spool(directory: directory.path, maximumBytes: 1_000)
        for number in 0..<9 { try await spool.append([payload(number)]) }
        await #expect(throws: AccessError(.spoolFull, "")) { try await spool.append([payload(9)]) }
        #expect(try await drain(spool).count == 9)
        try await spool.append([payload(9)])
        #expect(try await drain(spool) == [payload(9)])
    }

    @Test func `a batch that does not fit leaves nothing behind`() async throws {
        let directory = try ScratchDirectory()
        let spool = try Spool(directory: directory.path, maximumBytes: 1_000)
        try await spool.append([payload(1)])
        await #expect(throws: AccessError(.spoolFull, "")) { try await spool.append((0..<9).map { payload($0) }) }
        #expect(try await drain(spool) == [payload(1)])
    }

    @Test func `refuses a record longer than a RADIUS packet can be, and an empty one`() async throws {
        let spool = try Spool(directory: try ScratchDirectory().path)
        await #expect(throws: AccessError(.spool, "")) { try await spool.append([payload(1, length: 8193)]) }
        await #expect(throws: AccessError(.spool, "")) { try await spool.append([[]]) }
        try await spool.append([payload(1, length: 8192)])
    }

    @Test func `a directory serves one process at a time`() async throws {
        let directory = try ScratchDirectory()
        let spool = try Spool(directory: directory.path)
        #expect(throws: AccessError(.spool, "")) { try Spool(directory: directory.path) }
        try await spool.append([payload(1)])
    }

    @Test func `a file that is no segment is left alone`() async throws {
        let directory = try ScratchDirectory()
        try Data("hello".utf8).write(to: URL(fileURLWithPath: directory.path + "/notes.txt"))
        try Data("not a segment at all".utf8).write(
            to: URL(fileURLWithPath: directory.path + "/00000000000000000001.spool"))
        let spool = try Spool(directory: directory.path)
        try await spool.append([payload(5)])
        #expect(try await drain(spool) == [payload(5)])
    }

    @Test func `the CRC is that of RFC 3720`() {
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(zeros.withUnsafeBytes { CRC32C.checksum($0) } == 0x8a91_36aa)
        let digits = Array("123456789".utf8)
        #expect(digits.withUnsafeBytes { CRC32C.checksum($0) } == 0xe306_9283)
    }

    @Test func `a spooled record reads back as it was`() throws {
        let record = SpooledRecord(
            organisation: 3, site: -4, nas: .max, swapsOctets: true,
            receivedAt: Date(timeIntervalSince1970: 1_800_000_000.123456), packet: [4, 1, 0, 20])
        #expect(SpooledRecord(record.encoded) == record)
        #expect(SpooledRecord(Array(record.encoded.dropLast(4))) == nil)
        #expect(SpooledRecord([2] + record.encoded.dropFirst()) == nil)
    }

    /// The lock of the closed spool goes with its last reference, which the runtime drops a moment later.
    private func reopen(_ directory: ScratchDirectory) async throws -> Spool {
        let deadline = ContinuousClock.now + .seconds(5)
        while true {
            do { return try Spool(directory: directory.path) } catch {
                guard ContinuousClock.now < deadline else { throw error }
                await Task.yield()
            }
        }
    }
}
