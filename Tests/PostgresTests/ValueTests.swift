import Foundation
import Testing

@testable import Postgres

/// Values to the server and back.
@Suite struct ValueTests {
    private func roundTrip<Value: PostgresEncodable & PostgresDecodable & Equatable>(
        _ client: PostgresClient, _ values: [Value], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for value in values {
            let rows = try await client.query("SELECT \(value)")
            #expect(try rows.first?.decode(Value.self) == value, sourceLocation: sourceLocation)
        }
    }

    @Test func `scalars come back as they went, at their bounds too`() async throws {
        try await withDatabase { client, _ in
            try await roundTrip(client, [true, false])
            try await roundTrip(client, [Int16.min, -1, 0, Int16.max])
            try await roundTrip(client, [Int32.min, -1, 0, Int32.max])
            try await roundTrip(client, [Int64.min, -1, 0, Int64.max])
            try await roundTrip(client, [Int.min, Int.max])
            try await roundTrip(client, [UInt8.min, UInt8.max])
            try await roundTrip(
                client, [0, -0.5, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
            try await roundTrip(client, ["", "é🇫🇷'\"\\$1", String(repeating: "x", count: 100_000)])
            try await roundTrip(client, [[UInt8](), [0], Array(0...255)])
            try await roundTrip(client, [UUID()])
            try await roundTrip(client, [Int64?.none, 7])
            try await roundTrip(client, [String?.none, ""])
            let nan = try await client.query("SELECT \(Double.nan)").first?.decode(Double.self)
            #expect(nan?.isNaN == true)
        }
    }

    @Test func `moments keep their microseconds, and what lies beyond is infinity`() async throws {
        try await withDatabase { client, _ in
            let moments = [
                Date(timeIntervalSince1970: 0), Date(timeIntervalSince1970: 1_700_000_000.123456),
                Date(timeIntervalSince1970: -1), Date.distantPast, Date.distantFuture,
            ]
            for moment in moments {
                let rows = try await client.query("SELECT \(moment)")
                let back = try #require(rows.first).decode(Date.self)
                #expect(abs(back.timeIntervalSince(moment)) < 0.000_001)
            }
            let rows = try await client.query(
                "SELECT \(Date.distantFuture) = 'infinity', \(Date.distantPast) = '-infinity', \(moments[1])::text")
            let (future, past, text) = try #require(rows.first).decode(Bool.self, Bool.self, String.self)
            #expect(future && past && text.contains("22:13:20.123456"))
        }
    }

    @Test func `arrays come back with their nulls`() async throws {
        try await withDatabase { client, _ in
            try await roundTrip(client, [[Int64](), [1, -1, .max]])
            try await roundTrip(client, [[Int32?](), [nil, 1, nil], [nil]])
            try await roundTrip(client, [[Int16.min, .max]])
            try await roundTrip(client, [["", "a,b", "{\"}", "NULL"]])
            try await roundTrip(client, [[String?.none, "x"]])
            try await roundTrip(client, [[[UInt8]](), [[], [0, 1]]])
            try await roundTrip(client, [[[UInt8]?.none, [7]]])
            try await roundTrip(client, [[true, false], []])
            try await roundTrip(client, [[1.5, -.infinity]])
            try await roundTrip(client, [[UUID(), UUID()]])
            try await roundTrip(client, [[UInt8?.none, 255]])
            try await roundTrip(client, [[Date(timeIntervalSince1970: 0), .distantFuture]])
            try await roundTrip(client, [[Int64]?.none, [1]])
        }
    }

    @Test func `columns bound through unnest insert many rows at once`() async throws {
        try await withDatabase { client, _ in
            _ = try await client.write(
                "CREATE TABLE t (id bigint PRIMARY KEY, name text, at timestamptz)", repeatable: false)
            let ids = Array(Int64(1)...1000)
            let names = ids.map { $0 % 2 == 0 ? "n\($0)" : nil }
            let answer = try await client.write(
                "INSERT INTO t SELECT * FROM unnest(\(ids), \(names), \(ids.map { _ in Date() }))", repeatable: true)
            #expect(answer.affected == 1000)
            #expect(try await client.query("SELECT count(name) FROM t").first?.decode(Int.self) == 500)
        }
    }

    enum Color: String, PostgresEncodable, PostgresDecodable { case red, green }
    struct Number: RawRepresentable, Equatable, PostgresEncodable, PostgresDecodable { let rawValue: Int64 }

    @Test func `types with a raw value travel as it, and an unknown raw value is refused`() async throws {
        try await withDatabase { client, _ in
            try await roundTrip(client, [Color.red, .green])
            try await roundTrip(client, [[Color.red, .green]])
            try await roundTrip(client, [Number(rawValue: .max)])
            try await roundTrip(client, [[Number(rawValue: 1)]])
            let rows = try await client.query("SELECT 'blue'::text")
            #expect(throws: PostgresError(.decoding)) { try rows.first?.decode(Color.self) }
        }
    }

    @Test func `text travels into inet, macaddr, jsonb and enumerations through a cast`() async throws {
        try await withDatabase { client, _ in
            let rows = try await client.query(
                """
                SELECT \("2001:db8::1")::text::inet::text, \("02:00:5e:00:00:01")::text::macaddr::text,
                       \("{\"a\":1}")::text::jsonb, '{"b": 2}'::json
                """)
            let values = try #require(rows.first).decode(String.self, String.self, String.self, String.self)
            #expect(values == ("2001:db8::1/128", "02:00:5e:00:00:01", "{\"a\": 1}", "{\"b\": 2}"))
            _ = try await client.write("CREATE TYPE mood AS ENUM ('glad')", repeatable: false)
            #expect(try await client.query("SELECT 'glad'::mood").first?.decode(String.self) == "glad")
        }
    }

    @Test func `a row refuses the wrong number of columns, NULL and the wrong type, naming the column`() async throws {
        try await withDatabase { client, _ in
            let row = try #require(try await client.query("SELECT 1::int8 AS id, NULL::text AS name").first)
            #expect(throws: PostgresError(.decoding)) { try row.decode(Int.self) }
            #expect(throws: PostgresError(.decoding)) { try row.decode(Int.self, String?.self, Int.self) }
            let error = #expect(throws: PostgresError.self) { try row.decode(Int.self, String.self) }
            #expect(error?.context.contains("name") == true)
            #expect(throws: PostgresError(.decoding)) { try row.decode(String.self, String?.self) }
            #expect(throws: PostgresError(.decoding)) { try row.decode(Int.self, column: 2) }
        }
    }

    @Test func `text with a zero byte is refused by the server and harms no one else`() async throws {
        try await withDatabase { client, _ in
            await #expect(throws: PostgresError(.server(sqlState: "22021"))) {
                try await client.query("SELECT \("a\0b")")
            }
            try await roundTrip(client, ["fine"])
        }
    }
}

/// Arrays written element by element, read by the server.
@Suite struct ArrayParameterTests {
    @Test func `each type arrives as the server's own, NULLs and bounds included`() async throws {
        try await withDatabase { client, _ in
            var (numbers, words, flags) = (ArrayParameter.int8(2), ArrayParameter.text(2), ArrayParameter.bool(1))
            for number in [Int64.min, nil, .max] { numbers.append(number) }
            for word in ["", nil, "é🇫🇷'\"\\{,}"] { words.append(word) }
            flags.append(true)
            var (days, moments) = (ArrayParameter.date(2), ArrayParameter.timestamptz(1))
            var octets = ArrayParameter.bytea(1)
            for day in [0, nil, 20_000] { days.append(daysSince1970: day) }
            moments.append(Date(timeIntervalSince1970: 1.5))
            octets.append(words: 0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f)
            octets.append(octets: [])
            let rows = try await client.query(
                """
                SELECT \(numbers)::text, \(words)::text, \(flags)::text, \(days)::text,
                    extract(epoch FROM (\(moments))[1])::text, (\(octets))::text
                """)
            let row = try #require(rows.first)
            let texts = try (0..<6).map { try row.decode(String.self, column: $0) }
            #expect(texts[0] == "{-9223372036854775808,NULL,9223372036854775807}")
            #expect(texts[1] == #"{"",NULL,"é🇫🇷'\"\\{,}"}"#)
            #expect(texts[2] == "{t}")
            #expect(texts[3] == "{1970-01-01,NULL,2024-10-04}")
            #expect(texts[4] == "1.500000")
            #expect(texts[5] == #"{"\\x000102030405060708090a0b0c0d0e0f","\\x"}"#)
        }
    }

