// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

/// Audit or refuse, where something has begun: a WebSocket that is open, a file whose first page is out.
@Suite(.serialized, .exclusive)
struct AuditMidwayTests {
  private static func subscribe(_ id: String, after seq: Int) -> String {
    #"{"type":"subscribe","recording_id":"\#(id)","after_seq":\#(seq)}"#
  }

  /// Lends an open WebSocket, and a recording with an event.
  private func withListener(
    _ body: (LiveStage, LiveClient, _ recording: String) async throws -> Void
  ) async throws {
    try await Deployment.with { deployment in
      try await deployment.withService { service in
        let stage = try await LiveStage.make(service, in: deployment)
        let id = try await stage.client("recorder").startRecording()
        try await stage.append("1", to: id)
        let client = try await stage.listen("auditor").client
        try await body(stage, client, id)
        await client.drop()
      }
    }
  }

  /// Without its entry nothing is followed, and nothing told of what was asked for.
  @Test func nothingIsFollowedWithoutItsEntry() async throws {
    try await withListener { stage, client, id in
      let deployment = stage.tenant.deployment
      for failure in AuditFailure.failing {
        try await deployment.withDatabase { breaking in
          try await failure.during(breaking) {
            await client.send(Self.subscribe(id, after: 0))
            let answer = try await client.next()
            #expect(answer.type == "error", "\(failure)")
            #expect(try answer.data["code"]?.text() == "audit_unavailable", "\(failure)")
            #expect(try answer.data["recording_id"]?.text() == id)
            try await stage.append("2", to: id)
          }
        }
      }
      // Had anything been told meanwhile, it would come before this.
      await client.send(Self.subscribe(id, after: 5))
      #expect(try await client.next().type == "subscribed")
      let event = try await client.next()
      #expect(event.type == "canvas:recording_event")
      #expect(event.data["seq"]?.integer() == 6)
      let entries: Int64 = try await deployment.value(
        "select count(*) from hansard.canvas_audit where action = 'follow_recording'")
      #expect(entries == 1)
    }
  }

  /// The planted defect: where entries can be written the same client is told everything.
  @Test func everythingIsFollowedWhereEntriesAreWritten() async throws {
    try await withListener { stage, client, id in
      try await stage.tenant.deployment.withDatabase { breaking in
        try await AuditFailure.none.during(breaking) {
          await client.send(Self.subscribe(id, after: 0))
          let (subscribed, event) = (try await client.next(), try await client.next())
          #expect(subscribed.type == "subscribed")
          #expect(event.type == "canvas:recording_event")
        }
      }
    }
  }

  /// What an export is asked for, and how often its page's entry can be written.
  static let exports = ["/api/governance/audit/export", Paths.recordings + "/export"]

  @Test(arguments: exports) func aFileEndsBeforeThePageWithoutEntry(_ path: String) async throws {
    try await Deployment.with { deployment in
      let tenant = try await deployment.makeTenant("audit midway")
      let key = try await tenant.makeKey(.init("admin", user: "alice")).text
      try await deployment.withService { service in
        let client = service.client(key)
        _ = try await client.startRecording()
        try await RecordingCopies(tenant: tenant, count: 1200).make()
        for _ in 0..<3 { try await fillLog(of: tenant) }
        let whole = try await lines(path, key, service)
        #expect(whole.isWhole && whole.count >= 1200)
        try await deployment.withDatabase { breaking in
          for statement in Self.refusingSecondPages {
            _ = try await breaking.execute(Query(statement, prepared: false))
          }
        }
        let cut = try await lines(path, key, service)
        #expect(!cut.isWhole && cut.count == 500)
        // Where it is the first page there is no file at all, but an answer.
        try await deployment.withDatabase { breaking in
          try await AuditFailure.check.during(breaking) {
            let refused = try await client.send(.get, path)
            #expect(refused.status == 503 && refused.code == "audit_unavailable")
          }
        }
      }
    }
  }

  private func fillLog(of tenant: Tenant) async throws {
    try await tenant.deployment.withDatabase { database in
      _ = try await database.execute(
        Query(
          """
          insert into hansard.canvas_audit (
            tenant_id, audit_id, request_id, actor, actor_role, component_type, action, outcome,
            governance_check_passed)
          select ($1::text)::uuid, gen_random_uuid(), gen_random_uuid(), 'user:alice', 'member',
            'canvas_recording', 'replay_recording', 'allowed', true
          from generate_series(1, 400)
          """, tenant.id))
    }
  }

  private static let refusingSecondPages = [
    """
    create function public.no_second_page() returns trigger language plpgsql as $$
    begin
      if exists (
        select from hansard.canvas_audit where request_id = new.request_id
      ) then
        raise exception 'no';
      end if;
      return new;
    end $$
    """,
    """
    create trigger no_second_page before insert on hansard.canvas_audit
      for each row execute function public.no_second_page()
    """,
  ]

  /// How many lines came, and whether the file came to its end.
  private func lines(
    _ path: String, _ key: String, _ service: Service
  ) async throws -> (count: Int, isWhole: Bool) {
    let request = """
      GET \(path)?format=ndjson HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(key)\r
      Connection: close\r\n\r\n
      """
    let outcome = try await RawConnection.exchange(
      .init(
        port: service.settings.ports.main, bytes: Array(request.utf8), closesOutput: false,
        limit: .seconds(20)))
    #expect(outcome.received.starts(with: Array("HTTP/1.1 200".utf8)))
    #expect(outcome.end != .limit)
    let lines = Self.body(of: outcome.received).split(separator: UInt8(ascii: "\n"))
    return (lines.count, outcome.answers() != nil)
  }

  /// What came of a body in chunks, whole or not.
  private static func body(of answer: [UInt8]) -> [UInt8] {
    guard let head = answer.firstRange(of: "\r\n\r\n".utf8) else { return [] }
    var (body, rest): ([UInt8], ArraySlice<UInt8>) = ([], answer[head.upperBound...])
    while let end = rest.firstRange(of: "\r\n".utf8) {
      let digits = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
      guard let size = Int(digits, radix: 16), size > 0 else { break }
      body += rest[end.upperBound...].prefix(size)
      rest = rest[end.upperBound...].dropFirst(size + 2)
    }
    return body
  }
}
