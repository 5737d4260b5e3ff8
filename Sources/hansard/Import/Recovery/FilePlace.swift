// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// A place in a file, as an editor finds it and as a program finds it.
struct FilePlace: Sendable, Hashable {
  /// From 1.
  var line = 1
  /// The bytes before it.
  var offset = 0

  /// Goes behind `bytes`, the next of the file.
  mutating func pass(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes where byte == JSONByte.lineFeed { line += 1 }
    offset += bytes.count
  }

  /// The place behind `bytes`.
  func passing(_ bytes: ArraySlice<UInt8>) -> FilePlace {
    var place = self
    place.pass(bytes)
    return place
  }
}

extension FilePlace: CustomStringConvertible {
  var description: String { "line \(line), byte \(offset)" }
}
