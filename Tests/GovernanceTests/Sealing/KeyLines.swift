// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// Master keys of a test, by the lines of their file.
enum KeyLines {
  /// A line with a fresh key.
  static func make(_ id: String) throws -> String {
    "\(id) \(Data(try SecureRandom.bytes(32)).base64EncodedString())"
  }

  /// What a file with these lines holds.
  static func keyring(_ lines: [String]) throws -> MasterKeyring {
    let directory = try TemporaryDirectory.make("keys")
    defer { TemporaryDirectory.remove(directory) }
    let path = "\(directory)/master.key"
    let made = FileManager.default.createFile(
      atPath: path, contents: Data(lines.joined(separator: "\n").utf8),
      attributes: [.posixPermissions: 0o600])
    #expect(made)
    return try MasterKeyring.load(file: path)
  }
}
