// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A point in time as `timestamptz` keeps it: microseconds since 1970-01-01T00:00:00Z.
///
/// `.max` and `.min` stand for PostgreSQL's `infinity` and `-infinity`.
package struct Timestamp: Sendable, Hashable, Comparable {
  package var microseconds: Int64

  package init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  package static let infinity = Timestamp(microseconds: .max)
  package static let negativeInfinity = Timestamp(microseconds: .min)

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }
}

extension Timestamp: PostgresScalar {
  package static var postgresType: PostgresType { .timestamptz }

  /// PostgreSQL counts from 2000-01-01T00:00:00Z.
  private static let epoch: Int64 = 946_684_800_000_000

  /// What lies below PostgreSQL's range is sent as a value that the server refuses as out of range.
  package func encode(into buffer: inout [UInt8]) {
    if self == .infinity || self == .negativeInfinity {
      return buffer.append(bigEndian: microseconds)
    }
    let (shifted, overflow) = microseconds.subtractingReportingOverflow(Self.epoch)
    buffer.append(bigEndian: overflow ? Int64.min + 1 : shifted)
  }

  /// - Throws: `.decoding` for the years above 294246, which do not fit our epoch.
  package static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> Timestamp {
    guard type == .timestamptz else { throw mismatch(type) }
    guard bytes.count == 8, let stored = bytes.bigEndian(as: Int64.self) else { throw malformed }
    if stored == .max || stored == .min { return Timestamp(microseconds: stored) }
    let (shifted, overflow) = stored.addingReportingOverflow(Self.epoch)
    guard !overflow else { throw malformed }
    return Timestamp(microseconds: shifted)
  }
}
