// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import HansardClient
import Protection
import TestSupport
import Testing

/// What `hansard import recovery-audit` does with what it cannot bring in.
@Suite(.serialized, .exclusive)
struct TrailRefusalTests {
  /// How a good entry is spoilt; `¦` in what comes out is where that should be told.
  private struct Fault: Sendable {
    var spoil: @Sendable (String) -> String
    var told: String

    init(_ told: String, _ spoil: @escaping @Sendable (String) -> String) {
      self.told = told
      self.spoil = spoil
    }

    static func replacing(_ old: String, _ new: String, _ told: String) -> Fault {
      Fault(told) { $0.replacing(old, with: new) }
    }
  }

  private static let duration = #""duration_seconds": 0.125"#
  private static let strategy = #""strategy": "retry""#

  private static let faults: [Fault] = [
    Fault("ends in the middle") { "\($0.prefix(60))¦" },
    Fault("ends in the middle") { $0.dropLast().trimmingCharacters(in: .newlines) + "¦" },
    Fault("is not an object of JSON") { _ in "¦2024-01-01 ERROR\n\nnothing" },
    .replacing(duration, #""duration_seconds": ¦NaN"#, "(/duration_seconds): is not JSON, which"),
    .replacing(
      duration, #""duration_seconds": -¦Infinity"#, "(/duration_seconds): is not JSON, which"),
    .replacing(
      duration, #""duration_seconds": ¦-1"#, "(/duration_seconds): It must be from 0 to 1000000000"),
    .replacing(
      duration, #""duration_seconds": ¦"0.125""#, "(/duration_seconds): It must be a number."),
    .replacing(strategy, "\(strategy), ¦\(strategy)", "(/strategy): has the same key twice"),
    .replacing(strategy, #""strategy": ¦7"#, "(/strategy): It must be a string."),
    .replacing(strategy, #""strategy": ¦"""#, "(/strategy): It is empty."),
    .replacing(strategy, #""tactic": ¦"retry""#, "(/tactic): There is no such field."),
    Fault("(/strategy): It is required.") {
      "¦" + $0.replacing("\(strategy),", with: "")
    },
    Fault("(/entry_id): is missing") { "¦" + $0.replacing("entry_id", with: "id") },
    .replacing(
      #""entry_id": "entry_1""#, #""entry_id": ¦"a b""#, "(/entry_id): It must be visible ASCII"),
    .replacing(
      #""session_id": "session_1""#, #""session_id": ¦"../../etc/passwd""#,
      "(/session_id): it must be 1–255 visible ASCII"),
    Fault("(/session_id): is missing") {
      "¦" + $0.replacing(#""session_id": "session_1""#, with: #""session_id": null"#)
    },
    .replacing(
      #""attempt_number": 1"#, #""attempt_number": ¦0"#,
      "(/attempt_number): It must be a whole number"),
    .replacing(#""success": false"#, #""success": ¦"no""#, "(/success): It must be true or false."),
    .replacing(
      #""files_modified": ["#, #""files_modified": [¦5, "#,
      "(/files_modified/0): It must be a string."
    ),
    .replacing("+00:00", "", "(/timestamp): has no offset from UTC"),
    .replacing("2021-03-11", "2021-13-11", "(/timestamp): It must be an RFC 3339 date-time"),
    .replacing("E 1", #"E 1¦\ud800"#, "(/error_type): holds half of a surrogate pair"),
    .replacing(
      #""error_type": "E 1""#, #""error_type": ¦"E\u0000""#,
      "(/error_type): It must not hold the character U+0000."),
  ]

  /// The mark of faults that are spoilt by what is taken away.
  private static func marked(_ text: String, _ fault: Fault) -> String {
    if text.contains("¦") { return text }
    let name = fault.told.split(separator: ")").first?.dropFirst(2) ?? ""
    return text.replacing("\"\(name)\": \"", with: "\"\(name)\": ¦\"")
  }

  /// Each between two good entries, which come in; on one line and indented.
  @Test(arguments: [false, true])
  func eachFaultIsToldWithItsPlace(indented: Bool) async throws {
    try await TrailStage.with("faulty trails \(indented)") { stage in
      var files: [String] = []
      var expected: [String] = []
      for (index, fault) in Self.faults.enumerated() {
        let entries = TrailFile.entries(3).map { entry in
          var entry = entry
          entry.sessionID += "-\(index)"
          return TrailFile.object(entry, indented: indented)
        }
        // Its session keeps the number that faults look for.
        let plain = entries[1].replacing("session_1-\(index)", with: "session_1")
        let text = Self.marked(fault.spoil(plain), fault)
        let parts = "\(entries[0])\n\(text)".components(separatedBy: "¦")
        #expect(parts.count == 2, "\(index): \(text)")
        let before = Array(parts[0].utf8)
        let line = before.count { $0 == 0x0A } + 1
        let file = try stage.file(
          "faulty-\(index).jsonl", "\(parts.joined())\n\(entries[2])\n".utf8)
        files.append(file)
        expected.append("\(file): line \(line), byte \(before.count)")
      }
      let outcome = try await stage.importing(files)
      #expect(outcome.status == .exited(1))
      let lines = outcome.output.split(separator: "\n")
      for (index, fault) in Self.faults.enumerated() {
        #expect(
          lines.contains { $0.hasPrefix(expected[index]) && $0.contains(fault.told) },
          "\(expected[index]) \(fault.told)\n\(outcome.output)")
        #expect(
          lines.contains { $0 == "\(files[index]): 2 imported, 0 already there, 1 refused" },
          "\(files[index]) \(lines.filter { $0.hasPrefix(files[index]) })")
      }
      let kept = try await stage.kept()
      #expect(kept.count == 2 * files.count)
      #expect(!kept.contains { $0.entryID == "entry_1" })
    }
  }

  /// The same id with other words in it: told, and the first stays.
  @Test func anotherEntryUnderTheSameIDIsRefused() async throws {
    try await TrailStage.with("conflicting trails") { stage in
      let entries = TrailFile.entries(600)
      let file = try stage.file("a.jsonl", TrailFile.text(entries, indented: false).utf8)
      #expect(try await stage.importing([file]).status == .exited(0))
      var changed = entries
      changed[7].errorMessage = "something else"
      changed[500].durationSeconds += 1
      let other = try stage.file("b.jsonl", TrailFile.text(changed, indented: false).utf8)
      let outcome = try await stage.importing([other])
      #expect(outcome.status == .exited(1))
      #expect(
        outcome.output.contains("0 imported, 598 already there, 2 refused"), "\(outcome.output)")
      for line in [8, 501] {
        let place = Array(TrailFile.text(Array(changed[..<(line - 1)]), indented: false).utf8).count
        #expect(
          outcome.output.contains(
            "\(other): line \(line), byte \(place + 13) (/entry_id): This id belongs to another"),
          "\(outcome.output)")
      }
      #expect(TrailFile.faults(of: try await stage.kept(), given: entries) == [])
      let client = try HansardClient(
        baseURL: stage.service.url, apiKey: stage.keys["admin"].map { APIKey($0) })
      try await client.clearRecoverySession("session_1", reason: "no longer needed")
      let cleared = try await stage.importing([file])
      #expect(cleared.status == .exited(1))
      #expect(
        cleared.output.contains("0 imported, 400 already there, 200 refused"), "\(cleared.output)")
      #expect(cleared.output.contains("line 2, byte "), "\(cleared.output)")
      #expect(cleared.output.contains(": The session was cleared."), "\(cleared.output)")
      #expect(cleared.output.contains("\(file): and 100 more are refused"), "\(cleared.output)")
    }
  }

  @Test func whatCannotBeginLeavesNothing() async throws {
    try await TrailStage.with("no trails") { stage in
      let file = try stage.file(
        "a.jsonl", TrailFile.text(TrailFile.entries(5), indented: true).utf8)
      let missing = try await stage.importing([file, "\(stage.directory)/none.jsonl"])
      #expect(missing.status == .exited(1))
      #expect(missing.output.contains("none.jsonl: No such file"), "\(missing.output)")
      let forbidden = try await stage.importing([file], as: "auditor")
      #expect(forbidden.status == .exited(1))
      #expect(forbidden.output.contains("403 forbidden"), "\(forbidden.output)")
      #expect(forbidden.output.contains("0 imported"), "\(forbidden.output)")
      #expect(try await stage.kept() == [])
      let empty = try await stage.importing([try stage.file("empty.jsonl", [])])
      #expect(empty.status == .exited(0))
      #expect(empty.output.contains("0 imported, 0 already there, 0 refused"), "\(empty.output)")
    }
  }

  /// The peak for a large file is that for a small one, but for what one window holds.
  @Test func memoryDoesNotGrowWithTheFile() async throws {
    try await TrailStage.with("large trails") { stage in
      let small = try await peak(of: 8, on: stage)
      let large = try await peak(of: 150, on: stage)
      let megabyte = 1 << 20
      #expect(small > 4 * megabyte && small < 128 * megabyte, "\(small)")
      #expect(large - small < 24 * megabyte, "\(small / megabyte) and \(large / megabyte) MiB")
    }
  }

  /// The most memory that it takes to bring in so many entries of 200 KiB each, with as much again of
  /// damage between them.
  private func peak(of count: Int, on stage: TrailStage) async throws -> Int {
    let path = try stage.file("large-\(count).jsonl", [])
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    for index in 0..<count {
      var entry = TrailFile.entries(1)[0]
      entry.entryID = "entry_\(count)_\(index)"
      entry.sessionID = "session_\(count)"
      entry.changesMade = (0..<20).map { "\($0) " + String(repeating: "word ", count: 2000) }
      let damage = String(repeating: "no object \"{\n", count: 16_000)
      try handle.write(contentsOf: Data((TrailFile.object(entry, indented: true) + "\n").utf8))
      try handle.write(contentsOf: Data(damage.utf8))
    }
    try handle.close()
    let output = "\(stage.directory)/output-\(count)"
    let child = try stage.start(path, output: output)
    var peak = 0
    try await eventually(within: .seconds(240), "an import of \(count)") {
      peak = max(peak, Self.peakBytes(of: child.processID))
      return child.exitStatus != nil
    }
    let text = String(
      decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
    #expect(child.exitStatus == .exited(1))
    #expect(text.contains("\(path): \(count) imported, 0 already there, "), "\(text.suffix(1000))")
    try FileManager.default.removeItem(atPath: path)
    return peak
  }

  /// The most memory that a process has had resident (`VmHWM`), in bytes; 0 where it is gone.
  private static func peakBytes(of process: Int32) -> Int {
    let status = FileManager.default.contents(atPath: "/proc/\(process)/status") ?? Data()
    let lines = String(decoding: status, as: UTF8.self).split(separator: "\n")
    let line = lines.first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) }.map { $0 * 1024 } ?? 0
  }
}
