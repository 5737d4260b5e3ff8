// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The directory of the server's Unix socket: whoever may enter it is trusted as superuser.
struct SocketDirectory: Sendable {
  let path: String
  /// Made by us, so removed by us.
  let isTemporary: Bool

  /// Makes the directory with mode 0700 for the account, or takes the one that was named.
  static func make(
    _ named: String?, port: Int, account: ServerAccount
  ) throws(EmbeddedPostgresError) -> SocketDirectory {
    let directory: SocketDirectory
    if let named {
      directory = try existing(named, account: account)
    } else {
      directory = try temporary()
    }
    // sockaddr_un holds 108 bytes with the NUL (unix(7)).
    let socket = directory.socket(port: port)
    guard socket.utf8.count <= 107 else { throw .socketPathTooLong(socket) }
    try account.own(directory.path)
    guard chmod(directory.path, 0o700) == 0 else {
      throw .lastSystemError("chmod", directory.path)
    }
    guard try account.mayEnter(directory.path) else {
      throw .unreachable(path: directory.path, account: account.dropped?.name ?? "")
    }
    return directory
  }

  func socket(port: Int) -> String { "\(path)/.s.PGSQL.\(port)" }

  func remove() {
    guard isTemporary else { return }
    // A server that was killed leaves its socket and the socket's lock file.
    for name in FileManager.default.enumerator(atPath: path)?.allObjects ?? [] {
      unlink("\(path)/\(name)")
    }
    rmdir(path)
  }

  /// Makes the directory, or takes one that is ours and private already: a foreign one could be
  /// swapped, and one that others use must not be closed to them.
  private static func existing(
    _ named: String, account: ServerAccount
  ) throws(EmbeddedPostgresError) -> SocketDirectory {
    let path = URL(fileURLWithPath: named).standardizedFileURL.path
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw .lastSystemError("create", path)
    }
    var information = stat()
    guard lstat(path, &information) == 0 else { throw .lastSystemError("stat", path) }
    guard information.st_mode & S_IFMT == S_IFDIR, information.st_mode & 0o077 == 0,
      [geteuid(), account.dropped?.userID].contains(information.st_uid)
    else { throw .foreign(path) }
    return SocketDirectory(path: path, isTemporary: false)
  }

  private static func temporary() throws(EmbeddedPostgresError) -> SocketDirectory {
    var template = Array("/tmp/hansard-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .lastSystemError("create", "/tmp/hansard-XXXXXX")
    }
    let path = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
    return SocketDirectory(path: path, isTemporary: true)
  }
}
