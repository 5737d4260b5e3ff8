// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

/// The rows that a statement returned, in binary format, as libpq keeps them.
///
/// Reading copies nothing but the values asked for.
package struct QueryResult: Sendable {
  let storage: ResultStorage

  /// Rows inserted, updated, deleted or selected, as the command tag says; 0 without a count.
  package var affectedRows: Int { storage.affectedRows }

  /// The names of the columns, left to right.
  package var columns: [String] { storage.columnNames }

  /// What the server says it has done, such as `INSERT 0 1`.
  package var commandTag: String { storage.commandTag }
}

extension QueryResult: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { storage.rowCount }
  /// A row beyond the end reads as a row without columns: every decode from it throws.
  package subscript(position: Int) -> Row { Row(storage: storage, index: position) }
}

/// One row of a result.
package struct Row: Sendable {
  let storage: ResultStorage
  let index: Int

  /// Reads one column, counted from 0. A nullable one is read as an optional.
  ///
  /// - Throws: `.decoding` when the value is of another type, null, or there is no such column.
  package func decode<T: PostgresDecodable>(
    _ column: Int, as: T.Type = T.self
  ) throws(PostgresError) -> T {
    try storage.decode(row: index, column: column)
  }

  package func reader() -> RowReader { RowReader(row: self) }
}

/// Reads the columns of a row from left to right.
package struct RowReader {
  private let row: Row
  private var column = 0

  init(row: Row) {
    self.row = row
  }

  /// - Throws: `.decoding`, as `Row.decode` does; also beyond the last column.
  package mutating func next<T: PostgresDecodable>(
    _: T.Type = T.self
  ) throws(PostgresError) -> T {
    defer { column += 1 }
    return try row.decode(column)
  }
}

/// Owner of one `PGresult`.
///
/// `@unchecked Sendable`: libpq does not change a result after handing it over, reading it from
/// several threads is allowed, and it is freed once, by the last owner. Rows and columns are
/// checked before libpq sees them: it would answer an index out of range by a notice through a
/// connection that may be gone.
final class ResultStorage: @unchecked Sendable {
  private let result: OpaquePointer
  let rowCount: Int
  let columnCount: Int

  /// Takes ownership of `result`.
  init(owning result: OpaquePointer) {
    self.result = result
    rowCount = Int(PQntuples(result))
    columnCount = Int(PQnfields(result))
  }

  deinit { PQclear(result) }

  func decode<T: PostgresDecodable>(row: Int, column: Int) throws(PostgresError) -> T {
    guard row >= 0, row < rowCount, column >= 0, column < columnCount else {
      throw PostgresError(.decoding, context: "no column \(column) in row \(row)")
    }
    let (row, column) = (Int32(row), Int32(column))
    do throws(PostgresError) {
      if PQgetisnull(result, row, column) == 1 { return try T.decodeNull() }
      let bytes = UnsafeRawBufferPointer(
        start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
      return try T.decode(bytes, type: PostgresType(rawValue: PQftype(result, column)))
    } catch {
      throw error.recoded(.decoding, context: "column \(column): \(error.context ?? "")")
    }
  }

  var affectedRows: Int {
    guard let count = PQcmdTuples(result) else { return 0 }
    return Int(String(cString: count)) ?? 0
  }

  var columnNames: [String] {
    (0..<Int32(columnCount)).map { column in
      PQfname(result, column).map { String(cString: $0) } ?? ""
    }
  }

  var commandTag: String {
    PQcmdStatus(result).map { String(cString: $0) } ?? ""
  }
}
