// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension DataDirectory {
  /// Runs `initdb` when the directory is empty: UTF-8, a C locale, data checksums.
  ///
  /// It works in `<path>.new`, which is renamed when it is complete: an `initdb` that was killed
  /// leaves nothing that looks like a data directory. Over TCP a password is asked for; the Unix
  /// socket trusts whoever may enter its directory.
  func initialise(
    binaries: ServerBinaries, account: ServerAccount, superuser: String, flushed: Bool
  ) throws(EmbeddedPostgresError) {
    guard majorVersion == nil else { return }
    guard isEmpty else { throw .notADataDirectory(asked) }
    let work = "\(path).new"
    do {
      if access(work, F_OK) == 0 { try FileManager.default.removeItem(atPath: work) }
    } catch {
      throw .lastSystemError("remove", work)
    }
    guard mkdir(work, 0o700) == 0 else { throw .lastSystemError("create", work) }
    try account.own(work)
    var command = [
      binaries.path("initdb"), "--pgdata=\(work)", "--encoding=UTF8", "--locale=\(Self.locale)",
      "--username=\(superuser)", "--auth-local=trust", "--auth-host=scram-sha-256",
      "--data-checksums", "--no-instructions",
    ]
    if !flushed { command.append("--no-sync") }
    let answer = try ChildProcess.runBlocking(
      account.command(command, deathSignal: "KILL"), within: .seconds(120))
    guard answer.status == .exited(0) else {
      throw .initialisationFailed(output: answer.output)
    }
    guard rename(work, path) == 0 else { throw .lastSystemError("rename", work) }
  }

  /// `C.UTF-8` sorts by bytes and knows the classes of non-ASCII letters; `C` exists everywhere.
  private static let locale: String = {
    guard let locale = newlocale(1 << LC_CTYPE, "C.UTF-8", nil) else { return "C" }
    freelocale(locale)
    return "C.UTF-8"
  }()
}
