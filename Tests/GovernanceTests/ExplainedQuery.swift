// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

@testable import Governance
@testable import Postgres

extension Query {
  /// The same question, with the same parameters, to be explained instead of answered.
  func explained(_ options: String) -> Query {
    var offset = 0
    let values: [any PostgresEncodable] = zip(parameters.types, parameters.lengths).map {
      type, length in
      defer { offset += max(0, length) }
      let bytes = length < 0 ? nil : Array(parameters.bytes[offset..<offset + length])
      return Self.encoded(bytes, as: type)
    }
    return Query("explain (\(options)) \(sql)", parameters: values, prepared: false)
  }

  private static func encoded(_ bytes: [UInt8]?, as type: UInt32) -> any PostgresEncodable {
    switch PostgresType(rawValue: type) {
    case UUID.postgresType: Encoded<UUID>(bytes: bytes)
    case Int32.postgresType: Encoded<Int32>(bytes: bytes)
    case Int64.postgresType: Encoded<Int64>(bytes: bytes)
    case Timestamp.postgresType: Encoded<Timestamp>(bytes: bytes)
    case [String].postgresType: Encoded<[String]>(bytes: bytes)
    default: Encoded<String>(bytes: bytes)
    }
  }
}

/// A parameter that was encoded before.
private struct Encoded<Value: PostgresEncodable>: PostgresEncodable {
  static var postgresType: PostgresType { Value.postgresType }
  let bytes: [UInt8]?
  var isNull: Bool { bytes == nil }
  func encode(into buffer: inout [UInt8]) { buffer += bytes ?? [] }
}
