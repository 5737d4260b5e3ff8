// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The OpenAPI document that belongs to this program: `docs/openapi.yaml`, the only copy.
enum DescriptionFile {
  /// The file, or nil when there is none: then everything works but `/openapi.yaml`.
  static func find(program: String? = InstalledFiles.program) -> String? {
    InstalledFiles.find(
      "openapi.yaml", inCheckout: "docs/openapi.yaml", as: .file, program: program)
  }

  /// Its bytes; nil where it is not there or cannot be read.
  static func load() -> [UInt8]? {
    find().flatMap { FileManager.default.contents(atPath: $0) }.map { Array($0) }
  }
}
