// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A value that can be a parameter, in PostgreSQL's binary format.
package protocol PostgresEncodable: Sendable {
  /// The type that the parameter is declared with.
  static var postgresType: PostgresType { get }
  /// Appends the binary format of the value; not called when `isNull`.
  func encode(into buffer: inout [UInt8])
  var isNull: Bool { get }
}

extension PostgresEncodable {
  package var isNull: Bool { false }
}

/// A value that can be read from a column in binary format.
package protocol PostgresDecodable: Sendable {
  /// - Throws: `.decoding` when `type` is another type or the bytes have the wrong shape. No input
  ///   traps: lengths are checked before bytes are read.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> Self
  /// What a NULL becomes; only optionals can hold it.
  static func decodeNull() throws(PostgresError) -> Self
}

extension PostgresDecodable {
  package static func decodeNull() throws(PostgresError) -> Self {
    throw PostgresError(.decoding, context: "null where \(Self.self) was expected")
  }

  /// The error for a column of another type.
  static func mismatch(_ type: PostgresType) -> PostgresError {
    PostgresError(.decoding, context: "type \(type.rawValue) is not \(Self.self)")
  }

  /// The error for bytes that the type does not allow.
  static var malformed: PostgresError {
    PostgresError(.decoding, context: "malformed \(Self.self)")
  }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  package static var postgresType: PostgresType { Wrapped.postgresType }

  package func encode(into buffer: inout [UInt8]) {
    self?.encode(into: &buffer)
  }

  package var isNull: Bool { self?.isNull ?? true }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  package static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> Wrapped? {
    try Wrapped.decode(bytes, type: type)
  }

  package static func decodeNull() throws(PostgresError) -> Wrapped? { nil }
}

extension [UInt8] {
  /// Appends an integer in network byte order.
  mutating func append(bigEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }

  /// Overwrites four bytes at `offset` in network byte order.
  mutating func replace(at offset: Int, bigEndian value: Int32) {
    withUnsafeMutableBytes { bytes in
      guard offset >= 0, offset <= bytes.count - 4 else { return }
      bytes.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Int32.self)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The integer in network byte order at `offset`, nil beyond the end.
  func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int = 0, as: T.Type = T.self
  ) -> T? {
    guard offset >= 0, offset <= count - MemoryLayout<T>.size else { return nil }
    return T(bigEndian: loadUnaligned(fromByteOffset: offset, as: T.self))
  }
}
