// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Testing

@testable import API

@Suite struct QueryReaderTests {
  @Test(arguments: [
    "0", "-1", "501", "abc", "", "1e3", "٣", "%D9%A3", "+5", "%2B5", "9223372036854775808",
    "99999999999999999999999", "1.0", " 5", "5%20", "0x5", "5%00",
  ])
  func refusesLimitsThatAreNoWholeNumberFrom1To500(_ text: String) throws {
    let code: ProblemCode? = problem("limit=\(text)") { query in _ = query.limit() }
    #expect(code == (text.contains("%00") ? .badEncoding : .badLimit))
  }

  @Test(arguments: [("limit=1", 1), ("limit=500", 500), ("limit=007", 7), ("", 50)])
  func readsLimits(_ text: String, _ count: Int) throws {
    var query = try QueryReader(text[...], known: ["limit"])
    #expect(query.limit().count == count)
    #expect(query.violations.isEmpty)
  }

  @Test func namesUnknownAndRepeatedParameters() throws {
    let query = try QueryReader("limit=1&limit=1&offset=1&%3Cscript%3E=1", known: ["limit"])
    #expect(
      query.violations.map(\.code) == [
        "repeated_parameter", "unknown_parameter", "unknown_parameter",
      ])
    #expect(query.violations.map(\.pointer) == ["limit", "offset", ""])
  }

  @Test func refusesMoreThan64ParametersBeforeDecodingThem() {
    let many = Array(repeating: "%zz", count: 65).joined(separator: "&")
    #expect(problem(many) { _ in } == .tooManyParameters)
  }

  @Test(arguments: ["limit=%zz", "%ff=1", "limit=%", "a=%c3"])
  func refusesBrokenEncoding(_ text: String) {
    #expect(problem(text) { _ in } == .badEncoding)
  }

  @Test(arguments: [
    ("started_after=2026-01-02T00:00:00Z&started_before=2026-01-01T00:00:00Z", "empty_range"),
    ("started_after=now", "bad_timestamp"), ("started_after=infinity", "bad_timestamp"),
    ("started_before=2026-06-30T23:59:60Z", "bad_timestamp"), ("status=' OR 1=1--", "bad_value"),
    ("status=recording%CC%81", "bad_value"), ("flagged=yes", "bad_value"),
    ("flagged=True", "bad_value"), ("agent_id=a%2Fb", "bad_id"), ("agent_id=", "empty_value"),
    ("user_id=.", "bad_id"), ("user_id=%C3%A9", "bad_id"), ("tag=a%0Ab", "bad_value"),
    ("reason=", "empty_value"),
  ])
  func refusesFilterValues(_ text: String, _ code: String) throws {
    var query = try QueryReader(text[...], known: Self.filters)
    _ = RecordingFilter(&query)
    #expect(query.violations.map(\.code) == [code])
  }

  @Test func readsAWholeFilter() throws {
    let text =
      "agent_id=a&user_id=u&canvas_id=c&session_id=s&status=failed&tag=t%C3%A9&reason=why"
      + "&flagged=true&started_after=2026-01-01T00:00:00Z&started_before=2026-01-01T00:00:00%2B00:00"
    var query = try QueryReader(text[...], known: Self.filters)
    let filter = RecordingFilter(&query)
    try query.finish()
    #expect(filter.agent == AgentID("a"))
    #expect(filter.session == SessionID("s"))
    #expect(filter.status == .failed)
    #expect(filter.tag?.rawValue == "té")
    #expect(filter.isFlagged == true)
    #expect(filter.startedAfter == filter.startedBefore)
  }

  @Test func repeatsTheParametersForALinkWithoutTheCursor() throws {
    let query = try QueryReader("tag=a%26b&cursor=xyz&limit=5", known: ["tag", "cursor", "limit"])
    #expect(query.withoutCursor() == "tag=a%26b&limit=5&")
  }

  @Test(arguments: [
    ("0", 0), ("12", 12), ("9223372036854775807", Int64.max), ("9223372036854775808", nil),
    ("-1", nil), ("", nil), ("٣", nil), ("00000000000000000001", nil),
  ])
  func readsDigits(_ text: String, _ number: Int64?) {
    #expect(QueryReader.digits(text) == number)
  }

  static let filters = [
    "agent_id", "user_id", "canvas_id", "session_id", "status", "tag", "reason", "flagged",
    "started_after", "started_before",
  ]

  private func problem(
    _ text: String, _ read: (inout QueryReader) -> Void
  ) -> ProblemCode? {
    do throws(Problem) {
      var query = try QueryReader(text[...], known: ["limit"])
      read(&query)
      try query.finish()
      return nil
    } catch {
      return error.code
    }
  }
}
