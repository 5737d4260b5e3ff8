// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import EmbeddedPostgres

/// Where the files go when we are root and the server's account cannot reach the checkout.
@Suite(.enabled("only root gives up privileges") { geteuid() == 0 }) struct DataDirectoryTests {
  @Test func movesOutOfADirectoryThatTheServerCannotEnter() async throws {
    try await withServerDirectory { directory in
      let account = try ServerAccount.current()
      let (asked, root) = try closedCheckout(in: directory)
      let first = try DataDirectory.place(asked, account: account, fallbackRoot: root)
      #expect(first.path == "\(root)/data-\(DataDirectory.shortHash(asked))")
      #expect(owner(of: first.path) == account.dropped?.userID)
      try "x".write(toFile: "\(asked)/file", atomically: false, encoding: .utf8)
      // The link is followed afterwards.
      let second = try DataDirectory.place(asked, account: account, fallbackRoot: root)
      #expect(second.path == first.path)
      #expect(FileManager.default.fileExists(atPath: "\(first.path)/file"))
    }
  }

  @Test func doesNotTakeTheFilesOfAnEarlierCheckout() async throws {
    try await withServerDirectory { directory in
      let account = try ServerAccount.current()
      let (asked, root) = try closedCheckout(in: directory)
      let first = try DataDirectory.place(asked, account: account, fallbackRoot: root)
      try "x".write(toFile: "\(first.path)/file", atomically: false, encoding: .utf8)
      unlink(asked)
      let second = try DataDirectory.place(asked, account: account, fallbackRoot: root)
      #expect(second.path == first.path + "-2")
      #expect(second.isEmpty)
      #expect(FileManager.default.fileExists(atPath: "\(first.path)/file"))
    }
  }

  @Test func leavesFilesWhereTheyAreAndSaysSo() async throws {
    try await withServerDirectory { directory in
      let account = try ServerAccount.current()
      let (asked, root) = try closedCheckout(in: directory)
      mkdir(asked, 0o700)
      try "x".write(toFile: "\(asked)/file", atomically: false, encoding: .utf8)
      #expect(throws: EmbeddedPostgresError.unreachable(path: asked, account: "postgres")) {
        try DataDirectory.place(asked, account: account, fallbackRoot: root)
      }
    }
  }

  @Test func startsBehindTheLink() async throws {
    try await withServerDirectory { directory in
      let (asked, root) = try closedCheckout(in: directory)
      let account = try ServerAccount.current()
      let placed = try DataDirectory.place(asked, account: account, fallbackRoot: root)
      var configuration = quick(directory)
      configuration.dataDirectory = asked
      let server = try await EmbeddedPostgres.start(configuration)
      let processID = await server.processID
      #expect(PostmasterFile.read(in: placed.path)?.processID == processID)
      #expect(server.logFile == "\(directory)/closed/postgres.log")
      await #expect(throws: EmbeddedPostgresError.inUse(path: asked, processID: processID)) {
        try await EmbeddedPostgres.start(configuration)
      }
      await server.stop(.immediate)
    }
  }

  /// A directory that only root enters, and the place for what cannot stay in it.
  private func closedCheckout(in directory: String) throws -> (asked: String, root: String) {
    mkdir("\(directory)/closed", 0o700)
    return ("\(directory)/closed/data", "\(directory)/fallback")
  }

  private func owner(of path: String) -> uid_t? {
    var information = stat()
    return stat(path, &information) == 0 ? information.st_uid : nil
  }
}
