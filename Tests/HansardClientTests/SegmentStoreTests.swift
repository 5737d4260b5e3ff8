// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import HansardClient

/// The queue on the disk: in order, bounded, whole after every end of its process.
struct SegmentStoreTests {
  /// Everything that is left, and how many lines could not be read.
  private func drain(_ store: inout SegmentStore) throws -> (numbers: [Int], damaged: Int) {
    var numbers: [Int] = []
    var damaged = 0
    while true {
      let page = try store.read(atMost: 7)
      damaged += page.damaged
      for line in page.entries {
        numbers.append(SegmentStage.number(of: line.payload) ?? -1)
      }
      let before = store.cursor
      try store.advance(to: page.end)
      if page.entries.isEmpty, page.damaged == 0, page.end == before { return (numbers, damaged) }
    }
  }

  @Test func keepsTheOrderOverSegmentsAndProcesses() throws {
    try SegmentStage.inDirectory { directory in
      for round in 0..<4 {
        var store = try SegmentStore(directory: directory, limit: 8000)
        for number in 0..<25 {
          try store.append(SegmentStage.payload(round * 25 + number, padding: 20))
        }
      }
      #expect(try SegmentStage.segments(directory).count > 2)
      var store = try SegmentStore(directory: directory, limit: 8000)
      let back = try drain(&store)
      #expect(back.numbers == Array(0..<100) && back.damaged == 0)
      #expect(store.pendingBytes == 0 && store.bytes == 0)
      #expect(try SegmentStage.segments(directory).isEmpty)
      // And it goes on.
      try store.append(SegmentStage.payload(100))
      #expect(try drain(&store).numbers == [100])
    }
  }

