// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Programs that were built together with these tests.
package enum Companion {
  /// The path of one: beside the running test bundle, where SwiftPM puts all products of one build.
  package static func path(_ name: String) throws -> String {
    let bundles = [Bundle.main.executablePath, CommandLine.arguments.first]
    for bundle in bundles.compactMap(\.self) {
      let path = "\((bundle as NSString).deletingLastPathComponent)/\(name)"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    throw TestSupportError("the program '\(name)' is not beside the test bundle")
  }
}
