// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A type whose Swift array is a value of PostgreSQL: an array over it, or `bytea` for `UInt8`.
///
/// `Array` can adopt a protocol once only, so `[UInt8]` (bytea) and `[Int64]` (int8[]) share one
/// conformance that asks the element what its array is.
package protocol PostgresArrayElement: Sendable {
  static var arrayType: PostgresType { get }
  static func encodeArray(_ elements: [Self], into buffer: inout [UInt8])
  static func decodeArray(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> [Self]
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
  package static var postgresType: PostgresType { Element.arrayType }
  package func encode(into buffer: inout [UInt8]) { Element.encodeArray(self, into: &buffer) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
  package static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> [Element] {
    try Element.decodeArray(bytes, type: type)
  }
}

/// `[UInt8]` is `bytea`.
extension UInt8: PostgresArrayElement {
  package static var arrayType: PostgresType { .bytea }

  package static func encodeArray(_ elements: [UInt8], into buffer: inout [UInt8]) {
    buffer.append(contentsOf: elements)
  }

  package static func decodeArray(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> [UInt8] {
    guard type == .bytea else { throw [UInt8].mismatch(type) }
    return [UInt8](bytes)
  }
}

/// `[[UInt8]]` is `bytea[]`.
extension Array: PostgresArrayElement where Element == UInt8 {}

extension Optional: PostgresArrayElement
where Wrapped: PostgresEncodable & PostgresDecodable & PostgresArrayElement {}

/// The binary format of a one-dimensional array (`array_send`): dimensions, whether there are
/// nulls, element type; then count and lower bound; then each element behind its length, -1 for
/// null. All int32 in network byte order; an empty array has no dimension.
extension PostgresArrayElement where Self: PostgresEncodable & PostgresDecodable {
  package static var arrayType: PostgresType { postgresType.array ?? .unknown }

  package static func encodeArray(_ elements: [Self], into buffer: inout [UInt8]) {
    buffer.append(bigEndian: Int32(elements.isEmpty ? 0 : 1))
    buffer.append(bigEndian: Int32(elements.contains { $0.isNull } ? 1 : 0))
    buffer.append(bigEndian: postgresType.rawValue)
    if elements.isEmpty { return }
    buffer.append(bigEndian: Int32(clamping: elements.count))
    buffer.append(bigEndian: Int32(1))
    for element in elements {
      let lengthOffset = buffer.count
      buffer.append(bigEndian: Int32(-1))
      if element.isNull { continue }
      element.encode(into: &buffer)
      let length = buffer.count - lengthOffset - 4
      buffer.replace(at: lengthOffset, bigEndian: Int32(clamping: length))
    }
  }

  package static func decodeArray(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> [Self] {
    guard type.mayBeArray else { throw [Self].mismatch(type) }
    guard let dimensions = bytes.bigEndian(at: 0, as: Int32.self),
      let element = bytes.bigEndian(at: 8, as: UInt32.self)
    else { throw [Self].malformed }
    if dimensions == 0 { return [] }
    guard dimensions == 1, let count = bytes.bigEndian(at: 12, as: Int32.self), count >= 0,
      Int(count) <= (bytes.count - 20) / 4
    else { throw [Self].malformed }
    return try decodeElements(bytes, count: Int(count), type: PostgresType(rawValue: element))
  }

  private static func decodeElements(
    _ bytes: UnsafeRawBufferPointer, count: Int, type: PostgresType
  ) throws(PostgresError) -> [Self] {
    var elements: [Self] = []
    elements.reserveCapacity(count)
    var offset = 20
    for _ in 0..<count {
      guard let length = bytes.bigEndian(at: offset, as: Int32.self) else { throw [Self].malformed }
      offset += 4
      if length == -1 {
        elements.append(try decodeNull())
        continue
      }
      guard length >= 0, Int(length) <= bytes.count - offset else { throw [Self].malformed }
      let slice = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + Int(length))])
      elements.append(try decode(slice, type: type))
      offset += Int(length)
    }
    guard offset == bytes.count else { throw [Self].malformed }
    return elements
  }
}
