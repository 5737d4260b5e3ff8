// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Testing

@testable import API

/// What is wrong with a body: the problem's code, and where and why.
struct Refusal: Equatable {
  var code: ProblemCode
  var places: [String]
  var words: [String]
}

/// What `read` refuses; nil where it accepts.
func refusal(_ read: () throws(Problem) -> Void) -> Refusal? {
  do throws(Problem) {
    try read()
    return nil
  } catch {
    return Refusal(
      code: error.code, places: error.violations.map(\.pointer),
      words: error.violations.map(\.code))
  }
}

@Suite struct RecordingBodiesTests {
  @Test func readsAWholeDraft() throws {
    let draft = try RecordingBodies.draft(
      Array(
        #"""
         {"agent_id":"a","reason":"w\u0068y","user_id":"u","canvas_id":"c","session_id":"s",
          "tags":["x","é"]}
        """#.utf8))
    #expect(draft.agent == AgentID("a"))
    #expect(draft.user == UserID("u"))
    #expect(draft.canvas == CanvasID("c"))
    #expect(draft.session == SessionID("s"))
    #expect(draft.reason.rawValue == "why")
    #expect(draft.tags.map(\.rawValue) == ["x", "é"])
  }

  @Test func takesNullForAbsent() throws {
    let draft = try RecordingBodies.draft(
      Array(#"{"agent_id":"a","reason":"r","user_id":null,"tags":null,"session_id":null}"#.utf8))
    #expect(draft.user == nil)
    #expect(draft.session == nil)
    #expect(draft.tags.isEmpty)
  }

  @Test(arguments: [
    ("", ProblemCode.malformedJSON, [], []), ("{", .malformedJSON, [], []),
    ("{}{}", .malformedJSON, [], []), ("{'a':1}", .malformedJSON, [], []),
    ("\u{feff}{}", .malformedJSON, [], []), (#"{"agent_id":"a",}"#, .malformedJSON, [], []),
    (#"{"reason":NaN}"#, .malformedJSON, [], []),
    ("[]", .wrongType, [""], ["wrong_type"]), ("null", .wrongType, [""], ["wrong_type"]),
    ("{}", .missingField, ["/agent_id", "/reason"], ["missing_field", "missing_field"]),
    (#"{"agent_id":null,"reason":"r"}"#, .missingField, ["/agent_id"], ["missing_field"]),
    (
      #"{"agent_id":1,"reason":[]}"#, .wrongType, ["/agent_id", "/reason"],
      ["wrong_type", "wrong_type"]
    ),
    (#"{"agent_id":"a/b","reason":"r"}"#, .badID, ["/agent_id"], ["bad_id"]),
    (#"{"agent_id":"..","reason":"r"}"#, .badID, ["/agent_id"], ["bad_id"]),
    (#"{"agent_id":"é","reason":"r"}"#, .badID, ["/agent_id"], ["bad_id"]),
    (#"{"agent_id":"a\u0000b","reason":"r"}"#, .nulCharacter, ["/agent_id"], ["nul_character"]),
    (
      #"{"agent_id":"","reason":""}"#, .emptyValue, ["/agent_id", "/reason"],
      ["empty_value", "empty_value"]
    ),
    (
      #"{"agent_id":"a","reason":"r","status":"completed"}"#, .unknownField, ["/status"],
      ["unknown_field"]
    ),
    (
      #"{"agent_id":"a","reason":"r","storage_url":"x","event_count":9}"#, .unknownField,
      ["/storage_url", "/event_count"], ["unknown_field", "unknown_field"]
    ),
    (#"{"agent_id":"a","reason":"r","<script>":1}"#, .unknownField, [""], ["unknown_field"]),
    (#"{"agent_id":"a","reason":"r","tags":"x"}"#, .wrongType, ["/tags"], ["wrong_type"]),
    (
      #"{"agent_id":"a","reason":"r","tags":["x",1,""]}"#, .validationFailed,
      ["/tags/1", "/tags/2"], ["wrong_type", "empty_value"]
    ),
    (#"{"agent_id":"a","reason":"r","tags":["a\nb"]}"#, .badValue, ["/tags/0"], ["bad_value"]),
    (
      #"{"agent_id":"a","reason":"r","agent_id":"b"}"#, .duplicateKey, ["/agent_id"],
      ["duplicate_key"]
    ),
    (
      #"{"agent_id":"a","\u0061gent_id":"b","reason":"r"}"#, .duplicateKey, ["/agent_id"],
      ["duplicate_key"]
    ),
    (#"{"agent_id":"\ud800","reason":"r"}"#, .loneSurrogate, ["/agent_id"], ["lone_surrogate"]),
  ])
  func refusesDrafts(_ text: String, _ code: ProblemCode, _ places: [String], _ words: [String]) {
    let found = refusal { () throws(Problem) in _ = try RecordingBodies.draft(Array(text.utf8)) }
    #expect(found == Refusal(code: code, places: places, words: words))
  }

  @Test func refusesBytesThatAreNotUTF8() {
    for bytes: [UInt8] in [[0xC0, 0xAF], [0x22, 0xC3, 0x22], [0xED, 0xA0, 0x80], [0xFF]] {
      let body = Array(#"{"agent_id":""#.utf8) + bytes + Array(#""}"#.utf8)
      let found = refusal { () throws(Problem) in _ = try RecordingBodies.draft(body) }
      #expect(found?.code == .invalidUTF8)
    }
  }

  @Test func refusesTextsAndListsThatAreTooLong() {
    let long = String(repeating: "a", count: 1001)
    let tags = Array(repeating: #""t""#, count: 33).joined(separator: ",")
    let body = #"{"agent_id":"\#(long)","reason":"\#(long)","tags":[\#(tags)]}"#
    let found = refusal { () throws(Problem) in _ = try RecordingBodies.draft(Array(body.utf8)) }
    #expect(found?.places == ["/agent_id", "/reason", "/tags"])
    #expect(found?.words == ["too_long", "too_long", "too_many"])
  }

  @Test func namesAtMost16ViolationsOfAnObject() {
    let fields = (0..<100).map { #""x\#($0)":1"# }.joined(separator: ",")
    let found = refusal { () throws(Problem) in
      _ = try RecordingBodies.flagReason(Array("{\(fields)}".utf8))
    }
    #expect(found?.words.count == 16)
  }

  @Test func readsTheContextOfAnActionAndLetsItsOtherMembersBe() throws {
    let body = """
      {"agent_id":"a","action":"connect","context":{"canvas_id":"c","session_id":null,"x":{"y":[1]}}}
      """
    let draft = try RecordingBodies.automaticDraft(Array(body.utf8))
    #expect(draft.action.rawValue == "connect")
    #expect(draft.canvas == CanvasID("c"))
    #expect(draft.session == nil)
    let bare = try RecordingBodies.automaticDraft(Array(#"{"agent_id":"a","action":"b"}"#.utf8))
    #expect(bare.canvas == nil)
  }

  @Test(arguments: [
    (
      #"{"agent_id":"a","action":"b","context":{"canvas_id":"a/b"}}"#, "/context/canvas_id",
      "bad_id"
    ),
    (
      #"{"agent_id":"a","action":"b","context":{"session_id":7}}"#, "/context/session_id",
      "wrong_type"
    ),
    (#"{"agent_id":"a","action":"b","context":[]}"#, "/context", "wrong_type"),
    (#"{"agent_id":"a","context":{}}"#, "/action", "missing_field"),
    (#"{"agent_id":"a","action":"b","session_id":"s"}"#, "/session_id", "unknown_field"),
  ])
  func refusesActions(_ text: String, _ place: String, _ word: String) {
    let found = refusal { () throws(Problem) in
      _ = try RecordingBodies.automaticDraft(Array(text.utf8))
    }
    #expect(found?.places == [place])
    #expect(found?.words == [word])
  }

  @Test(arguments: [
    ("", Recording.Status.completed, String?.none), ("{}", .completed, nil),
    (#"{"status":null,"summary":null}"#, .completed, nil),
    (#"{"status":"failed","summary":"s"}"#, .failed, "s"), (#"{"summary":""}"#, .completed, nil),
  ])
  func readsStops(_ text: String, _ status: Recording.Status, _ summary: String?) throws {
    let stop = try RecordingBodies.stop(Array(text.utf8))
    #expect(stop.status == status)
    #expect(stop.summary?.rawValue == summary)
  }

  @Test(arguments: [
    (#"{"status":"recording"}"#, "bad_value"), (#"{"status":"COMPLETED"}"#, "bad_value"),
    (#"{"status":1}"#, "wrong_type"), (#"{"duration":1}"#, "unknown_field"),
  ])
  func refusesStops(_ text: String, _ word: String) {
    let found = refusal { () throws(Problem) in _ = try RecordingBodies.stop(Array(text.utf8)) }
    #expect(found?.words == [word])
  }

  @Test(arguments: [(0, false), (1, true), (2000, true), (2001, false)])
  func boundsFlagReasons(_ length: Int, _ isAccepted: Bool) {
    let body = #"{"flag_reason":"\#(String(repeating: "a", count: length))"}"#
    let found = refusal { () throws(Problem) in
      _ = try RecordingBodies.flagReason(Array(body.utf8))
    }
    #expect((found == nil) == isAccepted)
  }

  @Test func readsAgents() throws {
    let body = try AgentBody(Array(#"{"name":"Ada","status":"autonomous"}"#.utf8))
    #expect(body.name?.rawValue == "Ada")
    #expect(body.status == .autonomous)
    for text in [#"{"name":"a"}"#, #"{"status":"god"}"#, #"{"status":"student","name":"a\nb"}"#] {
      #expect(throws: Problem.self) { try AgentBody(Array(text.utf8)) }
    }
  }
}
