// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A type of PostgreSQL by its object identifier (catalog `pg_type`); the built-in ones are fixed.
package struct PostgresType: RawRepresentable, Sendable, Hashable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package static let bool = PostgresType(rawValue: 16)
  package static let bytea = PostgresType(rawValue: 17)
  /// `"char"`, the one-byte type of the system catalogs.
  package static let singleByte = PostgresType(rawValue: 18)
  package static let name = PostgresType(rawValue: 19)
  package static let int8 = PostgresType(rawValue: 20)
  package static let int2 = PostgresType(rawValue: 21)
  package static let int4 = PostgresType(rawValue: 23)
  package static let text = PostgresType(rawValue: 25)
  package static let json = PostgresType(rawValue: 114)
  package static let float4 = PostgresType(rawValue: 700)
  package static let float8 = PostgresType(rawValue: 701)
  package static let unknown = PostgresType(rawValue: 705)
  package static let bpchar = PostgresType(rawValue: 1042)
  package static let varchar = PostgresType(rawValue: 1043)
  package static let timestamptz = PostgresType(rawValue: 1184)
  package static let uuid = PostgresType(rawValue: 2950)
  package static let jsonb = PostgresType(rawValue: 3802)

  /// The array over this type; nil for those that we never send in arrays.
  package var array: PostgresType? {
    Self.arrays[self]
  }

  /// Types made by the database's own schema (enumerations, extensions) start here.
  var isUserDefined: Bool { rawValue >= 16384 }

  /// Whether a value of this type may have the array format.
  var mayBeArray: Bool { isUserDefined || Self.arrayTypes.contains(self) }

  private static let arrays: [PostgresType: PostgresType] = [
    .bool: 1000, .bytea: 1001, .singleByte: 1002, .name: 1003, .int2: 1005, .int4: 1007,
    .text: 1009, .bpchar: 1014, .varchar: 1015, .int8: 1016, .float4: 1021, .float8: 1022,
    .timestamptz: 1185, .json: 199, .uuid: 2951, .jsonb: 3807,
  ]

  private static let arrayTypes = Set(arrays.values)
}

extension PostgresType: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: UInt32) {
    self.init(rawValue: value)
  }
}
