// Hansard
// SPDX-License-Identifier: Apache-2.0

import CLibPQ

extension PostgresError {
  /// The error that a failed `PGresult` carries. libpq makes results of its own, without SQLSTATE,
  /// when the connection breaks.
  init(result: OpaquePointer, failedStatement: Int?, label: String? = nil) {
    let state = Self.field(result, hansard_field_sqlstate)
    self.init(
      state == nil ? .connectionLost : .server,
      sqlState: state.map(SQLState.init(rawValue:)),
      constraint: Self.field(result, hansard_field_constraint),
      table: Self.field(result, hansard_field_table),
      failedStatement: failedStatement, label: label,
      serverMessage: PQresultErrorMessage(result).map { String(cString: $0) })
  }

  /// The error of a connection attempt. libpq gives no SQLSTATE for it but in the verbose text:
  /// `…FATAL:  57P03: the database system is starting up`.
  init(connecting message: String, context: String? = nil) {
    self.init(
      .connectionFailed, sqlState: Self.state(in: message), serverMessage: message,
      context: context)
  }

  private static func field(_ result: OpaquePointer, _ code: Int32) -> String? {
    PQresultErrorField(result, code).map { String(cString: $0) }
  }

  private static func state(in message: String) -> SQLState? {
    let bytes = Array(message.utf8)
    let marker = Array(":  ".utf8)
    for start in bytes.indices where bytes[start...].starts(with: marker) {
      let state = bytes[start...].dropFirst(marker.count).prefix(5)
      let isState = state.count == 5 && state.allSatisfy { (48...57) ~= $0 || (65...90) ~= $0 }
      guard isState, bytes[start...].dropFirst(marker.count + 5).first == UInt8(ascii: ":") else {
        continue
      }
      return SQLState(rawValue: String(decoding: state, as: UTF8.self))
    }
    return nil
  }
}
