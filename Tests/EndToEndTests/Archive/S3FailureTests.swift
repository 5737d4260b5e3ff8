// Hansard
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Protection
import TestSupport
import Testing

@testable import Governance
@testable import hansard

/// What a store does that does not work as it should.
@Suite(.serialized) struct S3FailureTests {
  private let name = ArchiveName(
    RecordingID("01890a5d-ac96-774b-bcce-b302099a8057") ?? .make(),
    of: TenantID("00112233-4455-6677-8899-aabbccddeeff") ?? .make())

  private func put(_ store: S3Archive) async throws {
    try await store.put(name) { try await $0(Array("bytes".utf8)) }
  }

  @Test func whatMayPassIsTriedAgain() async throws {
    for status in [500, 502, 503, 429] {
      try await ScriptedServer.with { _, number in
        .answer(number < 3 ? status : 200, "")
      } _: { server in
        try await put(try S3Archive.local(port: server.port))
        #expect(server.requests.map(\.method) == ["PUT", "PUT", "PUT", "PUT"])
        #expect(Set(server.requests.map(\.body)) == ["bytes"])
      }
    }
  }

  @Test func notForEver() async throws {
    let answer = "<Error><Code>SlowDown</Code><Message>not shown</Message></Error>"
    try await ScriptedServer.with { _, _ in
      .answer(503, answer)
    } _: { server in
      await #expect(throws: ArchiveStoreError.refused(status: 503, reason: "SlowDown")) {
        try await put(try S3Archive.local(port: server.port))
      }
      #expect(server.requests.count == 4)
    }
  }

  @Test func whatWillNotPassIsNot() async throws {
    let redirect = ArchiveStoreError.refused(status: 302, reason: "a redirect, not followed")
    let noBucket = ArchiveStoreError.refused(status: 404, reason: "NoSuchBucket")
    let cases: [(ScriptedServer.Reply, ArchiveStoreError)] = [
      (.answer(403, "<Code>AccessDenied</Code>"), .denied(reason: "AccessDenied")),
      (.answer(400, "<Code>a b</Code>"), .refused(status: 400, reason: "without a reason")),
      (.answer(404, "<Code>NoSuchBucket</Code>"), noBucket),
      (.redirect("http://127.0.0.1:1/elsewhere"), redirect),
    ]
    for (reply, expected) in cases {
      try await ScriptedServer.with { _, _ in
        reply
      } _: { server in
        await #expect(throws: expected) { try await put(try S3Archive.local(port: server.port)) }
        #expect(server.requests.count == 1)
      }
    }
  }

  @Test func silenceEnds() async throws {
    try await ScriptedServer.with { _, _ in
      .silence
    } _: { server in
      var store = try S3Archive.local(port: server.port)
      store.deadlines.silence = .milliseconds(200)
      store.pauses = [.zero]
      await #expect(throws: ArchiveStoreError.timedOut) { try await store.contents(name) }
      store.deadlines = .init()
      store.deadlines.answer = .milliseconds(200)
      await #expect(throws: ArchiveStoreError.timedOut) { try await put(store) }
      #expect(server.requests.count == 4)
    }
  }

  @Test func nobodyThereIsSaid() async throws {
    let store = try S3Archive.local(port: try Ports.free().main)
    await #expect(throws: ArchiveStoreError.unreachable) { try await put(store) }
    await #expect(throws: ArchiveStoreError.unreachable) { try await store.byteCount(of: name) }
  }

  /// An answer that ends before its length is not taken for a whole one.
  @Test func anAnswerThatBreaksOffIsNoArchive() async throws {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome bytes"
    try await ScriptedServer.with { _, _ in
      .bytes(head)
    } _: { server in
      let store = try S3Archive.local(port: server.port)
      await #expect(throws: ArchiveStoreError.brokenOff) { try await store.contents(name) }
    }
  }

  @Test func saysWhatIsSent() async throws {
    try await ScriptedServer.with { _, _ in
      .answer(200, "")
    } _: { server in
      var store = try S3Archive.local(port: server.port)
      let moment = try #require(Moment(rfc3339: "2026-11-27T07:00:00Z"))
      store.now = { moment }
      try await put(store)
      let request = try #require(server.requests.first)
      #expect(request.path == "/hansard-archive/cold/\(name.path)")
      let digest = try SHA256.hash(Array("bytes".utf8))
      let expected = [
        "content-length": "5", "content-type": "application/x-ndjson",
        "host": "127.0.0.1:\(server.port)", "x-amz-date": "20261127T070000Z",
        "x-amz-content-sha256": Hexadecimal.text(of: digest),
        "x-amz-checksum-sha256": "J3CJ2RwL308uaGK6fkoHYFEZQx9dE/cm3TUrBvGyBqk=",
      ]
      for (field, value) in expected {
        #expect(request.headers[field] == [value])
      }
      let names = "content-type;host;x-amz-checksum-sha256;x-amz-content-sha256;x-amz-date"
      #expect(request.headers["authorization"].first?.contains("SignedHeaders=\(names),") == true)
    }
  }

  @Test func namesOfHostsAndPaths() throws {
    var settings = try S3Archive.local(port: 9000).settings
    settings.usesPathStyle = false
    settings.endpoint = try #require(S3Settings.standardEndpoint(of: "eu-central-1"))
    let host = "hansard-archive.s3.eu-central-1.amazonaws.com"
    #expect(settings.authority == host)
    #expect(settings.requestURL(of: name) == "https://\(host)/cold/\(name.path)")
    settings.usesPathStyle = true
    settings.prefix = ""
    settings.endpoint = try #require(WebhookURL("http://[::1]:9000"))
    #expect(settings.requestURL(of: name) == "http://[::1]:9000/hansard-archive/\(name.path)")
  }

  @Test func findsTheWordOfAnError() {
    func word(_ text: String) -> String? { S3ErrorCode.find(in: Array(text.utf8)) }
    #expect(word("<?xml?><Error><Code>NoSuchKey</Code></Error>") == "NoSuchKey")
    for text in ["", "<Code>", "<Code></Code>", "<Code>a b</Code>", "<Code>a\n</Code>", "Code"] {
      #expect(word(text) == nil)
    }
    #expect(word("<Code>" + String(repeating: "x", count: 65) + "</Code>") == nil)
  }
}
