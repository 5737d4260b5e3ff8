// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Governance

@Suite struct DirectoryArchiveTests {
  private struct Crash: Error {}

  private func withDirectory(_ body: (String) async throws -> Void) async throws {
    let directory = try TemporaryDirectory.make("archive")
    defer { TemporaryDirectory.remove(directory) }
    try await body(directory)
  }

  private let name = ArchiveSample.name

  private func contents(_ store: some ArchiveStore) async throws -> [UInt8]? {
    guard try await store.byteCount(of: name) != nil else { return nil }
    return try await store.read(name) { bytes in
      var all: [UInt8] = []
      while let piece = try await bytes() { all += piece }
      return all
    }
  }

  @Test func keepsWhatItIsGiven() async throws {
    try await withDirectory { directory in
      let store = DirectoryArchive(directory: directory)
      #expect(try await store.byteCount(of: name) == nil)
      await #expect(throws: ArchiveStoreError.notFound) { try await store.read(name) { _ in } }
      let large = [UInt8](repeating: 7, count: 300_000)
      let answer = try await store.put(name) { sink in
        try await sink([1, 2, 3])
        try await sink([])
        try await sink(large)
        return "answer"
      }
      #expect(answer == "answer")
      #expect(try await contents(store) == [1, 2, 3] + large)
      #expect(try await store.byteCount(of: name) == 300_003)
      try await store.put(name) { try await $0([9]) }
      #expect(try await contents(store) == [9])
      try await store.delete(name)
      try await store.delete(name)
      #expect(try await contents(store) == nil)
    }
  }

  @Test func namesAreOfIdsAlone() async throws {
    try await withDirectory { directory in
      let store = DirectoryArchive(directory: directory)
      let path = "00112233-4455-6677-8899-aabbccddeeff/01890a5d-ac96-774b-bcce-b302099a8057.ndjson"
      #expect(store.url(of: name) == "file://\(directory)/\(path)")
      try await store.put(name) { try await $0([1]) }
      let modes = try ["", "/.incoming", "/\(name.tenant)", "/\(path)"].map { place in
        let attributes = try FileManager.default.attributesOfItem(atPath: directory + place)
        return attributes[.posixPermissions] as? Int
      }
      #expect(modes == [0o755, 0o700, 0o700, 0o600])
    }
  }

  @Test func aLinkUnderTheNameIsNotFollowed() async throws {
    try await withDirectory { directory in
      let store = DirectoryArchive(directory: directory)
      try await store.put(name) { try await $0([1]) }
      let (path, secret) = ("\(directory)/\(name.path)", "\(directory)/secret")
      try "secret".write(toFile: secret, atomically: false, encoding: .utf8)
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: secret)
      await #expect(throws: ArchiveStoreError.self) { try await contents(store) }
      // It is replaced, and what it led to stays.
      try await store.put(name) { try await $0([2]) }
      #expect(try await contents(store) == [2])
      #expect(try String(contentsOfFile: secret, encoding: .utf8) == "secret")
    }
  }

  @Test func whatBreaksOffLeavesNothing() async throws {
    try await withDirectory { directory in
      let store = DirectoryArchive(directory: directory)
      await #expect(throws: Crash.self) {
        try await store.put(name) { sink in
          try await sink([1, 2])
          throw Crash()
        }
      }
      #expect(try await contents(store) == nil)
      let left = try FileManager.default.contentsOfDirectory(atPath: "\(directory)/.incoming")
      #expect(left == [])
    }
  }

  /// What a reader finds wherever an archive's storing ended, after `before`.
  private func found(
    ending step: DirectoryArchive.Step, midway: Bool = false, defect: DirectoryArchive.Defect?,
    before: [UInt8]?
  ) async throws -> [UInt8]? {
    let directory = try TemporaryDirectory.make("archive")
    defer { TemporaryDirectory.remove(directory) }
    var store = DirectoryArchive(directory: directory)
    if let before { try await store.put(name) { try await $0(before) } }
    store.defect = defect
    store.interrupt = { if $0 == step { throw Crash() } }
    if defect == .writesInPlace, before != nil { try await store.delete(name) }
    await #expect(throws: Crash.self) {
      try await store.put(name) { sink in
        try await sink([1, 2])
        if midway { throw Crash() }
        try await sink([3])
      }
    }
    let found = try await contents(DirectoryArchive(directory: directory))
    // Whatever is left, the next one goes through.
    if defect == nil {
      let next = DirectoryArchive(directory: directory)
      try await next.put(name) { try await $0([4]) }
      #expect(try await contents(next) == [4])
    }
    return found
  }

  @Test(arguments: DirectoryArchive.Step.allCases, [[UInt8]?.none, [8, 8]])
  func aCrashLeavesTheOldOrTheNew(step: DirectoryArchive.Step, before: [UInt8]?) async throws {
    let found = try await found(ending: step, defect: nil, before: before)
    let isNew = step == .renamed || step == .settled
    #expect(found == (isNew ? [1, 2, 3] : before))
    let midway = try await self.found(ending: .settled, midway: true, defect: nil, before: before)
    #expect(midway == before)
  }

  /// The planted defect: what was written in its place is there, half of it.
  @Test func writingInPlaceIsFound() async throws {
    let half = try await found(
      ending: .written, midway: true, defect: .writesInPlace, before: nil)
    #expect(half == [1, 2])
  }

  @Test func leftoversAreRemovedADayLater() async throws {
    try await withDirectory { directory in
      let store = DirectoryArchive(directory: directory)
      try await store.put(name) { try await $0([1]) }
      for (file, age) in [("old", 90_000.0), ("new", 80_000)] {
        let path = "\(directory)/.incoming/\(file)"
        try "x".write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
      }
      try await store.put(name) { try await $0([1]) }
      let left = try FileManager.default.contentsOfDirectory(atPath: "\(directory)/.incoming")
      #expect(left == ["new"])
    }
  }

  @Test func aDirectoryThatIsNotThereIsSaid() async throws {
    let store = DirectoryArchive(directory: "/nowhere/at/all")
    await #expect(throws: ArchiveStoreError.notFound) {
      try await store.put(name) { try await $0([1]) }
    }
    #expect(try await store.byteCount(of: name) == nil)
    try await store.delete(name)
  }
}
