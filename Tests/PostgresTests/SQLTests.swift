import Foundation
import Testing

@testable import Postgres

@Suite struct SQLTests {
    @Test func `what is interpolated becomes a parameter, never text`() {
        let sql: SQL = "SELECT \(1), \("x'; DROP TABLE t; --")"
        #expect(sql.text == "SELECT $1, $2")
        #expect(sql.types == [.int8, .text])
    }

    @Test func `a part brings its parameters, which are numbered on`() {
        let part: SQL = "b = \(2) AND c = \("three")"
        let sql: SQL = "SELECT a FROM \(unescaped: "t") WHERE a = \(1) AND (\(part)) AND d = \(4.0)"
        #expect(sql.text == "SELECT a FROM t WHERE a = $1 AND (b = $2 AND c = $3) AND d = $4")
        #expect(sql.types == [.int8, .int8, .text, .float8])
        #expect((part + " OR " + part).text == "b = $1 AND c = $2 OR b = $3 AND c = $4")
    }

    @Test func `ten parts keep their numbers apart`() {
        var sql: SQL = "SELECT "
        for number in 1...12 { sql = sql + "\(number), " }
        #expect(sql.text.hasSuffix("$9, $10, $11, $12, "))
        let doubled = sql + sql
        #expect(doubled.text.hasSuffix("$23, $24, ") && doubled.fields.count == 24)
    }

    @Test func `too many parameters are refused before they are sent`() {
        var sql: SQL = ""
        for _ in 0...SQL.maximumParameters { sql.append(parameter: true) }
        #expect(throws: PostgresError(.tooLarge)) { try sql.checkSize() }
    }

    @Test func `an error shows neither parameters nor the server's text in its description`() {
        let error = ServerFailure(sqlState: "23505", constraint: "account_login", text: "Key (login)=(x) exists").error
        #expect(error.description == "postgres: refused by the server (23505), constraint account_login")
        #expect(error.debugDescription.contains("Key (login)=(x) exists"))
        #expect(
            error == PostgresError(.server(sqlState: "23505")) && error != PostgresError(.server(sqlState: "23503")))
    }
}

/// Bytes a server would not send: they must be refused and never trap.
@Suite struct DecodingTests {
    private func decode<Value: PostgresDecodable>(
        _: Value.Type, _ bytes: [UInt8], _ type: PostgresType
    ) throws -> Value {
        try bytes.withUnsafeBytes { raw in try Value.decode(raw.bytes, type: type) }
    }

    @Test(arguments: 0..<8) func `an integer cut short is refused`(_ length: Int) {
        let bytes = [UInt8](repeating: 1, count: length)
        #expect(throws: PostgresError(.decoding)) { try decode(Int64.self, bytes, .int8) }
    }

    @Test func `an integer that does not fit is refused`() throws {
        #expect(try decode(Int16.self, [0, 0, 0x7f, 0xff], .int4) == 32_767)
        #expect(throws: PostgresError(.decoding)) { try decode(Int16.self, [0, 0, 0x80, 0], .int4) }
        #expect(try decode(UInt8.self, [0, 255], .int2) == 255)
        #expect(throws: PostgresError(.decoding)) { try decode(UInt8.self, [255, 255], .int2) }
    }

    @Test func `a value of another type is refused`() {
        #expect(throws: PostgresError(.decoding)) { try decode(Int.self, [0, 0, 0, 1], .text) }
        #expect(throws: PostgresError(.decoding)) { try decode(String.self, [0, 0, 0, 1], .int4) }
        #expect(throws: PostgresError(.decoding)) { try decode(Bool.self, [], .bool) }
        #expect(throws: PostgresError(.decoding)) { try decode(UUID.self, [1, 2], .uuid) }
        #expect(throws: PostgresError(.decoding)) { try decode([UInt8].self, [1, 2], .text) }
    }

    @Test func `text that is not UTF-8 and jsonb of another version are refused`() throws {
        #expect(throws: PostgresError(.decoding)) { try decode(String.self, [0xC3, 0x28], .text) }
        #expect(throws: PostgresError(.decoding)) { try decode(String.self, [], .jsonb) }
        #expect(throws: PostgresError(.decoding)) { try decode(String.self, [2, 0x7B, 0x7D], .jsonb) }
        #expect(try decode(String.self, [1, 0x7B, 0x7D], .jsonb) == "{}")
    }

    @Test func `an array that lies about its length is refused without allocating for it`() throws {
        var header: [UInt8] = []
        for value: Int32 in [1, 0, 23, Int32.max, 1] { header.appendBigEndian(value) }
        #expect(throws: PostgresError(.decoding)) { try decode([Int32].self, header, .int4Array) }
        var two: [UInt8] = []
        for value: Int32 in [1, 0, 23, 2, 1, 4, 7, 100, 7] { two.appendBigEndian(value) }
        #expect(throws: PostgresError(.decoding)) { try decode([Int32].self, two, .int4Array) }
        #expect(throws: PostgresError(.decoding)) { try decode([Int32].self, [], .int4Array) }
    }

    @Test func `random bytes are refused or decoded, and never trap`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0..<40)).map { _ in UInt8.random(in: 0...255, using: &random) }
            if bytes.count > 12, Bool.random() { bytes.replaceSubrange(0..<4, with: [0, 0, 0, 1]) }
            _ = try? decode([Int?].self, bytes, .int8Array)
            _ = try? decode([String?].self, bytes, .textArray)
            _ = try? decode([[UInt8]?].self, bytes, .byteaArray)
            _ = try? decode(Date.self, bytes, .timestamptz)
            _ = try? decode(Double.self, bytes, .float4)
        }
    }
}
