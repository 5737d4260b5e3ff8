// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import TestSupport
import Testing

@testable import HansardClient

/// The queue on a disk that says no, and what that leaves.
struct SegmentFailureTests {
  /// Segments without entries, as failed writes leave them, are not the end.
  @Test func passesOverEmptySegments() throws {
    try SegmentStage.inDirectory { directory in
      do {
        var store = try SegmentStore(directory: directory, limit: 8000)
        for number in 0..<60 { try store.append(SegmentStage.payload(number, padding: 30)) }
      }
      let names = try SegmentStage.segments(directory)
      #expect(names.count > 2)
      for (number, name) in names.enumerated().reversed() {
        let moved = "\(directory)/segment-000000000000\(100 + 10 * number)0.log"
        try FileManager.default.moveItem(atPath: "\(directory)/\(name)", toPath: moved)
      }
      for number in [1, 1001, 1002, 1101, 1102, 9000] {
        let path = "\(directory)/segment-\(String(repeating: "0", count: 12))"
        try Data().write(
          to: URL(
            fileURLWithPath: path + String(repeating: "0", count: 4 - "\(number)".count)
              + "\(number).log"))
      }
      var store = try SegmentStore(directory: directory, limit: 8000)
      var numbers: [Int] = []
      while true {
        let page = try store.read(atMost: 7)
        numbers += page.entries.compactMap { SegmentStage.number(of: $0.payload) }
        if page.isEnd { break }
        #expect(!page.entries.isEmpty)
        try store.advance(to: page.end)
      }
      #expect(numbers == Array(0..<60) && store.pendingBytes == 0)
    }
  }

  /// A disk that says no once: the entry is not kept, and the next one is. The null device takes what is written,
  /// and cannot say that it will last.
  @Test(arguments: [("/dev/full", "write"), ("/dev/null", "fsync")])
  func goesOnAfterAFailedWrite(device: String, call: String) throws {
    try SegmentStage.inDirectory { directory in
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: "\(directory)/segment-0000000000000001.log", withDestinationPath: device)
      var store = try SegmentStore(directory: directory, limit: 8000)
      let error = #expect(throws: HansardClientError.self) {
        try store.append(SegmentStage.payload(1))
      }
      // What failed, not what failed when it was mended.
      #expect("\(String(describing: error))".contains(call))
      try store.append(SegmentStage.payload(2))
      let page = try store.read(atMost: 7)
      #expect(page.entries.map(\.payload) == [SegmentStage.payload(2)] && page.damaged == 0)
      try store.advance(to: page.end)
      #expect(try store.read(atMost: 7).isEnd && store.pendingBytes == 0)
    }
  }

  @Test(arguments: [
    ("/a/b", "/a"), ("/a/b//", "/a"), ("/a", "/"), ("/", "/"), ("a", "."), ("a/", "."),
    ("a/b", "a"),
    ("", "."),
  ])
  func aDirectorysNameIsInItsParent(path: String, parent: String) {
    #expect(Directory.parent(of: path) == parent)
  }

  @Test func onlyTheLastLevelIsMade() throws {
    try SegmentStage.inDirectory { directory in
      #expect(throws: HansardClientError.self) {
        try SegmentStore(directory: "\(directory)/deeper", limit: 8000)
      }
    }
  }

  /// A process whose files may not grow: what it could not keep leaves nothing behind, and the next one
  /// delivers what it keeps.
  @Test func aFullDiskLeavesNoSegments() async throws {
    let service = RecoveryServer()
    try await LoggerStage.inDirectory { directory in
      try await ScriptedServer.with(
        { request, _ in service.reply(to: request) },
        { server in
          let (status, output) = try await ChildProcess.run([
            "/bin/sh", "-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"",
            try Companion.path("hansard-recovery-probe"), server.url, directory, "full",
          ])
          #expect(status == .exited(0), "\(output)")
          #expect(try SegmentStage.segments(directory).count == 1)
          let logger = try await LoggerStage.open(server, directory)
          await logger.logRecoveryAttempt(LoggerStage.attempt("m"), session: "s")
          #expect(await logger.flush(within: .seconds(20)))
          #expect(service.messages == ["m"])
          await logger.close()
        })
    }
  }
}
