// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection

/// YAML by way of PyYAML.
enum YAML {
  /// The document at `path` as JSON.
  static func read(_ path: String) async throws -> Data {
    let program = """
      import json, sys, yaml
      print(json.dumps(yaml.safe_load(open(sys.argv[1], encoding="utf-8"))))
      """
    return Data(try await Schemathesis.python(program, [path]).rawBytes)
  }
}