  @Test func goesOnWhereTheLastOneStood() throws {
    try SegmentStage.inDirectory { directory in
      var done = 0
      do {
        var store = try SegmentStore(directory: directory, limit: 8000)
        for number in 0..<50 { try store.append(SegmentStage.payload(number, padding: 30)) }
        for _ in 0..<3 {
          let page = try store.read(atMost: 7)
          done += page.entries.count
          try store.advance(to: try #require(page.entries.last).end)
        }
      }
      var store = try SegmentStore(directory: directory, limit: 8000)
      #expect(try drain(&store).numbers == Array(done..<50) && done > 10)
    }
  }

  /// A cursor is for speed alone: without it, or with nonsense in it, everything is there again.
  @Test(arguments: ["", "h1 nonsense\n", "1 1\n"])
  func losesNothingWithItsCursor(content: String) throws {
    try SegmentStage.inDirectory { directory in
      do {
        var store = try SegmentStore(directory: directory, limit: 80_000)
        for number in 0..<20 { try store.append(SegmentStage.payload(number)) }
        try store.advance(to: try #require(try store.read(atMost: 5).entries.last).end)
      }
      try Data(content.utf8).write(to: URL(fileURLWithPath: "\(directory)/cursor"))
      var store = try SegmentStore(directory: directory, limit: 80_000)
      #expect(try drain(&store).numbers == Array(0..<20))
    }
  }

  /// A cursor that is older than the files must not pass over anything, also when numbers go on.
  @Test func losesNothingToAnOldCursor() throws {
    try SegmentStage.inDirectory { directory in
      let cursor = URL(fileURLWithPath: "\(directory)/cursor")
      var old = Data()
      do {
        var store = try SegmentStore(directory: directory, limit: 80_000)
        for number in 0..<20 { try store.append(SegmentStage.payload(number)) }
        try store.advance(to: try #require(try store.read(atMost: 5).entries.last).end)
        old = try Data(contentsOf: cursor)
        #expect(try drain(&store).numbers == Array(5..<20))
      }
      // As if the machine had forgotten the last cursor, but not that the files were removed.
      try old.write(to: cursor)
      do {
        var store = try SegmentStore(directory: directory, limit: 80_000)
        for number in 20..<40 { try store.append(SegmentStage.payload(number)) }
      }
      var store = try SegmentStore(directory: directory, limit: 80_000)
      #expect(try drain(&store).numbers == Array(20..<40))
    }
  }

  @Test func neverGoesBack() throws {
    try SegmentStage.inDirectory { directory in
      var store = try SegmentStore(directory: directory, limit: 80_000)
      try store.append(SegmentStage.payload(1))
      let page = try store.read(atMost: 5)
      try store.advance(to: try #require(page.entries.last).end)
      try store.advance(to: page.end)
      try store.append(SegmentStage.payload(2))
      #expect(try drain(&store).numbers == [2])
    }
  }

  @Test func cutsEveryTornTail() throws {
    try SegmentStage.inDirectory { directory in
      do {
        var store = try SegmentStore(directory: directory, limit: 80_000)
        for number in 0..<3 { try store.append(SegmentStage.payload(number)) }
      }
      let name = try #require(try SegmentStage.segments(directory).last)
      let file = URL(fileURLWithPath: "\(directory)/\(name)")
      let whole = try Data(contentsOf: file)
      let line = whole.count / 3
      for length in (2 * line)..<whole.count {
        try whole.prefix(length).write(to: file)
        do {
          var store = try SegmentStore(directory: directory, limit: 80_000)
          #expect(store.tornBytes == length - 2 * line)
          try store.append(SegmentStage.payload(9))
        }
        let store = try SegmentStore(directory: directory, limit: 80_000)
        // Not advanced: the file is written anew for the next length.
        let page = try store.read(atMost: 100)
        #expect(page.damaged == 0 && page.entries.count == 3)
        #expect(page.entries.last?.payload == SegmentStage.payload(9))
        _ = store.bytes
      }
    }
  }

  @Test func passesOverDamageAndTellsOfIt() throws {
    try SegmentStage.inDirectory { directory in
      do {
        var store = try SegmentStore(directory: directory, limit: 80_000)
        for number in 0..<10 { try store.append(SegmentStage.payload(number)) }
      }
      let name = try #require(try SegmentStage.segments(directory).last)
      let file = URL(fileURLWithPath: "\(directory)/\(name)")
      var bytes = try Data(contentsOf: file)
      let line = bytes.count / 10
      bytes[4 * line + line - 2] ^= 4
      bytes[9 * line + line - 2] ^= 4
      try bytes.write(to: file)
      var store = try SegmentStore(directory: directory, limit: 80_000)
      let back = try drain(&store)
      #expect(back.numbers == [0, 1, 2, 3, 5, 6, 7, 8] && back.damaged == 2)
      #expect(store.pendingBytes == 0)
    }
  }

  @Test func isBoundedAndTakesMoreWhenThereIsRoom() throws {
    try SegmentStage.inDirectory { directory in
      var store = try SegmentStore(directory: directory, limit: 4000)
      var count = 0
      do throws(HansardClientError) {
        while count < 1000 {
          try store.append(SegmentStage.payload(count, padding: 50))
          count += 1
        }
        Issue.record("it was never full")
      } catch {
        #expect(error == .bufferFull)
      }
      #expect(count > 40 && store.bytes <= 4000)
      let page = try store.read(atMost: 10)
      try store.advance(to: try #require(page.entries.last).end)
      try store.append(SegmentStage.payload(count))
      #expect(try drain(&store).numbers == Array(page.entries.count...count))
    }
  }

  @Test func belongsToOneAtATime() throws {
    try SegmentStage.inDirectory { directory in
      do {
        let first = try SegmentStore(directory: directory, limit: 4000)
        #expect(throws: HansardClientError.bufferInUse(directory)) {
          try SegmentStore(directory: directory, limit: 4000)
        }
        _ = first.bytes
      }
      _ = try SegmentStore(directory: directory, limit: 4000)
    }
  }

  @Test func itsFilesAreTheOwnersAlone() throws {
    try SegmentStage.inDirectory { directory in
      var store = try SegmentStore(directory: directory, limit: 4000)
      try store.append(SegmentStage.payload(1))
      let names = try FileManager.default.contentsOfDirectory(atPath: directory)
      #expect(!names.isEmpty)
      for name in names {
        let mode = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
        #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
      }
      let mode = try FileManager.default.attributesOfItem(atPath: directory)
      #expect((mode[.posixPermissions] as? NSNumber)?.intValue == 0o700)
    }
  }

  /// `/dev/full` says no to every write.
  @Test func aFullDiskIsAnError() throws {
    let file = try OpenFile("/dev/full", O_WRONLY)
    let error = #expect(throws: HansardClientError.self) { try file.write([1]) }
    guard case .disk(let what)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what.contains("/dev/full"))
  }

  @Test func whatAFailedWriteLeftIsNoEntry() throws {
    try SegmentStage.inDirectory { directory in
      var store = try SegmentStore(directory: directory, limit: 80_000)
      try store.append(SegmentStage.payload(1))
      let name = try #require(try SegmentStage.segments(directory).last)
      let file = try OpenFile("\(directory)/\(name)", O_WRONLY | O_APPEND)
      try file.write(Array("h1 0000".utf8))
      try file.flush()
      // Another process of the same kind begins with a cut; this one has to see it when it opens.
      #expect(try drain(&store).numbers == [1])
    }
  }
}
