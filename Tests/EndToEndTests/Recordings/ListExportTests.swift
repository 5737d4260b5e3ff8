// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// A list that is taken away in more than one page, all of whose recordings started at the same moment.
@Suite(.serialized, .exclusive)
struct ListExportTests {
  private static let path = Paths.recordings + "/export"

  private func withRecordings(
    _ count: Int, _ body: (Client, Tenant) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("list export")
    let key = try await tenant.makeKey(.init("admin", user: "alice")).text
    try await deployment.withService { service in
      let client = service.client(key)
      _ = try await client.startRecording()
      try await RecordingCopies(tenant: tenant, count: count).make()
      try await body(client, tenant)
    }
  }

  private func ids(_ answer: Answer) throws -> [String] {
    try answer.text.split(separator: "\n").map { line in
      try JSONDocument(parsing: Array(line.utf8)).root["recording_id"]?.text() ?? ""
    }
  }

  @Test func nothingIsMissingOrTwiceAtTheSeams() async throws {
    try await withRecordings(1200) { client, _ in
      let all = try await client.send(.get, Self.path + "?format=ndjson")
      let ids = try ids(all)
      #expect(ids.count == 1200 && Set(ids).count == 1200)
      #expect(ids == ids.sorted(by: >))
      let json = try await client.send(.get, Self.path).json.elements
      #expect(try json.map { try $0["recording_id"]?.text() } == ids)
      #expect(try Set(json.map { try $0["started_at"]?.text() }).count == 1)
      let csv = try await client.send(.get, Self.path + "?format=csv").text
      #expect(csv.split(separator: "\r\n").count == 1201)
    }
  }

  @Test func goesOnBehindWhateverArrivedLast() async throws {
    try await withRecordings(1200) { client, _ in
      for format in ["ndjson", "csv"] {
        let path = "\(Self.path)?format=\(format)"
        let all = try await client.send(.get, path).text
        let ids = try ids(try await client.send(.get, Self.path + "?format=ndjson"))
        for arrived in [1, 499, 500, 501, 1000, 1199] {
          let rest = try await client.send(.get, "\(path)&after=\(ids[arrived - 1])").text
          let lines = rest.split(whereSeparator: \.isNewline)
          #expect(lines.count == 1200 - arrived, "\(format) \(arrived)")
          #expect(all.hasSuffix(rest) && lines.first?.contains(ids[arrived]) == true)
        }
        #expect(try await client.send(.get, "\(path)&after=\(ids[1199])").text.isEmpty)
      }
    }
  }

  /// Pages of a listing meet in the same way, whatever their size.
  @Test func pagesMeetToo() async throws {
    try await withRecordings(1200) { client, _ in
      var path: String? = Paths.recordings + "?limit=499"
      var ids: [String] = []
      while let page = path {
        let answer = try await client.send(.get, page)
        ids += try answer.json.elements.map { try $0["recording_id"]?.text() ?? "" }
        path = answer.next
      }
      #expect(ids.count == 1200 && ids == ids.sorted(by: >) && Set(ids).count == 1200)
    }
  }

  /// Each page is a line of the audit log, with what was asked for; texts without what is redacted.
  @Test func eachPageIsALineWithItsFilters() async throws {
    try await withRecordings(1200) { client, _ in
      let token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
      let plain = "?status=recording&flagged=false&started_after=2020-01-01T00:00:00Z"
      #expect(
        try ids(try await client.send(.get, Self.path + plain + "&format=ndjson")).count == 1200)
      let texts =
        "?reason=with%20\(token)&tag=\(token)&canvas_id=c&started_before=2030-01-01T00:00:00Z"
      #expect(try await client.send(.get, Paths.recordings + texts).text == "[]")
      let trail = "/api/governance/audit?outcome=allowed&action="
      let pages = try await client.send(.get, trail + "export_recordings").json.elements
        .map { try #require($0["audit_metadata"]) }
      #expect(try pages.map { try $0["count"]?.text() } == ["200", "500", "500"])
      for page in pages {
        #expect(page.names.sorted() == ["count", "flagged", "started_after", "status"])
        #expect(try page["status"]?.text() == "recording" && page["flagged"]?.text() == "false")
        #expect(try page["started_after"]?.text().hasPrefix("2020-01-01T00:00:00") == true)
      }
      let answer = try await client.send(.get, trail + "list_recordings")
      let line = try #require(try answer.json.elements.first { _ in true })
      let details = try #require(line["audit_metadata"])
      #expect(details.names.sorted() == ["count", "reason", "started_before", "tag"])
      #expect(try details["count"]?.text() == "0" && line["canvas_id"]?.text() == "c")
      #expect(try details["reason"]?.text().hasPrefix("with [REDACTED:github_token:") == true)
      #expect(try details["tag"]?.text().hasPrefix("[REDACTED:github_token:") == true)
      #expect(!answer.text.contains(token))
      // The log's own reading, and the queue's.
      _ = try await client.send(.get, trail + "list_recordings&actor=user:alice&limit=1")
      _ = try await client.send(.get, "/api/governance/reviews?state=open")
      let looked = try await client.send(.get, trail + "read_audit&limit=1").json.elements
        .map { try #require($0["audit_metadata"]) }
      #expect(
        looked.map(\.raw) == [
          #"{"actor": "user:alice", "count": "1", "action": "list_recordings", "outcome": "allowed"}"#
        ])
      let queue = try await client.send(.get, trail + "read_reviews").json.elements
        .map { try #require($0["audit_metadata"]).raw }
      #expect(queue == [#"{"count": "0", "state": "open"}"#])
      let secret = try await client.send(.get, "/api/governance/audit?actor=user:\(token)")
      #expect(secret.status == 422 && secret.code == "secret_in_id")
    }
  }
}
