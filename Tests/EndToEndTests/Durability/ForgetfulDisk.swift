// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport

/// A mounted file system that keeps unsynced writes in memory only, forgets them when told to, and fails to sync:
/// `Tests/ForgetfulDisk/forgetful-disk.c`, compiled on demand.
final class ForgetfulDisk: Sendable {
  /// Where it is mounted.
  let path: String
  private let child: ChildProcess

  private init(path: String, child: ChildProcess) {
    self.path = path
    self.child = child
  }

  /// Lends a disk and unmounts it afterwards.
  static func with<T: Sendable>(
    _ body: (ForgetfulDisk) async throws -> T
  ) async throws -> T {
    let directory = try TemporaryDirectory.make("forgetful")
    defer { TemporaryDirectory.remove(directory) }
    let disk = try await mount(in: directory)
    let result: Result<T, any Error>
    do {
      result = .success(try await body(disk))
    } catch {
      result = .failure(error)
    }
    disk.child.send(SIGTERM)
    _ = await disk.child.wait()
    return try result.get()
  }

  private static func mount(in directory: String) async throws -> ForgetfulDisk {
    for name in ["durable", "disk"] {
      try FileManager.default.createDirectory(
        atPath: "\(directory)/\(name)", withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o755])
    }
    let path = "\(directory)/disk"
    // It ends with us, also when we are killed, and unmounts itself.
    let guardian = ["/usr/bin/setpriv", "--pdeathsig", "TERM", "--"]
    // PostgreSQL runs as another account where we are root.
    let options = geteuid() == 0 ? "default_permissions,allow_other" : "default_permissions"
    let child = try ChildProcess.start(
      .init(
        command: guardian + [try program.get(), "\(directory)/durable", path]
          + ["-f", "-s", "-o", options],
        ownSession: true))
    let disk = ForgetfulDisk(path: path, child: child)
    try await eventually("a mounted disk") {
      if let status = child.exitStatus { throw TestSupportError("the disk ended: \(status)") }
      return FileManager.default.fileExists(atPath: disk.control)
    }
    return disk
  }

  private var control: String { "\(path)/.control" }
}

// MARK: - Telling and asking it

extension ForgetfulDisk {
  /// Everything that was not synced is gone.
  func forget() throws { try tell("forget") }

  /// From now on a sync says that it is done, and does nothing.
  func lie() throws { try tell("lie") }

  /// From now on a sync fails with `EIO`, and what was to be synced is gone.
  func fail() throws { try tell("fail") }

  /// Syncs work again.
  func mend() throws { try tell("mend") }

  private func tell(_ word: String) throws {
    let descriptor = open(control, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TestSupportError("the disk cannot be told: \(errno)") }
    defer { close(descriptor) }
    guard write(descriptor, word, word.utf8.count) == word.utf8.count else {
      throw TestSupportError("the disk does not '\(word)': \(errno)")
    }
  }

  /// How many pages of 4 KiB all cuts have lost: a cut that loses none tries nothing.
  var forgottenPages: Int {
    let text = FileManager.default.contents(atPath: control) ?? Data()
    let words = String(decoding: text, as: UTF8.self).split(separator: " ")
    return words.dropFirst().first.flatMap { Int($0) } ?? 0
  }
}

// MARK: - Whether there can be one

extension ForgetfulDisk {
  /// Why this machine cannot have one; nil where it can.
  static let obstacle: String? = {
    guard access("/dev/fuse", R_OK | W_OK) == 0 else { return "there is no /dev/fuse to open" }
    let mounting =
      geteuid() == 0 ? ["/usr/bin/unshare", "-m", "/bin/true"] : ["/usr/bin/fusermount3", "-V"]
    do {
      guard try ChildProcess.runBlocking(mounting).status == .exited(0) else {
        return "file systems may not be mounted here"
      }
      _ = try program.get()
      return nil
    } catch {
      return "\(error)"
    }
  }()

  /// The compiled program; its directory is swept after this process.
  private static let program = Result { () throws -> String in
    let output = try TemporaryDirectory.make("forgetful-program") + "/forgetful-disk"
    let source = try ProjectFiles.root() + "/Tests/ForgetfulDisk/forgetful-disk.c"
    let script =
      #"exec cc -O2 -Wall -Wextra -Werror -o "$1" "$2" $(pkg-config --cflags --libs fuse3)"#
    let (status, text) = try ChildProcess.runBlocking([
      "/bin/sh", "-c", script, "sh", output, source,
    ])
    guard status == .exited(0) else {
      throw TestSupportError(
        "libfuse3-dev and a C compiler are needed (scripts/setup --test): \(text)")
    }
    return output
  }
}
