// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

@Suite(.emptyDatabase)
struct PostgresCodableTests {
  /// Sends each value as a parameter and reads it back from a column of its type.
  private func roundTrip<T: PostgresEncodable & PostgresDecodable & Equatable>(
    _ values: [T], as type: String
  ) async throws {
    let connection = try await TestDatabase.current.connect()
    for value in values {
      let back: T = try await connection.value(Query("select $1::\(type)", value))
      #expect(back == value)
      let none: T? = try await connection.value(Query("select $1::\(type)", T?.none))
      #expect(none == nil)
    }
    await connection.close()
  }

  @Test func keepsScalarsAndTheirExtremes() async throws {
    try await roundTrip([true, false], as: "bool")
    try await roundTrip([Int16.min, -1, 0, 1, .max], as: "int2")
    try await roundTrip([Int32.min, -1, 0, 1, .max], as: "int4")
    try await roundTrip([Int64.min, -1, 0, 1, .max], as: "int8")
    try await roundTrip([Int.min, 0, .max], as: "int8")
    let doubles = [
      0, -1.5, Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, -.infinity,
    ]
    try await roundTrip(doubles, as: "float8")
    try await roundTrip(
      [UUID(), UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))], as: "uuid")
  }

  @Test func keepsNaNAndNegativeZero() async throws {
    let connection = try await TestDatabase.current.connect()
    let nan: Double = try await connection.value(Query("select $1::float8", Double.nan))
    #expect(nan.isNaN)
    let zero: Double = try await connection.value(Query("select $1::float8", -0.0))
    #expect(zero.sign == .minus)
  }

  @Test func keepsTextBytewise() async throws {
    let texts = ["", "a", "é", "e\u{301}", "\r\n", "👩‍👩‍👧", String(repeating: "x", count: 100_000)]
    try await roundTrip(texts, as: "text")
    let connection = try await TestDatabase.current.connect()
    for text in texts {
      let back: String = try await connection.value(Query("select $1::varchar", text))
      #expect(Array(back.utf8) == Array(text.utf8))
    }
    let name: String = try await connection.value(Query("select 'n'::name"))
    let byte: String = try await connection.value(Query("select 'r'::\"char\""))
    let untyped: String = try await connection.value(Query("select 'u'"))
    let padded: String = try await connection.value(Query("select 'p'::char(3)"))
    #expect([name, byte, untyped, padded] == ["n", "r", "u", "p  "])
  }

  @Test func keepsBytes() async throws {
    let all = (0...255).map { UInt8($0) }
    try await roundTrip([[], [0], all, [UInt8](repeating: 7, count: 1 << 20)], as: "bytea")
  }

  @Test func keepsTimestamps() async throws {
    let values: [Int64] = [
      0, 1, -1, 946_684_800_000_000, 1_763_683_200_123_456, .max, .min,
      -210_866_803_200_000_000, 9_223_371_000_000_000_000,
    ]
    try await roundTrip(values.map(Timestamp.init(microseconds:)), as: "timestamptz")
    let connection = try await TestDatabase.current.connect()
    let text: String = try await connection.value(
      Query(
        "select to_char($1 at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        Timestamp(microseconds: 1_763_683_200_123_456)))
    #expect(text == "2025-11-21 00:00:00.123456")
  }

  @Test func refusesTimestampsThatDoNotFit() async throws {
    let connection = try await TestDatabase.current.connect()
    let beyond = try await postgresError {
      try await connection.value(Query("select '294276-12-31'::timestamptz"), as: Timestamp.self)
    }
    #expect(beyond.code == .decoding)
    let below = try await postgresError {
      try await connection.execute(
        Query("select $1::timestamptz", Timestamp(microseconds: .min + 5)))
    }
    #expect(below.sqlState?.rawValue == "22008")
  }

  @Test func keepsArraysWithAndWithoutNulls() async throws {
    try await roundTrip([[], [true, false]], as: "bool[]")
    try await roundTrip([[], [Int16.min, .max]], as: "int2[]")
    try await roundTrip([[], [Int32.min, .max]], as: "int4[]")
    try await roundTrip([[], [Int64.min, .max]], as: "int8[]")
    try await roundTrip([[], [1, 2]], as: "int8[]")
    try await roundTrip([[], [1.5, -.infinity]], as: "float8[]")
    try await roundTrip([[], ["", "a,b", "{\"}", "null"]], as: "text[]")
    try await roundTrip([[], [UUID(), UUID()]], as: "uuid[]")
    try await roundTrip([[], [[UInt8]](), [[], [0, 255], [1]]], as: "bytea[]")
    try await roundTrip([[Timestamp(microseconds: 5), .infinity]], as: "timestamptz[]")
    try await roundTrip([[JSONText("{\"a\": 1}")]], as: "jsonb[]")
    try await roundTrip([[nil, 1, nil], [Int64?.none]], as: "int8[]")
    try await roundTrip([["a", nil], [String?.none, ""]], as: "text[]")
    try await roundTrip([[[1, 2], nil, [UInt8]()]], as: "bytea[]")
  }

  @Test func keepsJSONAsPostgreSQLWritesIt() async throws {
    let connection = try await TestDatabase.current.connect()
    let back: JSONText = try await connection.value(
      Query("select $1::jsonb", JSONText("{\"b\":1,\"a\":[true,null]}")))
    #expect(back.text == "{\"a\": [true, null], \"b\": 1}")
    let plain: JSONText = try await connection.value(Query("select '{\"b\":1}'::json"))
    #expect(plain.text == "{\"b\":1}")
  }

  @Test func readsNarrowerIntegersButNotWiderOnes() async throws {
    let connection = try await TestDatabase.current.connect()
    #expect(try await connection.value(Query("select 7::int2"), as: Int.self) == 7)
    #expect(try await connection.value(Query("select 7::int4"), as: Int64.self) == 7)
    let error = try await postgresError {
      try await connection.value(Query("select 7::int8"), as: Int32.self)
    }
    #expect(error.code == .decoding)
  }

  @Test(arguments: [
    "select null::int8", "select 'text'", "select true", "select '{1,2}'::int8[]",
    "select '\\x00'::bytea", "select 1.5::numeric", "select now()", "select 1::oid",
  ])
  func refusesAnotherTypeThanAskedFor(sql: String) async throws {
    let connection = try await TestDatabase.current.connect()
    let error = try await postgresError { try await connection.value(Query(sql), as: Int.self) }
    #expect(error.code == .decoding)
  }

  @Test func refusesColumnsAndRowsThatAreNotThere() async throws {
    let connection = try await TestDatabase.current.connect()
    let result = try await connection.execute(Query("select 1::int8 as one, 'x' as two"))
    #expect(result.columns == ["one", "two"])
    for (row, column) in [(0, 2), (0, -1), (1, 0), (-1, 0), (Int.max, Int.max)] {
      #expect(throws: PostgresError.self) { try result[row].decode(column, as: Int.self) }
    }
    var reader = try #require(result.first).reader()
    #expect(try reader.next(Int.self) == 1)
    #expect(try reader.next(String?.self) == "x")
    #expect(throws: PostgresError.self) { try reader.next(Int?.self) }
  }

  @Test func refusesNestedArrays() async throws {
    let connection = try await TestDatabase.current.connect()
    let error = try await postgresError {
      try await connection.value(Query("select '{{1,2},{3,4}}'::int8[]"), as: [Int].self)
    }
    #expect(error.code == .decoding)
  }

  @Test func survivesAnyBytes() {
    var generator = SystemRandomNumberGenerator()
    let types: [PostgresType] = [
      .bool, .bytea, .int2, .int4, .int8, .text, .jsonb, .uuid, .timestamptz, .float8, 1016, 1009,
    ]
    for _ in 0..<1_500 {
      let length = Int.random(in: 0...48, using: &generator)
      let bytes = (0..<length).map { _ in
        [0, 0, 0, 1, 255, UInt8.random(in: 0...255, using: &generator)].randomElement() ?? 0
      }
      for type in types { decodeEverything(bytes, type) }
    }
  }

  /// Only a trap would fail here: errors are what garbage is answered with.
  private func decodeEverything(_ bytes: [UInt8], _ type: PostgresType) {
    bytes.withUnsafeBytes { buffer in
      for decodable in Self.all {
        do throws(PostgresError) {
          _ = try decodable.decode(buffer, type: type)
        } catch {
          #expect(error.code == .decoding)
        }
      }
    }
  }

  private static let all: [any PostgresDecodable.Type] = [
    Bool.self, Int16.self, Int.self, Double.self, String.self, UUID.self, [UInt8].self,
    Timestamp.self, JSONText.self, [Int64].self, [String?].self, [[UInt8]].self,
  ]
}
