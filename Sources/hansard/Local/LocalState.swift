// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Governance
import Protection

/// The directory in which everything of a private deployment lies: `.hansard/` in the working
/// directory.
struct LocalState: Sendable {
  /// Its path, as given.
  let directory: String

  /// `HANSARD_STATE`, or `.hansard` in the working directory.
  static let standard: LocalState = {
    let named = ProcessInfo.processInfo.environment["HANSARD_STATE"] ?? ""
    return LocalState(directory: named.isEmpty ? ".hansard" : named)
  }()

  /// PostgreSQL's data directory.
  var databaseDirectory: String { "\(directory)/postgres" }
  /// The master key, made at the first start.
  var masterKeyFile: String { "\(directory)/master.key" }
  /// See `DemoEnvironment`.
  var demoEnvironmentFile: String { "\(directory)/demo.env" }
  /// Process id and start time of the service that `run` started.
  var processFile: String { "\(directory)/run.pid" }
  /// What `run` printed, once the service is ready; `scripts/run --detach` waits for it.
  var announcementFile: String { "\(directory)/ready" }
  /// The service's log.
  var logFile: String { "\(directory)/hansard.log" }

  /// Makes the directory, mode 0700 as far as the account of the private PostgreSQL allows.
  func make() throws(CommandFailure) {
    guard mkdir(directory, 0o711) == 0 || errno == EEXIST else {
      throw CommandFailure("\(directory) cannot be made: \(String(cString: strerror(errno)))")
    }
    guard access(directory, W_OK | X_OK) == 0 else {
      throw CommandFailure(
        "\(directory) belongs to another user: run as that user, or remove it (with its data)")
    }
  }

  /// The master key's file, made when it is missing.
  func madeMasterKeyFile() throws(CommandFailure) -> String {
    do throws(MasterKeyError) {
      _ = try MasterKeyring.makeKeyFile(at: masterKeyFile)
    } catch {
      guard case .alreadyExists = error else {
        throw CommandFailure("\(masterKeyFile): \(error)")
      }
    }
    return masterKeyFile
  }

  /// A sink for the service's log; the log of the run before is kept as `hansard.log.1`.
  func openLog() throws(CommandFailure) -> LogSink {
    // There is none at the first start.
    _ = rename(logFile, "\(logFile).1")
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC
    let descriptor = open(logFile, flags, mode_t(0o600))
    guard descriptor >= 0 else {
      throw CommandFailure("\(logFile): \(String(cString: strerror(errno)))")
    }
    return LogSink(descriptor: descriptor)
  }

  /// The directory's path from the root.
  var absolutePath: String { URL(fileURLWithPath: directory).standardizedFileURL.path }

  /// A short directory for PostgreSQL's socket, the same at every start: a socket's path holds 107
  /// bytes, and the working directory's may be longer.
  var socketDirectory: String {
    "/tmp/hansard-\(geteuid())-\(Self.shortHash(absolutePath))"
  }

  /// FNV-1a, 32 bits: tells directories apart, nothing more.
  private static func shortHash(_ text: String) -> String {
    let hash = text.utf8.reduce(0x811c_9dc5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    return String(hash, radix: 16)
  }
}
