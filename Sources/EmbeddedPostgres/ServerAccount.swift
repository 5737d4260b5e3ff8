// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The account that the server runs as: ours, or `postgres` when we are root, because PostgreSQL
/// refuses to run as root.
struct ServerAccount: Sendable {
  /// Nil when the server runs as ourselves.
  let dropped: (name: String, userID: uid_t, groupID: gid_t)?
  private let setpriv: String?

  static func current() throws(EmbeddedPostgresError) -> ServerAccount {
    let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].first { (path: String) in
      access(path, X_OK) == 0
    }
    guard geteuid() == 0 else { return ServerAccount(dropped: nil, setpriv: setpriv) }
    guard setpriv != nil else { throw .toolMissing("setpriv") }
    let name = "postgres"
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16 * 1024)
    guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      throw .accountMissing(name)
    }
    return ServerAccount(dropped: (name, entry.pw_uid, entry.pw_gid), setpriv: setpriv)
  }

  /// The command line that runs `command` as this account.
  ///
  /// `setpriv` replaces itself by the program, so that the process spawned is the server itself.
  /// `deathSignal` (`INT`, …) reaches the program when the thread that spawned it ends.
  func command(_ command: [String], deathSignal: String? = nil) -> [String] {
    guard let setpriv else { return command }
    var prefix = [setpriv]
    if let dropped {
      // The account may not be able to enter our directory: it works in / instead.
      prefix = [env, "--chdir=/"] + prefix
      prefix += ["--reuid=\(dropped.name)", "--regid=\(dropped.groupID)", "--init-groups"]
    }
    if let deathSignal { prefix.append("--pdeathsig=\(deathSignal)") }
    return prefix.count == 1 ? command : prefix + ["--"] + command
  }

  private var env: String { "/usr/bin/env" }

  /// Gives one file or directory to the account; nothing to do when it is ours.
  func own(_ path: String) throws(EmbeddedPostgresError) {
    guard let dropped else { return }
    guard lchown(path, dropped.userID, dropped.groupID) == 0 else {
      throw .lastSystemError("chown", path)
    }
  }

  /// Gives a whole directory to the account unless it owns it already.
  func ownTree(_ path: String) throws(EmbeddedPostgresError) {
    guard let dropped else { return }
    var information = stat()
    guard lstat(path, &information) == 0 else { throw .lastSystemError("stat", path) }
    guard information.st_uid != dropped.userID else { return }
    try own(path)
    guard let names = FileManager.default.enumerator(atPath: path) else { return }
    for case let name as String in names { try own("\(path)/\(name)") }
  }

  /// Whether the account may enter the directory; asked by trying, so that access lists count.
  func mayEnter(_ directory: String) throws(EmbeddedPostgresError) -> Bool {
    guard dropped != nil else { return access(directory, X_OK) == 0 }
    let answer = try ChildProcess.runBlocking(
      command(["/usr/bin/test", "-x", directory]), within: .seconds(10))
    return answer.status == .exited(0)
  }
}
