// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Cells of the matrix with their answers, and what is wrong with those.
struct MatrixRun: Sendable {
  /// A cell, what its path named, and how it was answered.
  struct Outcome: Sendable {
    let cell: Matrix.Cell
    let id: String
    var answer: Answer
  }

  let things: MatrixThings
  var outcomes: [Outcome]

  /// How many are asked at once.
  private static let width = 12

  /// Asks all of them; last and one after another what takes whatever there is.
  static func ask(_ cells: [Matrix.Cell], about things: MatrixThings) async throws -> MatrixRun {
    let (taking, others) = (cells.filter(\.takesAnything), cells.filter { !$0.takesAnything })
    var outcomes = try await withThrowingTaskGroup(of: [Outcome].self) { group in
      for worker in 0..<width {
        group.addTask {
          var outcomes: [Outcome] = []
          for index in stride(from: worker, to: others.count, by: width) {
            outcomes.append(try await ask(others[index], things))
          }
          return outcomes
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    for cell in taking { outcomes.append(try await ask(cell, things)) }
    return MatrixRun(things: things, outcomes: outcomes)
  }

  private static func ask(_ cell: Matrix.Cell, _ things: MatrixThings) async throws -> Outcome {
    let id = try await things.id(for: cell)
    let answer = try await cell.request.send(
      by: things.stage.client(cell.caller), on: things.stage.service, id: id,
      user: cell.thing == .colleague ? "bob" : "alice")
    return Outcome(cell: cell, id: id, answer: answer)
  }

  /// The requests that must have left a line in the audit log.
  var lines: [String] {
    outcomes.filter(\.cell.leavesLine).flatMap { $0.answer.headers["x-request-id"] }
  }

  /// The other ones, which must not.
  var silent: [String] {
    outcomes.filter { !$0.cell.leavesLine }.flatMap { $0.answer.headers["x-request-id"] }
  }
}

// MARK: - Judging

extension MatrixRun {
  /// Everything that is not as it should be.
  var faults: [String] { outcomes.flatMap(faults) + differences }

  private func faults(_ outcome: Outcome) -> [String] {
    let (cell, answer) = (outcome.cell, outcome.answer)
    var faults: [String] = []
    if answer.status != cell.status {
      faults.append("\(cell), not \(answer.status) \(answer.text.prefix(200))")
    }
    if answer.status >= 400, answer.code == nil { faults.append("\(cell): no problem") }
    if answer.status == 401, answer.headers["www-authenticate"].isEmpty {
      faults.append("\(cell): no WWW-Authenticate")
    }
    let everything = answer.text + answer.headers.all.map { "\($0.name): \($0.value)" }.joined()
    var secrets = things.words(keptFrom: cell.caller)
    // The audit log names what its own people asked for.
    if cell.isRefused || !cell.request.path.hasPrefix("/api/governance/audit") {
      secrets += things.ids(keptFrom: cell.caller)
    }
    faults += secrets.filter(everything.contains).map { "\(cell): tells '\($0)'" }
    return faults
  }

  /// Answers that would tell one thing from another: a foreign id from nobody's, a bad key from none.
  private var differences: [String] {
    let refused = outcomes.filter(\.cell.isRefused)
    let askers = Dictionary(grouping: refused) { "\($0.cell.request.name) \($0.cell.caller)" }
    let missing = askers.values.flatMap { group in
      let nothing = group.first { $0.cell.thing == .nonexistent }
      return group.filter { $0.cell.isMissing || $0.cell.thing == .malformed }
        .filter { $0.cell.status == nothing?.cell.status }
        .filter { $0.answer.shape != nothing?.answer.shape }
    }
    let anonymous = Dictionary(grouping: refused.filter(\.cell.caller.isAnonymous)) {
      $0.cell.request.name
    }
    let keys = anonymous.values.flatMap { group in
      group.filter { $0.answer.shape != group.first?.answer.shape }
    }
    return (missing + keys).map { "\($0.cell): another answer: \($0.answer.shape)" }
  }
}

extension Matrix.Cell {
  /// Whether it takes what is there for whoever comes.
  fileprivate var takesAnything: Bool {
    [
      "POST /api/governance/reviews/claim", "DELETE /api/recovery/sessions",
      // What the new policy has made wait.
      "DELETE /api/governance/policy/retention-change",
    ].contains(request.name) && !isRefused
  }
}

extension Answer {
  /// All that a caller can compare of two answers.
  var shape: String {
    let fields = headers.all.filter { !["date", "x-request-id"].contains($0.name) }
      .map { "\($0.name): \($0.value)" }.sorted()
    return "\(status) \(fields) \(impersonal)"
  }
}
