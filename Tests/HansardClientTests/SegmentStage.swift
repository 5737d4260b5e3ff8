// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// What tests of the queue on the disk need.
enum SegmentStage {
  static func inDirectory(_ body: (String) throws -> Void) throws {
    let directory = try TemporaryDirectory.make("buffer")
    defer { TemporaryDirectory.remove(directory) }
    try body("\(directory)/queue")
  }

  /// A number, and blanks behind it.
  static func payload(_ number: Int, padding: Int = 0) -> [UInt8] {
    Array("\(number)".utf8) + [UInt8](repeating: 0x20, count: padding)
  }

  static func number(of payload: some Sequence<UInt8>) -> Int? {
    Int(String(decoding: Array(payload.prefix { $0 != 0x20 }), as: UTF8.self))
  }

  static func segments(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory)
      .filter { $0.hasPrefix("segment-") }.sorted()
  }
}
