// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport

extension JSONLimits {
  /// Limits that no document of these tests reaches.
  static let unlimited = JSONLimits(
    depth: .max, stringBytes: .max, numberBytes: .max, keys: .max)
}

extension JSONError {
  /// What parsing `bytes` throws, nil if they are accepted.
  static func thrown(
    by bytes: [UInt8], limits: JSONLimits = JSONLimits()
  ) -> JSONError? {
    do throws(JSONError) {
      _ = try JSONDocument(parsing: bytes, limits: limits)
      return nil
    } catch {
      return error
    }
  }

  static func thrown(by text: String, limits: JSONLimits = JSONLimits()) -> JSONError? {
    thrown(by: Array(text.utf8), limits: limits)
  }
}

extension SeededGenerator {
  mutating func chance(_ numerator: Int, in denominator: Int) -> Bool {
    Int.random(in: 0..<denominator, using: &self) < numerator
  }
}

/// How many generated documents a test tries; `HANSARD_JSON_CASES` asks for more.
let generatedCases: Int = {
  let asked = ProcessInfo.processInfo.environment["HANSARD_JSON_CASES"].flatMap { Int($0) }
  return max(1, asked ?? 4000)
}()

/// The JSON parsing test suite: 95 documents to accept, 188 to refuse, 35 to decide about.
struct JSONParsingSuite {
  /// Under `HANSARD_SHARED_DATA`, else beside the repository; nil if it is in neither place.
  static let directory: URL? = {
    let repository = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let data =
      ProcessInfo.processInfo.environment["HANSARD_SHARED_DATA"].map(URL.init(fileURLWithPath:))
      ?? repository.deletingLastPathComponent().appendingPathComponent("shared/data")
    let directory = data.appendingPathComponent("json/test_parsing")
    return FileManager.default.fileExists(atPath: directory.path) ? directory : nil
  }()

  static let absence: String =
    "the JSON parsing suite is neither in HANSARD_SHARED_DATA nor beside the repository"

  /// The documents whose names begin with `prefix`, by name.
  static func documents(_ prefix: String) throws -> [(name: String, bytes: [UInt8])] {
    guard let directory else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { $0.hasPrefix(prefix) }
      .sorted()
      .map { ($0, [UInt8](try Data(contentsOf: directory.appendingPathComponent($0)))) }
  }
}
