// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Types that are both parameter and column, alone and as elements of arrays.
package protocol PostgresScalar: PostgresEncodable, PostgresDecodable, PostgresArrayElement {}

extension Bool: PostgresScalar {
  package static var postgresType: PostgresType { .bool }

  package func encode(into buffer: inout [UInt8]) {
    buffer.append(self ? 1 : 0)
  }

  package static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> Bool {
    guard type == .bool else { throw mismatch(type) }
    guard bytes.count == 1, let byte = bytes.first, byte <= 1 else { throw malformed }
    return byte == 1
  }
}

/// Integers are read from any narrower integer column too.
extension PostgresDecodable where Self: FixedWidthInteger & BitwiseCopyable {
  package static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> Self {
    let value: Self?
    switch (type, bytes.count) {
    case (.int2, 2): value = bytes.bigEndian(as: Int16.self).flatMap(Self.init(exactly:))
    case (.int4, 4) where bitWidth >= 32:
      value = bytes.bigEndian(as: Int32.self).flatMap(Self.init(exactly:))
    case (.int8, 8) where bitWidth >= 64:
      value = bytes.bigEndian(as: Int64.self).flatMap(Self.init(exactly:))
    case (.int2, _), (.int4, _), (.int8, _): throw mismatch(type)
    default: throw mismatch(type)
    }
    guard let value else { throw malformed }
    return value
  }
}

extension Int16: PostgresScalar {
  package static var postgresType: PostgresType { .int2 }
  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: self) }
}

extension Int32: PostgresScalar {
  package static var postgresType: PostgresType { .int4 }
  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: self) }
}

extension Int64: PostgresScalar {
  package static var postgresType: PostgresType { .int8 }
  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: self) }
}

extension Int: PostgresScalar {
  package static var postgresType: PostgresType { .int8 }
  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: Int64(self)) }
}

extension Double: PostgresScalar {
  package static var postgresType: PostgresType { .float8 }

  package func encode(into buffer: inout [UInt8]) { buffer.append(bigEndian: bitPattern) }

  package static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> Double {
    switch type {
    case .float8:
      guard bytes.count == 8, let bits = bytes.bigEndian(as: UInt64.self) else { throw malformed }
      return Double(bitPattern: bits)
    case .float4:
      guard bytes.count == 4, let bits = bytes.bigEndian(as: UInt32.self) else { throw malformed }
      return Double(Float(bitPattern: bits))
    default: throw mismatch(type)
    }
  }
}

extension String: PostgresScalar {
  package static var postgresType: PostgresType { .text }

  package func encode(into buffer: inout [UInt8]) { buffer.append(contentsOf: utf8) }

  /// Reads `text`, `varchar`, `char(n)`, `"char"`, `name`, untyped literals and the types of the
  /// schema's own (enumerations are sent as their label).
  package static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> String {
    switch type {
    case .text, .varchar, .name, .unknown, .bpchar, .singleByte: break
    default: guard type.isUserDefined else { throw mismatch(type) }
    }
    // A database whose encoding is SQL_ASCII may hold anything.
    guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed }
    return text
  }
}

extension UUID: PostgresScalar {
  package static var postgresType: PostgresType { .uuid }

  package func encode(into buffer: inout [UInt8]) {
    withUnsafeBytes(of: uuid) { buffer.append(contentsOf: $0) }
  }

  package static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> UUID {
    guard type == .uuid else { throw mismatch(type) }
    guard bytes.count == 16 else { throw malformed }
    return UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
  }
}
