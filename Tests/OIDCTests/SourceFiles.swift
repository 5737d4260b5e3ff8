// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// The sources of the checkout, for what must not be in any of them.
enum SourceFiles {
  static func all(below directory: String) throws -> [String] {
    guard let files = FileManager.default.enumerator(atPath: directory) else {
      throw TestSupportError("no directory \(directory)")
    }
    return files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
      .map { "\(directory)/\($0)" }
  }

  static func text(_ file: String) throws -> String {
    try String(contentsOfFile: file, encoding: .utf8)
  }
}
