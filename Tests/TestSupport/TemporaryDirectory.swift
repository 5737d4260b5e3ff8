// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Directories of tests, named for the process that made them.
package enum TemporaryDirectory {
  private static let prefix = "/tmp/hansard-tests-"

  /// Makes `/tmp/hansard-tests-<process id>-<purpose>-<random>`, which every account may enter.
  package static func make(_ purpose: String) throws -> String {
    sweep()
    let random = String(UInt32.random(in: .min ... .max), radix: 36)
    let path = "\(prefix)\(getpid())-\(purpose)-\(random)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    return path
  }

  /// Removes the directory and all in it; what cannot be removed is left to the next sweep.
  package static func remove(_ path: String) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      // Nobody is left to tell: this runs while the process exits.
    }
  }

  /// Removes what processes that were killed left behind.
  private static func sweep() {
    guard let names = FileManager.default.enumerator(atPath: "/tmp") else { return }
    for case let name as String in names {
      names.skipDescendants()
      let path = "/tmp/\(name)"
      guard path.hasPrefix(prefix) else { continue }
      let owner = path.dropFirst(prefix.count).prefix { $0.isNumber }
      guard let processID = Int32(owner), kill(processID, 0) == -1, errno == ESRCH else { continue }
      remove(path)
    }
  }
}
