// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation

/// Python 3, where there is one: another reader of the formats that we write and read.
package enum Python {
  /// Whether `python3` is in the PATH.
  package static let isAvailable: Bool = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/python3")
    }
  }()

  /// Runs a program with arguments and returns what it printed; throws unless it ended well.
  package static func run(
    _ program: String, _ arguments: [String] = [], within limit: Duration = .seconds(60)
  ) async throws -> String {
    let (status, output) = try await ChildProcess.run(
      ["/usr/bin/env", "python3", "-c", program] + arguments,
      environment: ChildProcess.plainEnvironment, within: limit)
    guard status == .exited(0) else { throw TestSupportError("python3: \(output)") }
    return output
  }
}
