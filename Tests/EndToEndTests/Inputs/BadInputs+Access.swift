// Hansard
// SPDX-License-Identifier: Apache-2.0

extension BadInputs {
  /// Credentials, and what they do not open.
  static let access: [BadInput] =
    authorizations.enumerated().map { index, authorization in
      BadInput("A003-\(index)", authorization.about, .refused(401, "unauthenticated")) {
        $0.get(Paths.recordings).setting("Authorization", authorization.value($0))
      }
    } + [
      BadInput("A002", "no credentials for a write", .refused(401, "unauthenticated")) {
        $0.rightEvent.setting("Authorization", nil)
      },
      BadInput("A004", "two credentials", .refused(401, "unauthenticated")) {
        $0.rightEvent.adding("Authorization", "Bearer \($0.admin)")
      },
      BadInput("A006", "a key in the query", .refused([401, 422], [])) {
        $0.get(Paths.recordings + "?access_token=\($0.admin)").setting("Authorization", nil)
      },
      BadInput("A008", "credentials before a bad body", .refused(401, "unauthenticated")) {
        $0.event([0xFF]).setting("Authorization", nil)
      },
      BadInput("A019", "a recorder of another agent", .refused(403, "forbidden"), isAudited: true) {
        $0.post(
          Paths.recording($0.recording, "event"), BadInputGround.rightBody,
          key: $0.keys["otherRecorder"])
      },
      BadInput(
        "A020", "a member in a colleague's recording", .refused(403, "forbidden"), isAudited: true
      ) {
        $0.post(
          Paths.recording($0.colleagues, "event"), BadInputGround.rightBody, key: $0.keys["member"])
      },
      BadInput("A021", "a reviewer, unflagged", .refused(403, "forbidden"), isAudited: true) {
        $0.get(Paths.recording($0.recording, "replay"), key: $0.keys["reviewer"])
      },
      BadInput("A022", "a recorder that reads", .refused(403, "forbidden"), isAudited: true) {
        $0.get(Paths.recording($0.recording), key: $0.keys["recorder"])
      },
      BadInput("A024", "nobody's recording", .refused(404, "not_found"), isAudited: true) {
        $0.get(Paths.recording("0190b0a4-7c3d-7e55-9c11-0123456789ab"))
      },
      BadInput("A025", "a tenant in the head", .answered(200)) {
        $0.get(Paths.recordings).adding("X-Tenant-Id", "0190b0a4-7c3d-7e55-9c11-0123456789ab")
          .adding("hansard.tenant_id", "x")
      },
      BadInput("A026", "a start for a colleague", .refused(403, "forbidden"), isAudited: true) {
        $0.post(
          Paths.recordings + "/start", #"{"agent_id":"a","reason":"r","user_id":"bob"}"#,
          key: $0.keys["member"])
      },
    ]

  private static let authorizations:
    [(about: String, value: @Sendable (BadInputGround) -> String?)] = [
      ("no Authorization", { _ in nil }),
      ("an empty one", { _ in "" }),
      ("a scheme alone", { _ in "Bearer" }),
      ("a scheme and a blank", { _ in "Bearer " }),
      ("another scheme", { "Basic \($0.admin)" }),
      ("no scheme", { $0.admin }),
      ("any word", { _ in "Bearer \(canary)" }),
      ("a JWT", { _ in "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0." }),
      ("an unknown id", { "Bearer hsd_0190b0a47c3d7e559c110123456789ab_\($0.admin.suffix(43))" }),
      ("a wrong secret", { "Bearer \($0.admin.dropLast(43))\(String(repeating: "A", count: 43))" }),
      ("a key cut short", { "Bearer \($0.admin.dropLast())" }),
      ("a key with a letter more", { "Bearer \($0.admin)A" }),
      ("a key twice", { "Bearer \($0.admin),\($0.admin)" }),
      ("a key and a parameter", { "Bearer \($0.admin) x" }),
      ("another prefix", { "Bearer hsx\($0.admin.dropFirst(3))" }),
      (
        "an id in capitals",
        { "Bearer hsd_\($0.admin.dropFirst(4).prefix(32).uppercased())_\($0.admin.suffix(43))" }
      ),
      ("a key with a tab behind", { "Bearer \($0.admin)\tx" }),
      ("a key with a character beyond ASCII", { "Bearer \($0.admin)\u{301}" }),
      ("an expired key", { "Bearer \($0.keys["expired"] ?? "")" }),
      ("a very long key", { _ in "Bearer hsd_" + String(repeating: "a", count: 5000) }),
    ]

  /// Texts that mean something elsewhere: stored and given back as they are, or refused by charset.
  static let texts: [BadInput] =
    sql.enumerated().flatMap { index, text in
      [
        BadInput("R019-\(index)", "SQL in a reason", .made(201, recordingRows)) {
          $0.post(
            Paths.recordings + "/start",
            #"{"agent_id":"agent-1","user_id":"alice","reason":"\#(text)","#
              + #""tags":["\#(text.prefix(40))"]}"#
          )
        },
        .data(
          "R019-\(index)d", "SQL in data", "{\"\(text)\":\"\(text)\"}", .stored(201),
          keeps: "{\"\(text)\":\"\(text)\"}"),
        .list("R019-\(index)t", "SQL in a tag", "?tag=\(escaped(text))", .answered(200)),
      ]
    }
    + [
      BadInput("R017", "a log line in a reason", .made(201, recordingRows)) {
        $0.post(
          Paths.recordings + "/start",
          #"{"agent_id":"agent-1","user_id":"alice","reason":"#
            + #""\n{\"level\":\"info\",\"\#(canary)\":1}\u001b[2J\u2028\u007f"}"#
        )
      },
      BadInput("R017a", "escape sequences in a head", .refused(400)) {
        $0.rightEvent.adding("User-Agent", "\u{1b}[2J{\"level\":\"\(canary)\"}")
      },
      BadInput("R017b", "a log line in a path", .refused(404, "not_found")) {
        $0.get("/%0A%7B%22level%22:%22\(canary)%22%7D")
      },
      .event(
        "R009", "a secret for a type", #"{"event_type":"\#(canary)=sk_live","event_data":1}"#,
        .refused(422, "bad_event_type")),
      .data(
        "R011", "a mark that looks redacted", #""[REDACTED:aws:1234]""#, .stored(201),
        keeps: #""[REDACTED!:aws:1234]""#),
      .data(
        "R015", "a script", #""</script><img src=x onerror=alert(1)>""#, .stored(201),
        keeps: #""</script><img src=x onerror=alert(1)>""#),
    ]

  private static let sql = [
    "'; drop table hansard.recording_events; --", "$1", #"\\x41"#, #"U&'\\0041'"#, "%s%n%x", "null",
    "$$ || pg_sleep(10) || $$", "/**/ union select 1", "\u{202e}\u{feff}",
  ]

  /// What a start by hand leaves.
  private static let recordingRows: [String: Int64] = [
    "canvas_recordings": 1, "recording_keys": 1, "recording_progress": 1, "notices": 1,
  ]

  private static func escaped(_ text: String) -> String {
    text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