    @Test func `addresses and prefixes of both families arrive with their lengths`() async throws {
        try await withDatabase { client, _ in
            var (addresses, prefixes) = (ArrayParameter.inet(2), ArrayParameter.cidr(2))
            addresses.append(address: 0x0a00_0001, high: 0, isIPv6: false, bits: 32)
            addresses.append(address: 1, high: 0x2001_0db8_0000_0000, isIPv6: true, bits: 128)
            prefixes.append(address: 0x0a00_0000, high: 0, isIPv6: false, bits: 8)
            prefixes.append(address: 0, high: 0x2001_0db8_0000_0000, isIPv6: true, bits: 32)
            prefixes.appendNull()
            let rows = try await client.query("SELECT \(addresses)::text, \(prefixes)::text")
            let row = try #require(rows.first)
            #expect(try row.decode(String.self, column: 0) == "{10.0.0.1,2001:db8::1}")
            #expect(try row.decode(String.self, column: 1) == "{10.0.0.0/8,2001:db8::/32,NULL}")
        }
    }

    @Test func `an empty array is one, and an element of another type is refused by the server`() async throws {
        try await withDatabase { client, _ in
            let empty = try await client.query("SELECT cardinality(\(ArrayParameter.uuid(0)))")
            #expect(try empty.first?.decode(Int.self) == 0)
            var wrong = ArrayParameter.int8(1)
            wrong.append("text")
            await #expect(throws: PostgresError.self) { try await client.query("SELECT \(wrong)") }
            #expect(try await client.query("SELECT 1").count == 1)
        }
    }
}
