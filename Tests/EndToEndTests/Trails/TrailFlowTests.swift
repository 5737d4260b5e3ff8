// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Foundation
import HansardClient
import Protection
import TestSupport
import Testing

/// `hansard import recovery-audit`, run as a user runs it.
@Suite(.serialized, .exclusive)
struct TrailFlowTests {
  @Test func theJudgeSeesFaults() {
    var entries = TrailFile.entries(3)
    let given = entries
    for index in entries.indices {
      entries[index].timestamp = entries[index].timestamp.replacing("+00:00", with: "Z")
    }
    #expect(TrailFile.faults(of: entries, given: given) == [])
    #expect(TrailFile.faults(of: Array(entries[..<2]), given: given) == ["missing: entry_2"])
    #expect(TrailFile.faults(of: entries + entries[..<1], given: given) == ["twice: entry_0"])
    #expect(TrailFile.faults(of: entries, given: Array(given[1...])) == ["strange: entry_0"])
    entries[1].changesMade = []
    #expect(TrailFile.faults(of: entries, given: given).count == 1)
  }

  /// Both forms are one trail: what came in as lines is there already when it comes indented.
  @Test(arguments: [false, true])
  func aTrailComesInWholeAndOnce(indented: Bool) async throws {
    try await TrailStage.with("trails \(indented)") { stage in
      let entries = TrailFile.entries(1100)
      let text = TrailFile.text(entries, indented: indented)
      let file = try stage.file("trail.jsonl", text.utf8)
      let first = try await stage.importing([file])
      #expect(first.status == .exited(0), "\(first.output.suffix(2000))")
      #expect(
        first.output.contains("\(file): 1100 imported, 0 already there, 0 refused\n"),
        "\(first.output)")
      #expect(first.output.contains("\(file): 100 %, 1100 entries"), "\(first.output)")
      let kept = try await stage.kept()
      #expect(TrailFile.faults(of: kept, given: entries) == [])

      let other = try stage.file(
        "other.jsonl", TrailFile.text(entries, indented: !indented).utf8)
      let again = try await stage.importing([file, other])
      #expect(again.status == .exited(0))
      for file in [file, other] {
        #expect(
          again.output.contains("\(file): 0 imported, 1100 already there, 0 refused\n"),
          "\(again.output)")
      }
      #expect(try await stage.kept() == kept)
    }
  }

  /// `kill -9` in the middle, more than once.
  @Test func whatWasBrokenOffIsContinued() async throws {
    try await TrailStage.with("broken trails") { stage in
      let entries = TrailFile.entries(6000, sessions: 2)
      let file = try stage.file("trail.jsonl", TrailFile.text(entries, indented: true).utf8)
      var counts: [Int] = []
      for percent in [5, 40] {
        let output = "\(stage.directory)/output"
        let child = try stage.start(file, output: output)
        do {
          try await eventually("progress") {
            if let status = child.exitStatus { throw TestSupportError("it ended: \(status)") }
            return Self.percent(in: output) >= percent
          }
        } catch {
          child.send(SIGKILL)
          throw error
        }
        child.send(SIGKILL)
        #expect(await child.wait() == .signalled(SIGKILL))
        counts.append(try await stage.kept().count)
      }
      #expect(counts[0] > 0 && counts[0] < counts[1] && counts[1] < entries.count, "\(counts)")
      let last = try await stage.importing([file])
      #expect(last.status == .exited(0), "\(last.output.suffix(2000))")
      #expect(
        last.output.contains(
          "\(entries.count - counts[1]) imported, \(counts[1]) already there, 0 refused"),
        "\(counts) \(last.output.suffix(500))")
      #expect(TrailFile.faults(of: try await stage.kept(), given: entries) == [])
    }
  }

  private static func percent(in output: String) -> Int {
    let text = FileManager.default.contents(atPath: output).map {
      String(decoding: $0, as: UTF8.self)
    }
    let words = (text ?? "").split(separator: " ")
    return zip(words, words.dropFirst()).filter { $1.hasPrefix("%,") }.compactMap { Int($0.0) }
      .max() ?? 0
  }

  /// As the original wrote them: `json.dumps` of a dataclass, times by `isoformat`, NaN where a duration
  /// was not known.
  @Test(.enabled(if: Python.isAvailable, "python3 is not installed"))
  func whatTheOriginalWroteIsUnderstood() async throws {
    try await TrailStage.with("original trails") { stage in
      let program = """
        import json, sys, datetime as d
        now = d.datetime(2024, 5, 6, 7, 8, 9, 123456)
        for n in range(6):
            entry = dict(entry_id=f'entry_{n}', timestamp=None, session_id='session_a',
                error_type='ValueError', strategy='fix', attempt_number=n + 1, success=n == 5,
                changes_made=['Fügte "x" ein'], files_modified=[], rollback_performed=False,
                next_action='', duration_seconds=float('nan') if n == 2 else 0.1 * n,
                error_message='☃', recovery_message='')
            moment = now.replace(tzinfo=d.timezone.utc) if n < 4 else now
            entry['timestamp'] = (moment + d.timedelta(seconds=n)).isoformat()
            sys.stdout.write(json.dumps(entry, indent=int(sys.argv[1]) or None) + '\\n')
        """
      let lines = try stage.file("lines.jsonl", Array(try await Python.run(program, ["0"]).utf8))
      let indented = try stage.file("in.jsonl", Array(try await Python.run(program, ["2"]).utf8))
      let first = try await stage.importing([lines])
      #expect(first.status == .exited(1))
      #expect(first.output.contains("3 imported, 0 already there, 3 refused"), "\(first.output)")
      #expect(first.output.contains("lines.jsonl: line 3, byte "), "\(first.output)")
      #expect(
        first.output.contains("(/duration_seconds): is not JSON, which has no NaN"),
        "\(first.output)")
      #expect(first.output.contains("lines.jsonl: line 5, byte "), "\(first.output)")
      #expect(first.output.contains("(/timestamp): has no offset from UTC"), "\(first.output)")

      let second = try await stage.importing([indented], ["--time-zone", "Asia/Kolkata"])
      #expect(second.status == .exited(1))
      #expect(second.output.contains("2 imported, 3 already there, 1 refused"), "\(second.output)")
      let kept = try await stage.kept()
      #expect(
        kept.map(\.timestamp).sorted() == [
          "2024-05-06T01:38:13.123456Z", "2024-05-06T01:38:14.123456Z",
          "2024-05-06T07:08:09.123456Z", "2024-05-06T07:08:10.123456Z",
          "2024-05-06T07:08:12.123456Z",
        ])
      #expect(Set(kept.map(\.nextAction)) == ["retry", "complete"])
      #expect(kept.allSatisfy { $0.changesMade == ["Fügte \"x\" ein"] && $0.errorMessage == "☃" })
      let wrong = try await stage.importing([lines], ["--time-zone", "Nowhere"])
      #expect(wrong.status == .exited(64) && wrong.output.contains("'Nowhere' is neither UTC"))
    }
  }
}
