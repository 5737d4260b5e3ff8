// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport

/// A clock for a PostgreSQL server that can be set, by libfaketime: the server's processes are told another time than
/// everybody else, and one that cannot be set (`CLOCK_MONOTONIC`) stays right.
struct FakeClock: Sendable {
  /// The server's programs, `postgres` under the clock.
  let binaries: ServerBinaries
  private let offsetFile: String

  /// Where Debian's package has it; nil: it is not installed.
  private static var library: String? {
    let directories = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"]
    return directories.map { "\($0)/faketime/libfaketime.so.1" }
      .first { FileManager.default.isReadableFile(atPath: $0) }
  }

  /// Whether the tests can have one: `scripts/setup --test` installs it.
  static var isThere: Bool { library != nil }

  /// Lends one that is right until it is set.
  static func with<T: Sendable>(_ body: (FakeClock) async throws -> T) async throws -> T {
    guard let library else { throw TestSupportError("libfaketime is not installed") }
    let directory = try TemporaryDirectory.make("clock")
    defer { TemporaryDirectory.remove(directory) }
    // The server may be run by another account.
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
    let real = try ServerBinaries.find()
    for name in try FileManager.default.contentsOfDirectory(atPath: real.directory)
    where name != "postgres" {
      try FileManager.default.createSymbolicLink(
        atPath: "\(directory)/\(name)", withDestinationPath: real.path(name))
    }
    let clock = FakeClock(
      binaries: ServerBinaries(directory: directory), offsetFile: "\(directory)/offset")
    try clock.set(aheadBy: 0)
    let wrapper = """
      #!/bin/sh
      export LD_PRELOAD='\(library)' FAKETIME_TIMESTAMP_FILE='\(clock.offsetFile)'
      export FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1
      exec '\(real.path("postgres"))' "$@"
      """
    let path = "\(directory)/postgres"
    try Data(wrapper.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return try await body(clock)
  }

  /// Sets it by so many seconds from the right time.
  func set(aheadBy seconds: Int) throws {
    let sign = seconds < 0 ? "-" : "+"
    // Renamed: nobody reads half of it.
    let draft = "\(offsetFile).new"
    try Data("\(sign)\(abs(seconds))\n".utf8).write(to: URL(filePath: draft))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: draft)
    guard rename(draft, offsetFile) == 0 else { throw TestSupportError("rename: \(errno)") }
  }
}
