// Hansard
// SPDX-License-Identifier: Apache-2.0

extension BadInputs {
  /// Queries and paths.
  static let queries: [BadInput] = limits + parameters + paths

  private static let limits: [BadInput] = [
    "0", "-1", "501", "abc", "", "1e3", "%D9%A3", "+5", "%2B5", "9223372036854775808", "1.0",
    "0x10",
    "%201", "50%20", "00000000000000000000050", "NaN",
  ].enumerated().flatMap { index, limit in
    [
      .list("Q001-\(index)", "limit \(limit)", "?limit=\(limit)", .refused(422, "bad_limit")),
      BadInput("Q001-\(index)e", "limit \(limit)", .refused(422, "bad_limit")) {
        $0.get(Paths.recording($0.recording, "events?limit=\(limit)"))
      },
      BadInput("Q001-\(index)r", "limit \(limit)", .refused(422, "bad_limit")) {
        $0.get(Paths.recording($0.recording, "replay?limit=\(limit)"))
      },
    ]
  }

  private static let parameters: [BadInput] = [
    .list("Q003", "an offset", "?offset=1", .refused(422, "unknown_parameter")),
    .list(
      "Q003a", "a parameter that is a secret", "?\(canary)%20=1", .refused(422, "unknown_parameter")
    ),
    .list("Q003b", "another case", "?Limit=1", .refused(422, "unknown_parameter")),
    .list("Q004", "a parameter twice", "?limit=1&limit=2", .refused(422, "repeated_parameter")),
    BadInput("Q005", "another tenant's cursor", .refused(422, "bad_cursor"), isAudited: true) {
      $0.get(Paths.recordings + "?cursor=\($0.foreignCursor)")
    },
    .list("Q006", "a cursor that is none", "?cursor=\(canary)", .refused(422, "bad_cursor")),
    .list(
      "Q006a", "a very long cursor", "?cursor=\(String(repeating: "A", count: 2000))",
      .refused(422, "bad_cursor", "too_long")),
    BadInput("Q006b", "a list's cursor for a replay", .refused(422, "bad_cursor")) {
      $0.get(Paths.recording($0.recording, "replay?cursor=\($0.foreignCursor)"))
    },
    .list(
      "Q007", "a range the wrong way round",
      "?started_after=2026-02-01T00:00:00Z&started_before=2026-01-01T00:00:00Z",
      .refused(422, "empty_range")),
    .list("Q008", "no time", "?started_after=infinity", .refused(422, "bad_timestamp")),
    .list("Q009", "SQL for a status", "?status='%20OR%201=1--", .refused(422, "bad_value")),
    .list("Q009a", "SQL for an id", "?agent_id='%20OR%201=1--", .refused(422, "bad_id")),
    .list("Q010", "neither true nor false", "?flagged=1", .refused(422, "bad_value")),
    .list(
      "Q011", "wild cards", "?reason=\(String(repeating: "%25_%5C", count: 140))", .answered(200)),
    .list("Q011a", "a search there is not", "?q=%25", .refused(422, "unknown_parameter")),
    .list("Q012", "a NUL", "?tag=a%00b", .refused(400, "bad_encoding", "malformed_target")),
    .list("Q012a", "no UTF-8", "?tag=%ff", .refused(400, "bad_encoding", "malformed_target")),
    .list("Q012b", "half an escape", "?tag=%f", .refused(400, "bad_encoding", "malformed_target")),
    .list("Q012c", "an empty tag", "?tag=", .refused(422, "empty_value")),
    BadInput("Q014", "a negative position", .refused(422, "bad_value")) {
      $0.get(Paths.recording($0.recording, "events?after_seq=-1"))
    },
    BadInput("Q014a", "a position beyond 64 bits", .refused(422, "bad_value")) {
      $0.get(Paths.recording($0.recording, "events?after_seq=9223372036854775808"))
    },
    BadInput("Q014b", "the last position there is", .answered(200)) {
      $0.get(Paths.recording($0.recording, "events?after_seq=9223372036854775807"))
    },
    .list(
      "Q019", "10,000 parameters",
      "?" + Array(repeating: "a=1", count: 10_000).joined(separator: "&"),
      .refused([414, 422, 431], [])),
    .list(
      "Q020", "65 parameters", "?" + Array(repeating: "limit=1", count: 65).joined(separator: "&"),
      .refused(422, "too_many_parameters")),
    BadInput("Q021", "a parameter where there is none", .refused(422, "unknown_parameter")) {
      $0.get(Paths.recording($0.recording, "?limit=1"))
        .with(\.target, "\(Paths.recording($0.recording))?limit=1")
    },
    BadInput("Q022", "a parameter for a start", .refused(422, "unknown_parameter")) {
      $0.post(Paths.recordings + "/start?dry_run=true", #"{"agent_id":"a","reason":"r"}"#)
    },
  ]

  private static let paths: [BadInput] =
    ["%00", "%ff", "%c0%af", "%zz", "%", "%2", "a%00b"].enumerated().map { index, id in
      BadInput("Q013-\(index)", "the id \(id)", .refused([400, 422], [])) {
        $0.get(Paths.recording(id))
      }
    }
    + [
      "/API/Canvas/Recording", "/api/canvas/recording/", "/api/canvas/recording;a=b",
      "//api/canvas/recording", "/api/canvas/../canvas/recording", "/api/canvas/recording/./health",
      "/api/canvas/recording%2Fhealth", "/api/canvas/recordin%67", "/", "/api",
      "/api/canvas/recording//events",
      "/\(canary)", "/.env", "/livez/", "/metrics/x",
    ].enumerated().map { index, path in
      BadInput("Q015-\(index)", "the path \(path)", .refused(404, "not_found")) { $0.get(path) }
    }
    + ["events%3Abatch", "Events", "event/", "replay/x", "export%20"].enumerated().map {
      index, rest in
      BadInput("Q016-\(index)", "\(rest) of a recording", .refused(404, "not_found")) {
        $0.get(Paths.recording($0.recording, rest))
      }
    }
    + [
      "http://\(canary)/api/canvas/recording", "*", "localhost:80", "api/canvas/recording",
      "/api/canvas/recording#\(canary)", "/api/canvas/\u{e9}",
    ].enumerated().map { index, target in
      BadInput("Q017-\(index)", "the target \(target)", .refused([400, 404], [])) { $0.get(target) }
    }
    + [
      ("DELETE", "/event"), ("PUT", ""), ("PATCH", ""), ("GET", "/event"), ("GET", "/stop"),
      ("POST", "/replay"), ("BREW", ""), ("TRACE", ""), ("OPTIONS", ""),
    ].enumerated().map { index, pair in
      BadInput("Q018-\(index)", "\(pair.0) \(pair.1)", .refused([405, 400], [])) {
        $0.get(Paths.recording($0.recording) + pair.1).with(\.method, pair.0)
      }
    }
}
