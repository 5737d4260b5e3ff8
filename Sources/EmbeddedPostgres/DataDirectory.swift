// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The files of one server: where they really are, and whether somebody uses them.
struct DataDirectory: Sendable {
  /// What was asked for, absolute.
  let asked: String
  /// Where the files are, without symbolic links.
  let path: String

  /// Where data directories go that the server's account could not reach otherwise.
  static let fallbackRoot = "/var/lib/hansard"

  /// Finds the place, and makes it (empty) when it does not exist.
  ///
  /// As root, when the server's account cannot reach the parent (a checkout under `/root`), the
  /// real directory is `/var/lib/hansard/<name>-<hash of the path>` and the asked path becomes a
  /// symbolic link to it. A link that is already there is followed.
  static func place(
    _ asked: String, account: ServerAccount, fallbackRoot: String = Self.fallbackRoot
  ) throws(EmbeddedPostgresError) -> DataDirectory {
    let parent = (asked as NSString).deletingLastPathComponent
    if let target = linkTarget(asked) {
      try make(target, for: account)
      return DataDirectory(asked: asked, path: try realPath(target))
    }
    if try account.mayEnter(parent) {
      try make(asked, for: account)
      return DataDirectory(asked: asked, path: try realPath(asked))
    }
    // An empty directory may give way to the link; one with files stays where it is.
    guard rmdir(asked) == 0 || errno == ENOENT else {
      throw .unreachable(path: asked, account: account.dropped?.name ?? "")
    }
    let target = unusedFallback(for: asked, under: fallbackRoot)
    try makeDirectories((fallbackRoot as NSString).deletingLastPathComponent)
    // Whatever our mask is: the account has to pass through.
    if mkdir(fallbackRoot, 0o755) == 0 { chmod(fallbackRoot, 0o755) }
    guard try account.mayEnter(fallbackRoot) else {
      throw .unreachable(path: fallbackRoot, account: account.dropped?.name ?? "")
    }
    try make(target, for: account)
    guard symlink(target, asked) == 0 else { throw .lastSystemError("link", asked) }
    return DataDirectory(asked: asked, path: try realPath(target))
  }

  /// The major version that made the files; nil when there are none yet.
  var majorVersion: Int? {
    FileManager.default.contents(atPath: "\(path)/PG_VERSION")
      .flatMap {
        Int(
          String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces.union(.newlines)))
      }
  }

  var isEmpty: Bool {
    FileManager.default.enumerator(atPath: path)?.nextObject() == nil
  }

  /// Refuses a directory that a live server uses, and clears what a dead one left behind.
  ///
  /// PostgreSQL itself only asks whether the process id in its file is taken, so a number that
  /// was given to another process, or a zombie that its parent never waited for, would block the
  /// start for ever. A server works in its data directory: that is what is looked at here. What
  /// is left of a killed server's processes gets until `limit` to notice and go.
  func claim(socketLock: String, within limit: Duration) throws(EmbeddedPostgresError) {
    let deadline = ContinuousClock.now + limit
    let file = PostmasterFile.read(in: path)
    while true {
      let users = ProcessTable.processes(workingIn: path)
      guard let user = users.first else { break }
      if let owner = file?.processID, users.contains(owner) {
        throw .inUse(path: asked, processID: owner)
      }
      guard ContinuousClock.now < deadline else { throw .inUse(path: asked, processID: user) }
      usleep(10_000)
    }
    // Whatever is in it: a power cut may have left it empty, and PostgreSQL would start over neither.
    guard access(PostmasterFile.path(in: path), F_OK) == 0 else { return }
    for leftover in [PostmasterFile.path(in: path), socketLock] {
      guard unlink(leftover) == 0 || errno == ENOENT else {
        throw .lastSystemError("remove", leftover)
      }
    }
  }
}

extension DataDirectory {
  private static func unusedFallback(for asked: String, under root: String) -> String {
    let name = (asked as NSString).lastPathComponent
    let base = "\(root)/\(name)-\(shortHash(asked))"
    // Files there without a link to them belong to an earlier checkout at the same path: they
    // are neither reused (their keys are gone with it) nor removed.
    let candidates = [base] + (2..<10_000).map { "\(base)-\($0)" }
    return candidates.first { access($0, F_OK) != 0 || rmdir($0) == 0 } ?? base
  }

  /// FNV-1a, 32 bits: tells checkouts apart, nothing more.
  static func shortHash(_ text: String) -> String {
    let hash = text.utf8.reduce(0x811c_9dc5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    return String(hash, radix: 16)
  }

  private static func make(
    _ path: String, for account: ServerAccount
  ) throws(EmbeddedPostgresError) {
    if mkdir(path, 0o700) == 0 {
      try account.own(path)
    } else if errno == EEXIST {
      try account.ownTree(try realPath(path))
    } else {
      throw .lastSystemError("create", path)
    }
  }

  static func makeDirectories(_ path: String) throws(EmbeddedPostgresError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .lastSystemError("create", path)
    }
  }

  private static func linkTarget(_ path: String) -> String? {
    var information = stat()
    guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFLNK else {
      return nil
    }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard readlink(path, &buffer, Int(PATH_MAX)) > 0 else { return nil }
    let target = buffer.withUnsafeBytes { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let parent = (path as NSString).deletingLastPathComponent
    return target.hasPrefix("/") ? target : "\(parent)/\(target)"
  }

  private static func realPath(_ path: String) throws(EmbeddedPostgresError) -> String {
    guard let resolved = realpath(path, nil) else { throw .lastSystemError("resolve", path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
