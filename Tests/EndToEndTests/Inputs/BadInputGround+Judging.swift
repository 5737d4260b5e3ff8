// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport

extension BadInputGround {
  /// What is wrong with the answer to a line and with what it left; empty where nothing is.
  ///
  /// The standing conditions hold for every line: the process lives and answers `/livez`, there is
  /// no 5xx that is not declared, an error is a problem with a code that repeats nothing of the
  /// input, no table has another row than declared.
  func faults(of input: BadInput, _ livez: inout Latencies) async throws -> [String] {
    let counts = try await TableCounts.read(connection)
    let refusals = try await auditedRefusals()
    let outcome = try await RawConnection.exchange(
      .init(port: service.settings.ports.main, bytes: input.request(self).bytes))
    var faults: [String] = []
    if outcome.end == .limit { faults.append("the connection was not ended") }
    guard let answers = outcome.answers(), let answer = answers.first else {
      return [
        "\(input.id): no answer: \(String(decoding: outcome.received.prefix(200), as: UTF8.self))"
      ]
    }
    faults += self.faults(in: answer, input.expected)
    let changes = try await TableCounts.read(connection).changes(since: counts)
    if changes != input.expected.rows { faults.append("rows \(changes)") }
    if input.isAudited, try await auditedRefusals() != refusals + 1 { faults.append("not audited") }
    if let kept = input.keeps, try await latestData() != kept { faults.append("not kept") }
    let start = ContinuousClock.now
    let alive = await service.probe("/livez")
    livez.add(.now - start)
    if alive?.status != 200 || service.exitStatus != nil { faults.append("the service is gone") }
    return faults.map { "\(input.id) (\(input.about)): \($0)" }
  }

  private func faults(in answer: Answer, _ expected: BadInput.Expected) -> [String] {
    switch expected {
    case .refused(let statuses, let codes):
      var faults: [String] = []
      if !statuses.contains(answer.status) { faults.append("\(answer.status) \(answer.text)") }
      guard let code = answer.code else { return faults + ["no problem: \(answer.text)"] }
      if !codes.isEmpty, !codes.contains(code) { faults.append("code \(code)") }
      return faults + Self.faults(inProblem: answer)
    case .stored(let status), .made(let status, _), .answered(let status):
      return answer.status == status ? [] : ["\(answer.status) \(answer.text.prefix(300))"]
    }
  }

  /// What every problem must have, and must not have.
  static func faults(inProblem answer: Answer) -> [String] {
    var faults: [String] = []
    let everything = answer.text + answer.headers.all.map { "\($0.name): \($0.value)" }.joined()
    if everything.contains(canary) { faults.append("repeats the input: \(answer.text)") }
    do {
      let problem = try answer.json
      let names = ["type", "title", "status", "detail", "code", "request_id"]
      for name in names where problem[name] == nil { faults.append("no \(name)") }
      if problem["status"]?.integer() != Int64(answer.status) { faults.append("another status") }
      if answer.status == 422, problem["errors"] == nil, answer.code != "bad_cursor" {
        faults.append("422 without errors: \(answer.text)")
      }
    } catch {
      faults.append("\(error)")
    }
    if answer.status == 503, answer.headers["retry-after"].isEmpty {
      faults.append("503 without Retry-After")
    }
    return faults
  }

  private func auditedRefusals() async throws -> Int64 {
    let query = Query("select count(*) from hansard.canvas_audit where outcome = 'refused'")
    return try await connection.execute(query).first?.decode(0) ?? 0
  }

  private func latestData() async throws -> String? {
    let events = try await service.client(admin).allEvents(of: recording)
    return events.last?["data"]?.raw
  }
}

extension BadInput.Expected {
  /// Rows that may be more than before, by table.
  var rows: [String: Int64] {
    switch self {
    case .refused, .answered: [:]
    case .stored: ["recording_events": 1]
    case .made(_, let rows): rows
    }
  }
}
