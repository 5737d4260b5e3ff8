// Hansard
// SPDX-License-Identifier: Apache-2.0

extension BadInputs {
  /// Members of an event and of the other bodies: missing, unknown, out of range.
  static let values: [BadInput] = events + starts + ends

  private static let events: [BadInput] = [
    .event("S001", "no type", #"{"event_data":{}}"#, .refused(422, "missing_field")),
    .event("S002", "no data", #"{"event_type":"a"}"#, .refused(422, "missing_field")),
    .event("S002a", "an array", "[]", .refused(422, "wrong_type")),
    .event("S002b", "a text", #""\#(canary)""#, .refused(422, "wrong_type")),
    .event(
      "S003", "a type of 65 bytes", typed(String(repeating: "t", count: 65)),
      .refused(422, "too_long")),
    .event("S004", "a type of 64 bytes", typed(String(repeating: "t", count: 64)), .stored(201)),
    .event("S004a", "an empty type", typed(""), .refused(422, "empty_value")),
    .event("S004b", "a type with a blank", typed("\(canary) x"), .refused(422, "bad_event_type")),
    .event("S004c", "a type with a line feed", typed(#"a\nb"#), .refused(422, "bad_event_type")),
    .event(
      "S004d", "a number for a type", #"{"event_type":7,"event_data":1}"#,
      .refused(422, "wrong_type")),
    .event(
      "S004e", "a type that is null", #"{"event_type":null,"event_data":1}"#,
      .refused(422, "missing_field")),
    .event(
      "S005", "a member nobody knows", #"{"event_type":"a","event_data":1,"seq":5}"#,
      .refused(422, "unknown_field")),
    .event(
      "S006", "a member that is a secret", #"{"event_type":"a","event_data":1,"\#(canary) x":5}"#,
      .refused(422, "unknown_field")),
    .event("S009a", "infinity", timed("infinity"), .refused(422, "bad_timestamp")),
    .event("S009b", "now", timed("now"), .refused(422, "bad_timestamp")),
    .event("S009c", "today", timed("today"), .refused(422, "bad_timestamp")),
    .event("S009d", "epoch", timed("epoch"), .refused(422, "bad_timestamp")),
    .event("S010a", "no offset", timed("2026-01-01T00:00:00"), .refused(422, "bad_timestamp")),
    .event("S010b", "no such day", timed("2026-02-29T00:00:00Z"), .refused(422, "bad_timestamp")),
    .event("S010c", "hour 24", timed("2026-02-28T24:00:00Z"), .refused(422, "bad_timestamp")),
    .event(
      "S010d", "a long year", timed("10000-01-01T00:00:00Z"), .refused(422, "bad_timestamp")),
    .event(
      "S010e", "a number", #"{"event_type":"a","event_data":1,"timestamp":0}"#,
      .refused(422, "wrong_type")),
    .event(
      "S010f", "digits of another script", timed("٢٠٢٦-01-01T00:00:00Z"),
      .refused(422, "bad_timestamp")),
    .event("S011", "a leap second", timed("2026-06-30T23:59:60Z"), .refused(422, "bad_timestamp")),
    .event("S013a", "two hours ahead", timed("2099-01-01T00:00:00Z"), .stored(201)),
    .event("S013b", "long past", timed("1999-12-31T23:59:59.999999Z"), .stored(201)),
    .event("S014", "the last moment", timed("9999-12-31T23:59:59.999999Z"), .stored(201)),
    .event("S015a", "no UUID", named("not-a-uuid"), .refused(422, "bad_uuid")),
    .event(
      "S015b", "a UUID in braces", named("{0190b0a4-7c3d-7e55-9c11-0123456789ab}"),
      .refused(422, "bad_uuid")),
    .event(
      "S015c", "the nil UUID", named("00000000-0000-0000-0000-000000000000"),
      .refused(422, "bad_uuid")),
    .event(
      "S015d", "a UUID in capitals", named("0190B0A4-7C3D-7E55-9C11-0123456789AB"), .stored(201)),
    .event(
      "S015e", "the same in small letters", named("0190b0a4-7c3d-7e55-9c11-0123456789ab"),
      .answered(200)),
    .event(
      "S016", "a UUID without hyphens", named("0190b0a47c3d7e559c110123456789ab"),
      .refused(422, "bad_uuid")),
    .event(
      "S029", "a storage URL",
      #"{"event_type":"a","event_data":1,"storage_url":"http://\#(canary)"}"#,
      .refused(422, "unknown_field")),
  ]

  private static let starts: [BadInput] = [
    start(
      "S007", "what only the service settles", #""status":"completed","event_count":9"#,
      "unknown_field"),
    start("S007a", "an expiry", #""expires_at":"2099-01-01T00:00:00Z""#, "unknown_field"),
    start(
      "S017", "a period of retention", #""retention_days":9223372036854775808"#, "unknown_field"),
    start(
      "S017a", "a tenant", #""tenant_id":"0190b0a4-7c3d-7e55-9c11-0123456789ab""#, "unknown_field"),
    start("S029a", "a storage URL", #""storage_url":"file:///etc/passwd""#, "unknown_field"),
    start("S030", "33 tags", #""tags":[\#(tags(33))]"#, "too_many"),
    start(
      "S031", "a tag of 65 bytes", #""tags":["\#(String(repeating: "t", count: 65))"]"#,
      "too_long"),
    start("S032", "a tag with a control character", #""tags":["\#(canary)\u0001"]"#, "bad_value"),
    start("S033", "tags that are a text", #""tags":"\#(canary)""#, "wrong_type"),
    start("S034", "a tag that is a number", #""tags":[1]"#, "wrong_type"),
    start("S035", "a session with a slash", #""session_id":"\#(canary)/x""#, "bad_id"),
    start("S036", "a canvas of two dots", #""canvas_id":"..""#, "bad_id"),
    start("S037", "a user beyond ASCII", #""user_id":"\#(canary)\u00e9""#, "bad_id"),
    start(
      "S038", "a user of 256 bytes", #""user_id":"\#(String(repeating: "u", count: 256))""#,
      "too_long"),
    start("S039", "a NUL in an id", #""user_id":"a\u0000""#, "nul_character"),
    BadInput("S040", "no reason", .refused(422, "missing_field")) {
      $0.post(Paths.recordings + "/start", #"{"agent_id":"a","user_id":"u"}"#)
    },
    BadInput("S041", "no user for a key without one", .refused(422, "missing_field")) {
      $0.post(
        Paths.recordings + "/start", #"{"agent_id":"a","reason":"r"}"#, key: $0.keys["recorder"])
    },
    BadInput("S042", "a reason of 1001 bytes", .refused(422, "too_long")) {
      let reason = String(repeating: "r", count: 1001)
      return $0.post(Paths.recordings + "/start", #"{"agent_id":"a","reason":"\#(reason)"}"#)
    },
    BadInput("S043", "a body of more than 64 KiB", .refused(413, "body_too_large")) {
      let reason = String(repeating: "r", count: 65_536)
      return $0.post(Paths.recordings + "/start", #"{"agent_id":"a","reason":"\#(reason)"}"#)
    },
    BadInput("S044", "an action that is missing", .refused(422, "missing_field")) {
      $0.post(Paths.recordings + "/auto", #"{"agent_id":"a","user_id":"u","context":{}}"#)
    },
    BadInput("S045", "a context that is an array", .refused(422, "wrong_type")) {
      $0.post(
        Paths.recordings + "/auto", #"{"agent_id":"a","user_id":"u","action":"x","context":[]}"#)
    },
    BadInput("S046", "a bad id within the context", .refused(422, "bad_id")) {
      let body = #"{"agent_id":"a","user_id":"u","action":"x","context":{"session_id":"a b"}}"#
      return $0.post(Paths.recordings + "/auto", body)
    },
  ]

  private static let ends: [BadInput] = [
    BadInput("S025", "a second stop", .refused(409, "recording_not_open")) {
      $0.post(Paths.recording($0.stopped, "stop"), "{}")
    },
    BadInput("S026", "an event behind the stop", .refused(409, "recording_not_open")) {
      $0.post(Paths.recording($0.stopped, "event"), BadInputGround.rightBody)
    },
    BadInput("S026a", "a stop that is no end", .refused(422, "bad_value")) {
      $0.post(Paths.recording($0.recording, "stop"), #"{"status":"recording"}"#)
    },
    BadInput("S026b", "any word for a status", .refused(422, "bad_value")) {
      $0.post(Paths.recording($0.recording, "stop"), #"{"status":"\#(canary)"}"#)
    },
    BadInput("S026c", "a summary of 4001 bytes", .refused(422, "too_long")) {
      let summary = String(repeating: "s", count: 4001)
      return $0.post(Paths.recording($0.recording, "stop"), #"{"summary":"\#(summary)"}"#)
    },
    BadInput("S027", "a flag without a reason", .refused(422, "missing_field")) {
      $0.post(Paths.recording($0.recording, "flag"), "{}")
    },
    BadInput("S027a", "a flag with an empty reason", .refused(422, "empty_value")) {
      $0.post(Paths.recording($0.recording, "flag"), #"{"flag_reason":""}"#)
    },
    BadInput("S027b", "a flag's reason of 2001 bytes", .refused(422, "too_long")) {
      let reason = String(repeating: "f", count: 2001)
      return $0.post(Paths.recording($0.recording, "flag"), #"{"flag_reason":"\#(reason)"}"#)
    },
    BadInput("S028", "an agent of no known status", .refused(422, "bad_value")) {
      $0.post("/api/governance/agents/agent-1", #"{"status":"\#(canary)"}"#)
        .with(\.method, "PUT")
    },
    BadInput("S028a", "an agent's id with a blank", .refused(422, "bad_id")) {
      $0.post("/api/governance/agents/\(canary)%20x", #"{"status":"student"}"#)
        .with(\.method, "PUT")
    },
  ]

  /// Batches: sizes, places, all or nothing.
  static let batches: [BadInput] = [
    BadInput("S019", "an empty batch", .refused(422, "empty_batch")) { $0.batch("[]") },
    BadInput("S019a", "no batch but an event", .refused(422, "wrong_type")) {
      $0.batch(BadInputGround.rightBody)
    },
    BadInput("S020", "1001 events", .refused(422, "too_many_events")) {
      $0.batch("[\(many(1001))]")
    },
    BadInput("S020a", "1000 events", .made(201, ["recording_events": 1000])) {
      $0.batch("[\(many(1000))]")
    },
    BadInput("S021", "event 499 of 1000 is bad", .refused(422, "missing_field")) {
      $0.batch("[\(many(499)),{\"event_data\":1},\(many(500))]")
    },
    BadInput("S022", "every event is bad", .refused(422, "missing_field")) {
      $0.batch("[\(Array(repeating: "{\"event_data\":1}", count: 1000).joined(separator: ","))]")
    },
    BadInput("S023", "an id twice for two events", .refused(422, "idempotency_mismatch")) {
      let id = "0190b0a4-7c3d-7e55-9c11-0000000000aa"
      return $0.batch(
        #"[{"event_id":"\#(id)","event_type":"a","event_data":1},"#
          + #"{"event_id":"\#(id)","event_type":"a","event_data":2}]"#)
    },
    BadInput("S024", "an id twice for one event", .stored(201)) {
      let event =
        #"{"event_id":"0190b0a4-7c3d-7e55-9c11-0000000000ab","event_type":"a","event_data":1}"#
      return $0.batch("[\(event),\(event)]")
    },
    BadInput("S024a", "an empty line", .refused(400, "malformed_json")) {
      $0.batch("\(BadInputGround.rightBody)\n\n\(BadInputGround.rightBody)\n")
        .setting("Content-Type", "application/x-ndjson")
    },
    BadInput("S024b", "lines with one that is broken", .refused(400, "malformed_json")) {
      $0.batch("\(BadInputGround.rightBody)\n{\n").setting("Content-Type", "application/x-ndjson")
    },
    BadInput("S024c", "no lines", .refused(422, "empty_batch")) {
      $0.batch("").setting("Content-Type", "application/x-ndjson")
    },
    BadInput("S024d", "a batch of more than 5 MiB", .refused(413, "body_too_large")) {
      let event = #"{"event_type":"a","event_data":"\#(String(repeating: "x", count: 120_000))"}"#
      return $0.batch("[\(Array(repeating: event, count: 44).joined(separator: ","))]")
    },
  ]

  private static func typed(_ type: String) -> String {
    #"{"event_type":"\#(type)","event_data":1}"#
  }

  private static func timed(_ time: String) -> String {
    #"{"event_type":"a","event_data":1,"timestamp":"\#(time)"}"#
  }

  private static func named(_ id: String) -> String {
    #"{"event_type":"a","event_data":1,"event_id":"\#(id)"}"#
  }

  private static func start(
    _ id: String, _ about: String, _ member: String, _ code: String
  ) -> BadInput {
    BadInput(id, about, .refused(422, code)) {
      $0.post(Paths.recordings + "/start", #"{"agent_id":"a","reason":"r",\#(member)}"#)
    }
  }

  private static func tags(_ count: Int) -> String {
    (0..<count).map { "\"tag-\($0)\"" }.joined(separator: ",")
  }

  private static func many(_ count: Int) -> String {
    Array(repeating: BadInputGround.rightBody, count: count).joined(separator: ",")
  }
}
