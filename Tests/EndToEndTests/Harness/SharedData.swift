// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// Real data that lie beside some checkouts: agent sessions and the JSON parsing suite.
enum SharedData {
  /// A file or folder of it, under `HANSARD_SHARED_DATA` or beside the checkout.
  static func path(_ name: String) throws -> String {
    let named = ProcessInfo.processInfo.environment["HANSARD_SHARED_DATA"]
    let folder = try named ?? ProjectFiles.root() + "/../shared/data"
    let path = "\(folder)/\(name)"
    guard FileManager.default.fileExists(atPath: path) else {
      throw TestSupportError("\(path) is not there")
    }
    return path
  }

  /// The recorded agent sessions; empty where there are none.
  static let agentSessions: [String] = {
    do {
      let folder = try path("agent-sessions")
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        .filter { $0.hasSuffix(".traj") }.map { "\(folder)/\($0)" }
    } catch {
      return []
    }
  }()
}
