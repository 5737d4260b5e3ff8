// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection
import Testing

@testable import API

extension EventDraft {
  /// The bytes of its data.
  fileprivate var bytes: [UInt8] { Array(data.rawBytes) }
}

@Suite struct EventBodiesTests {
  @Test(arguments: [
    "1e400", "-0", "1.10", "9007199254740993", "18446744073709551616", "null", "true", #""""#,
    #""\u0000""#, #"{ "b" : 1 , "a":[ ]  }"#, #"{"":1}"#, #""\u00e9é""#, "[1,\t2]",
  ])
  func handsOverTheDataAsTheBytesThatWereSent(_ data: String) throws {
    let body = #" {"event_data" : \#(data) ,"event_type":"a"}"#
    #expect(try EventBodies.one(Array(body.utf8)).bytes == Array(data.utf8))
    #expect(try EventBodies.array(Array("[\(body)]".utf8)).map(\.bytes) == [Array(data.utf8)])
    let oneLine = Array(body.utf8)
    #expect(try EventBodies.lines(oneLine).map(\.bytes) == [Array(data.utf8)])
  }

  @Test func readsTheOptionalFields() throws {
    let event = try EventBodies.one(
      Array(
        #"""
        {"event_type":"a.b:c-d_1","event_data":{},"timestamp":"2026-11-21T08:30:00.5+01:00",
         "event_id":"0190A5E6-7C00-7000-8000-00000000000F"}
        """#.utf8))
    #expect(event.type.rawValue == "a.b:c-d_1")
    #expect(event.timestamp?.rfc3339 == "2026-11-21T07:30:00.500000Z")
    #expect(event.id?.description == "0190a5e6-7c00-7000-8000-00000000000f")
    let bare = try EventBodies.one(
      Array(#"{"event_type":"a","event_data":0,"timestamp":null,"event_id":null}"#.utf8))
    #expect(bare.timestamp == nil)
    #expect(bare.id == nil)
  }

  @Test(arguments: [
    (#"{"event_data":{}}"#, "/event_type", "missing_field"),
    (#"{"event_type":"a"}"#, "/event_data", "missing_field"),
    (#"{"event_type":null,"event_data":{}}"#, "/event_type", "missing_field"),
    (#"{"event_type":"1a","event_data":{}}"#, "/event_type", "bad_event_type"),
    (#"{"event_type":"a b","event_data":{}}"#, "/event_type", "bad_event_type"),
    (#"{"event_type":"a","event_data":{},"seq":5}"#, "/seq", "unknown_field"),
    (#"{"event_type":"a","event_data":{},"timestamp":"now"}"#, "/timestamp", "bad_timestamp"),
    (#"{"event_type":"a","event_data":{},"timestamp":"infinity"}"#, "/timestamp", "bad_timestamp"),
    (
      #"{"event_type":"a","event_data":{},"timestamp":"2026-11-21"}"#, "/timestamp", "bad_timestamp"
    ),
    (
      #"{"event_type":"a","event_data":{},"timestamp":"2026-06-30T23:59:60Z"}"#, "/timestamp",
      "bad_timestamp"
    ),
    (#"{"event_type":"a","event_data":{},"timestamp":1}"#, "/timestamp", "wrong_type"),
    (#"{"event_type":"a","event_data":{},"event_id":"x"}"#, "/event_id", "bad_uuid"),
    (
      #"{"event_type":"a","event_data":{},"event_id":"00000000-0000-0000-0000-000000000000"}"#,
      "/event_id", "bad_uuid"
    ),
    (
      #"{"event_type":"a","event_data":{},"event_id":"{0190a5e6-7c00-7000-8000-00000000000f}"}"#,
      "/event_id", "bad_uuid"
    ),
    (
      #"{"event_type":"a","event_data":{},"event_id":"0190a5e67c0070008000-00000000000f----"}"#,
      "/event_id", "bad_uuid"
    ),
    (
      #"{"event_type":"a","event_data":{},"event_id":"0190a5e6-7c00-7000-8000-0000000000+f"}"#,
      "/event_id", "bad_uuid"
    ),
    (
      #"{"event_type":"a","event_data":{},"event_id":"0190a5e6-7c00-7000-8000-00000000000\u00e9"}"#,
      "/event_id", "bad_uuid"
    ),
    (#"{"event_type":"a","event_data":{"k":1,"k":2}}"#, "/event_data/k", "duplicate_key"),
    (#"{"event_type":"a","event_data":{"k":{"<b>":1,"<b>":2}}}"#, "/event_data/k", "duplicate_key"),
    (#"{"event_type":"a","event_data":"\udc00\ud800"}"#, "/event_data", "lone_surrogate"),
  ])
  func refusesEventsAndSaysWhere(_ text: String, _ place: String, _ word: String) {
    let one = refusal { () throws(Problem) in _ = try EventBodies.one(Array(text.utf8)) }
    #expect(one?.places == [place])
    #expect(one?.words == [word])
    #expect(one?.code.rawValue == word)
    let good = #"{"event_type":"a","event_data":1}"#
    let second = refusal { () throws(Problem) in
      _ = try EventBodies.array(Array("[\(good),\(text)]".utf8))
    }
    #expect(second?.places == ["/1" + place])
    let lines = refusal { () throws(Problem) in
      _ = try EventBodies.lines(Array("\(good)\n\(good)\r\n\(text)\n".utf8))
    }
    #expect(lines?.places == ["/2" + place])
  }

  @Test(arguments: [(64, true), (65, false)])
  func countsTheDataAsDepth1(_ depth: Int, _ isAccepted: Bool) {
    let data = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let event = #"{"event_type":"a","event_data":\#(data)}"#
    let found = [
      refusal { () throws(Problem) in _ = try EventBodies.one(Array(event.utf8)) },
      refusal { () throws(Problem) in _ = try EventBodies.array(Array("[\(event)]".utf8)) },
      refusal { () throws(Problem) in _ = try EventBodies.lines(Array(event.utf8)) },
    ]
    #expect(found.map { $0?.code } == Array(repeating: isAccepted ? nil : .tooDeep, count: 3))
  }

  @Test func namesEachBadEventOfABatch() {
    let events = (0..<1000).map { index in
      index % 2 == 0 ? #"{"event_type":"a","event_data":1}"# : "{}"
    }
    let found = refusal { () throws(Problem) in
      _ = try EventBodies.array(Array("[\(events.joined(separator: ","))]".utf8))
    }
    let named = Set(found?.places.compactMap { $0.split(separator: "/").first } ?? [])
    #expect(named.count == 500)
    #expect(found?.code == .missingField)
  }

  @Test(arguments: [(1000, ProblemCode?.none), (1001, .tooManyEvents)])
  func boundsTheNumberOfEvents(_ count: Int, _ code: ProblemCode?) {
    let events = Array(repeating: #"{"event_type":"a","event_data":1}"#, count: count)
    let array = Array("[\(events.joined(separator: ","))]".utf8)
    let lines = Array((events.joined(separator: "\n") + "\n").utf8)
    #expect(refusal { () throws(Problem) in _ = try EventBodies.array(array) }?.code == code)
    #expect(refusal { () throws(Problem) in _ = try EventBodies.lines(lines) }?.code == code)
  }

  @Test func refusesBatchesOfNothing() {
    let array = refusal { () throws(Problem) in _ = try EventBodies.array(Array("[]".utf8)) }
    #expect(array?.code == .emptyBatch)
    for text in ["", "\n", " \r\n\t\n"] {
      let lines = refusal { () throws(Problem) in _ = try EventBodies.lines(Array(text.utf8)) }
      #expect(lines?.code == .emptyBatch)
    }
    let object = refusal { () throws(Problem) in _ = try EventBodies.array(Array("{}".utf8)) }
    #expect(object?.code == .wrongType)
  }

  @Test func refusesAnEventThatAloneIsTooLarge() {
    let text = String(repeating: "a", count: 100_000)
    let large = #"{"event_type":"a","event_data":["\#(text)","\#(text)","\#(text)"]}"#
    let array = refusal { () throws(Problem) in
      _ = try EventBodies.array(Array("[\(large)]".utf8))
    }
    let lines = refusal { () throws(Problem) in _ = try EventBodies.lines(Array(large.utf8)) }
    #expect(array == Refusal(code: .eventTooLarge, places: ["/0"], words: ["event_too_large"]))
    #expect(lines == array)
  }

  @Test func namesTheLineThatIsNotJSON() {
    let good = #"{"event_type":"a","event_data":1}"#
    for bad in ["", "{", "\(good) \(good)"] {
      let found = refusal { () throws(Problem) in
        _ = try EventBodies.lines(Array("\(good)\n\(bad)\n\(good)".utf8))
      }
      #expect(found?.code == .malformedJSON)
      #expect(found?.places == ["/1"])
    }
  }

  @Test(arguments: [
    ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("a\n\nb\n", ["a", "", "b"]),
    ("\n\n", []), ("a\r\n", ["a\r"]), ("", []),
  ])
  func splitsLines(_ text: String, _ lines: [String]) {
    let split = EventBodies.split(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    #expect(split == lines)
  }

  @Test func refusesAMillionBracketsQuickly() {
    let body =
      Array(#"{"event_type":"a","event_data":"#.utf8) + Array(repeating: 0x5B, count: 200_000)
    let found = refusal { () throws(Problem) in _ = try EventBodies.one(body) }
    #expect(found?.code == .tooDeep)
  }
}
