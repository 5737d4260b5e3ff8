// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import Testing

@testable import hansard

/// What is made of an object of a trail.
struct TrailEntryTests {
  private static let place = FilePlace(line: 7, offset: 100)

  private func entry(
    _ text: String, _ defaults: TrailEntry.Defaults = .init()
  ) throws -> TrailEntry {
    let document = try JSONDocument(parsing: Array(text.utf8), limits: ObjectSplitter.limits)
    return try TrailEntry(document, at: Self.place, defaults)
  }

  private func refusal(_ text: String, _ defaults: TrailEntry.Defaults = .init()) throws -> String?
  {
    do {
      _ = try entry(text, defaults)
      return nil
    } catch let error as TrailRefusal {
      return "\(error)"
    }
  }

  private static let identity = #""entry_id":"entry_1","session_id":"s-1","attempt_number":1"#
  private static let time = #""timestamp":"2024-01-01T00:00:00+00:00""#

  @Test func keepsEveryValueAsItIsWritten() throws {
    let text = #"""
      { "entry_id" : "entry_1", "timestamp": "2024-01-01T00:00:00.5+00:00",
        "session_id": "s\u002d1", "error_type": "E", "strategy": "fix", "attempt_number": 1,
        "success": true, "changes_made": ["a",  "b"], "files_modified": [],
        "rollback_performed": false, "next_action": "complete", "duration_seconds": 1.50,
        "error_message": "\u00e9", "recovery_message": null }
      """#
    let entry = try entry(text)
    #expect(entry.session == "s-1" && entry.id == "entry_1")
    #expect(
      String(decoding: entry.body, as: UTF8.self)
        == #"{"entry_id":"entry_1","timestamp":"2024-01-01T00:00:00.5+00:00","error_type":"E","#
        + #""strategy":"fix","attempt_number":1,"success":true,"changes_made":["a",  "b"],"#
        + #""files_modified":[],"rollback_performed":false,"next_action":"complete","#
        + #""duration_seconds":1.50,"error_message":"\u00e9"}"#)
  }

  @Test func saysWhatAnEntryDoesNot() throws {
    let defaults = TrailEntry.Defaults(agent: "bot", user: "ann")
    let said = try entry(
      "{\(Self.identity),\(Self.time),\"agent_id\":\"other\",\"user_id\":null}", defaults)
    #expect(
      String(decoding: said.body, as: UTF8.self).hasSuffix(
        #""agent_id":"other","user_id":"ann"}"#))
    let unsaid = try entry("{\(Self.identity),\(Self.time),\"next_action\":\"\"}", defaults)
    #expect(
      String(decoding: unsaid.body, as: UTF8.self)
        == #"{"entry_id":"entry_1","attempt_number":1,\#(Self.time),"agent_id":"bot","#
        + #""user_id":"ann"}"#)
  }

  /// `¦` is where it should be told.
  @Test(arguments: [
    ("¦{}", "(/entry_id): is missing"), (#"¦{"entry_id":null}"#, "(/entry_id): is missing"),
    (#"¦{"entry_id":"e","session_id":"s"}"#, "(/timestamp): is missing"),
    ("¦{\"entry_id\":\"e\",\n\(time)}", "(/session_id): is missing"),
    (
      "¦{\"entry_id\":\"e\",\n\(time),\n \"session_id\":\"s\"}",
      "(/attempt_number): is missing"
    ),
    (
      "{\(time),\"attempt_number\":1,\n\"session_id\":\"s\",\n \"entry_id\": ¦5}",
      "(/entry_id): is not a usable text"
    ),
    (
      "{\(time),\"attempt_number\":1,\n\"entry_id\":\"e\",\"session_id\":¦\"../x\"}",
      "(/session_id): it must be 1–255 visible ASCII characters without / \\ ? # %, and not . or .."
    ),
    (
      "{\(identity),\n\"timestamp\":¦\"2024-01-01T00:00:00\"}",
      "(/timestamp): has no offset from UTC; say by --time-zone where it was written"
    ),
  ])
  func tellsWhatIsMissingWithItsPlace(text: String, told: String) throws {
    let (plain, place) = Self.place(in: text)
    #expect(try refusal(plain) == "\(place) \(told)")
  }

  /// The text without its mark, and the place of the mark.
  private static func place(in text: String) -> (text: String, place: FilePlace) {
    let parts = text.components(separatedBy: "¦")
    return (parts.joined(), place.passing(Array(parts[0].utf8)[...]))
  }

  @Test func refusesWhatIsTooLarge() throws {
    let list = (0..<5).map { _ in "\"\(String(repeating: "x", count: 60_000))\"" }
    let text = "{\(Self.identity),\(Self.time),\"changes_made\":[\(list.joined(separator: ","))]}"
    let told = try refusal(text)
    #expect(told?.hasPrefix("line 7, byte 100: has 300") == true, "\(told ?? "")")
    #expect(told?.hasSuffix("the service takes 262144") == true)
  }

  @Test(arguments: [
    ("", #"¦{"b":2,"#), ("/missing", #"¦{"b":2,"#), ("/b", #"{"b":¦2,"#),
    ("/list/1", "{\"b\":2,\n\"list\": [11, ¦12],"), ("/list/7", #"{"list":¦[11],"#),
    ("/x~1y/z", "{\n\n\"x/y\": {\"z\": ¦3},"), ("/x~1y/0", #"{"x/y": ¦{"z":3},"#),
  ])
  func findsTheValueThatAPointerNames(pointer: String, text: String) throws {
    let (plain, place) = Self.place(in: text)
    let refusal = try entry("\(plain)\(Self.identity),\(Self.time)}").refusal(pointer, "No.")
    #expect(refusal == TrailRefusal(place: place, pointer: pointer, reason: "No."))
  }
}

/// What is made of times without an offset.
struct TrailTimesTests {
  private func time(_ text: String, in zone: String) throws -> String {
    let times = try #require(TrailTimes(zone))
    return try times.resolve(text)
  }

  @Test(arguments: [
    "2024-01-01T00:00:00Z", "2024-01-01T00:00:00.123456+05:30", "2024-01-01T00:00:00-00:00",
    "", "yesterday", "2024-01-01", "2024-01-01 00:00:00", "2024-01-01T00:00", "20240101T000000",
  ])
  func leavesOtherTextsAsTheyAre(text: String) throws {
    #expect(try TrailTimes.unknown.resolve(text) == text)
    #expect(try time(text, in: "Europe/Berlin") == text)
  }

  @Test func addsTheOffset() throws {
    let local = "2024-07-01T12:00:00.123456"
    #expect(throws: TrailTimes.Fault.unknown) { try TrailTimes.unknown.resolve(local) }
    #expect(try time(local, in: "UTC") == local + "Z")
    #expect(try time(local, in: "-03:30") == local + "-03:30")
    #expect(try time(local, in: "Europe/Berlin") == local + "+02:00")
    #expect(try time("2024-01-01T12:00:00", in: "Europe/Berlin") == "2024-01-01T12:00:00+01:00")
    #expect(
      try time("2024-01-01T12:00:00", in: "America/St_Johns") == "2024-01-01T12:00:00-03:30")
    #expect(try time("2024-07-01T12:00:00", in: "Asia/Kolkata") == "2024-07-01T12:00:00+05:30")
  }

  /// In Berlin clocks were put forward on 2024-03-31 at two, and back on 2024-10-27 at three.
  @Test func knowsWhenClocksAreChanged() throws {
    let zone = "Europe/Berlin"
    #expect(try time("2024-03-31T01:59:59", in: zone).hasSuffix("+01:00"))
    #expect(throws: TrailTimes.Fault.skipped) { try time("2024-03-31T02:30:00", in: zone) }
    #expect(try time("2024-03-31T03:00:00", in: zone).hasSuffix("+02:00"))
    #expect(try time("2024-10-27T01:59:59", in: zone).hasSuffix("+02:00"))
    // Twice: the first.
    #expect(try time("2024-10-27T02:30:00", in: zone).hasSuffix("+02:00"))
    #expect(try time("2024-10-27T03:00:00", in: zone).hasSuffix("+01:00"))
  }

  @Test(arguments: [
    "", "Berlin", "Europe/Nowhere", "+2", "+24:00", "+02:60", "+0200", "±02:00", "utc",
  ])
  func refusesWhatIsNoZone(text: String) {
    #expect(TrailTimes(text) == nil)
  }
}
