// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One statement with its parameters, encoded already, so that the connection only hands it on.
package struct Query: Sendable {
  package let sql: String
  /// Whether the statement may be prepared and kept. Say false for texts that vary: each would
  /// push another out of the cache.
  package let prepared: Bool
  /// What an error of this statement calls it, wherever it stood; nil where nobody asks.
  package private(set) var label: StaticString?
  let parameters: Parameters

  /// - Parameter parameters: for `$1`, `$2`, …; at most 65,535.
  package init(_ sql: String, _ parameters: any PostgresEncodable..., prepared: Bool = true) {
    self.init(sql, parameters: parameters, prepared: prepared)
  }

  package init(_ sql: String, parameters: [any PostgresEncodable], prepared: Bool = true) {
    self.sql = sql
    self.prepared = prepared
    self.parameters = Parameters(parameters)
  }

  /// The same statement under a label.
  package func labelled(_ label: StaticString) -> Query {
    var query = self
    query.label = label
    return query
  }
}

/// Parameters in binary format: all bytes in one buffer, a type and a length for each.
struct Parameters: Sendable {
  private(set) var types: [UInt32] = []
  /// In bytes, -1 for null.
  private(set) var lengths: [Int] = []
  private(set) var bytes: [UInt8] = []

  init(_ values: [any PostgresEncodable]) {
    guard !values.isEmpty else { return }
    types.reserveCapacity(values.count)
    lengths.reserveCapacity(values.count)
    for value in values { append(value) }
  }

  private mutating func append(_ value: some PostgresEncodable) {
    types.append(type(of: value).postgresType.rawValue)
    let start = bytes.count
    guard !value.isNull else { return lengths.append(-1) }
    value.encode(into: &bytes)
    lengths.append(bytes.count - start)
  }

  var count: Int { types.count }

  /// Calls `body` with what libpq's send functions take: values, lengths, formats (all binary).
  /// The pointers are valid during the call only.
  func withPointers<R>(
    _ body: (
      UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) -> R
  ) -> R {
    if types.isEmpty { return body(nil, nil, nil) }
    return bytes.withUnsafeBytes { buffer in
      withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 2) { numbers in
          fill(values, numbers, from: buffer)
          let lengths = numbers.baseAddress.map { UnsafePointer($0) }
          return body(
            values.baseAddress.map { UnsafePointer($0) }, lengths, lengths.map { $0 + count })
        }
      }
    }
  }

  private func fill(
    _ values: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>,
    _ numbers: UnsafeMutableBufferPointer<Int32>, from buffer: UnsafeRawBufferPointer
  ) {
    var offset = 0
    for (index, length) in lengths.enumerated() {
      values.initializeElement(at: index, to: pointer(in: buffer, at: offset, length: length))
      numbers.initializeElement(at: index, to: Int32(clamping: max(length, 0)))
      numbers.initializeElement(at: count + index, to: 1)
      offset += max(length, 0)
    }
  }

  /// libpq takes a null pointer for NULL, so an empty value needs some other address.
  private func pointer(
    in buffer: UnsafeRawBufferPointer, at offset: Int, length: Int
  ) -> UnsafePointer<CChar>? {
    if length < 0 { return nil }
    guard let base = buffer.baseAddress else { return Self.emptyValue }
    return (base + offset).assumingMemoryBound(to: CChar.self)
  }

  /// One immortal zero byte, never written and never freed.
  nonisolated(unsafe) private static let emptyValue: UnsafePointer<CChar> = {
    let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
  }()
}
