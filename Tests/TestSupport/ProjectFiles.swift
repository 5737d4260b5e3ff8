// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the files of the checkout are, found by walking up from the source of a test.
package enum ProjectFiles {
  /// The checkout's root: the nearest parent that holds `Package.swift` and `sql`.
  ///
  /// Symbolic links are resolved, so that a package made of links finds the real checkout.
  package static func root(from file: String = #filePath) throws -> String {
    var directory = URL(fileURLWithPath: file).resolvingSymlinksInPath()
    while directory.path != "/" {
      directory.deleteLastPathComponent()
      let isRoot = ["Package.swift", "sql"].allSatisfy {
        FileManager.default.fileExists(atPath: directory.appendingPathComponent($0).path)
      }
      if isRoot { return directory.path }
    }
    throw TestSupportError("no parent of \(file) is the root of the checkout")
  }

  /// The directory of the project's migrations.
  package static func migrations(from file: String = #filePath) throws -> String {
    try root(from: file) + "/sql/migrations"
  }

  /// The OpenAPI document.
  package static func description(from file: String = #filePath) throws -> String {
    try root(from: file) + "/docs/openapi.yaml"
  }
}

/// The set-up of a test failed, or was asked for something that it does not have.
package struct TestSupportError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
