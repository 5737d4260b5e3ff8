// Hansard
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Protection

@Suite struct MasterKeyFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: [0o400, 0o600, 0o700] as [mode_t])
  func loadsAFileThatOnlyItsOwnerMayUse(mode: mode_t) throws {
    let path = try folder.write(validText, mode: mode)
    #expect(try MasterKeyring.load(file: path).current.id == "mk-1")
  }

  @Test(arguments: [0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o660, 0o644, 0o777] as [mode_t])
  func refusesAFileOpenToGroupOrOthers(mode: mode_t) throws {
    let path = try folder.write(validText, mode: mode)
    #expect(throws: MasterKeyError.permissive(mode: UInt32(mode))) {
      try MasterKeyring.load(file: path)
    }
  }

  @Test func followsASymbolicLinkToARegularFile() throws {
    let (path, link) = (try folder.write(validText, mode: 0o600), folder.path("link"))
    try #require(symlink(path, link) == 0)
    #expect(try MasterKeyring.load(file: link).current.id == "mk-1")
    try #require(chmod(path, 0o644) == 0)
    #expect(throws: MasterKeyError.permissive(mode: 0o644)) { try MasterKeyring.load(file: link) }
    try #require(unlink(path) == 0)
    #expect(throws: MasterKeyError.unreadable(errno: ENOENT)) {
      try MasterKeyring.load(file: link)
    }
  }

  @Test func refusesWhatIsNotARegularFile() {
    for path in [folder.path(""), "/dev/zero", "/dev/null"] {
      #expect(throws: MasterKeyError.notARegularFile) { try MasterKeyring.load(file: path) }
    }
  }

  /// On a thread of its own, so that a wait for a writer fails this test and hangs nothing.
  @Test func refusesAFIFOWithoutWaitingForAWriter() throws {
    let fifo = folder.path("fifo")
    try #require(mkfifo(fifo, 0o600) == 0)
    let answer = Mutex<MasterKeyError?>(nil)
    let answered = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      do throws(MasterKeyError) {
        _ = try MasterKeyring.load(file: fifo)
      } catch {
        answer.withLock { $0 = error }
      }
      answered.signal()
    }
    if answered.wait(timeout: .now() + 10) == .timedOut {
      Issue.record("waits for a writer")
      close(open(fifo, O_WRONLY | O_NONBLOCK))
      answered.wait()
    }
    #expect(answer.withLock { $0 } == .notARegularFile)
  }

  @Test func refusesAMissingFile() {
    for (path, code) in [(folder.path("none"), ENOENT), ("", ENOENT), ("/dev/null/x", ENOTDIR)] {
      #expect(throws: MasterKeyError.unreadable(errno: code)) {
        try MasterKeyring.load(file: path)
      }
    }
  }

  @Test func takesAtMost64KiB() throws {
    let comment = "#" + String(repeating: "x", count: 65_536 - validText.utf8.count - 2) + "\n"
    let largest = validText + comment
    #expect(largest.utf8.count == 65_536)
    let path = try folder.write(largest, mode: 0o600)
    #expect(try MasterKeyring.load(file: path).current.id == "mk-1")
    let longer = try folder.write(largest + "#", mode: 0o600)
    #expect(throws: MasterKeyError.tooLarge) { try MasterKeyring.load(file: longer) }
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
  func refusesAFileOfAnotherUser() throws {
    let path = try folder.write(validText, mode: 0o600)
    try #require(chown(path, 1, 1) == 0)
    #expect(throws: MasterKeyError.foreignOwner) { try MasterKeyring.load(file: path) }
  }

  @Test func makesAFileThatLoads() throws {
    let path = folder.path("new")
    let id = try MasterKeyring.makeKeyFile(at: path)
    let keyring = try MasterKeyring.load(file: path)
    #expect(keyring.current.id == id)
    #expect(id.utf8.count == 19 && id.hasPrefix("mk-"))
    var status = stat()
    try #require(stat(path, &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o600)
    #expect(try folder.names() == ["new"], "no temporary file stays behind")
  }

  @Test func generatesTheTextOfALoadableFile() throws {
    let texts = try [MasterKeyring.generate(), MasterKeyring.generate()]
    let ids = try texts.map { text in
      try MasterKeyring.load(file: folder.write(text, mode: 0o600)).current.id
    }
    #expect(texts[0] != texts[1] && ids[0] != ids[1])
  }

  @Test func neverOverwritesAFile() throws {
    let path = try folder.write("precious", mode: 0o644)
    let link = folder.path("dangling")
    try #require(symlink(folder.path("nowhere"), link) == 0)
    for taken in [path, link, folder.path("")] {
      #expect(throws: MasterKeyError.self) { try MasterKeyring.makeKeyFile(at: taken) }
    }
    #expect(throws: MasterKeyError.alreadyExists) { try MasterKeyring.makeKeyFile(at: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    #expect(try folder.names().count == 2)
  }

  @Test func saysThatItCannotWrite() {
    #expect(throws: MasterKeyError.unwritable(errno: ENOENT)) {
      try MasterKeyring.makeKeyFile(at: folder.path("none/key"))
    }
  }

  @Test func makesOneFileWhenManyTry() async throws {
    let path = folder.path("contended")
    let made = try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<16 {
        group.addTask {
          do {
            return try MasterKeyring.makeKeyFile(at: path)
          } catch MasterKeyError.alreadyExists {
            return nil
          }
        }
      }
      return try await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
    }
    #expect(made.count == 1)
    #expect(try MasterKeyring.load(file: path).current.id == made.first)
    #expect(try folder.names() == ["contended"])
  }

  private let validText = "mk-1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
}

/// A folder of its own under the temporary directory, removed with the object.
private final class TemporaryFolder: Sendable {
  private let root: String

  init() throws {
    root = NSTemporaryDirectory() + "hansard-keys-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: root)
    } catch {
      // A folder left in the temporary directory is no reason to fail a test that has passed.
    }
  }

  func path(_ name: String) -> String {
    "\(root)/\(name)"
  }

  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root)
  }

  func write(_ text: String, mode: mode_t) throws -> String {
    let path = path(UUID().uuidString)
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    try #require(chmod(path, mode) == 0)
    return path
  }
}
