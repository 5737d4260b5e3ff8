// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A `jsonb` value as its text. PostgreSQL rewrites it: never use it where bytes must be kept.
package struct JSONText: Sendable, Hashable {
  package var text: String

  package init(_ text: String) {
    self.text = text
  }
}

extension JSONText: PostgresScalar {
  package static var postgresType: PostgresType { .jsonb }

  /// A version byte, 1, then the text (`jsonb_recv`).
  package func encode(into buffer: inout [UInt8]) {
    buffer.append(1)
    buffer.append(contentsOf: text.utf8)
  }

  package static func decode(
    _ bytes: UnsafeRawBufferPointer, type: PostgresType
  ) throws(PostgresError) -> JSONText {
    let content: UnsafeRawBufferPointer
    switch type {
    case .json: content = bytes
    case .jsonb:
      guard bytes.first == 1 else { throw malformed }
      content = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    default: throw mismatch(type)
    }
    guard let text = String(validating: content, as: UTF8.self) else { throw malformed }
    return JSONText(text)
  }
}
