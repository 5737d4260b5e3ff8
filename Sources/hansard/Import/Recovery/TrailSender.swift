// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardClient

/// Sends entries of one session, and finds out what became of each.
struct TrailSender: Sendable {
  /// What became of an entry.
  enum Fate: Sendable, Equatable {
    case imported
    /// It was there before.
    case present
    /// It is not taken: which value is at fault, and why.
    case refused(pointer: String, reason: String)
  }

  let client: HansardClient
  /// Whether the service has taken anything from us: then what is forbidden is so for one session only.
  private(set) var hasDelivered = false

  init(client: HansardClient) { self.client = client }

  /// Sends all of them, and those that are refused not again; one fate for each, in order.
  ///
  /// Throws what keeps the service from taking any entry.
  mutating func send(
    _ entries: [TrailEntry], in session: String
  ) async throws(HansardClientError) -> [Fate] {
    var fates = [Fate?](repeating: nil, count: entries.count)
    var waiting = Array(entries.indices)
    while !waiting.isEmpty {
      do throws(HansardClientError) {
        let answer = try await client.logRecoveryBatch(
          waiting.map { entries[$0].body }, in: session)
        hasDelivered = true
        for (index, fate) in zip(waiting, Self.fates(answer)) { fates[index] = fate }
        waiting = []
      } catch {
        guard case .problem(let problem) = error, concernsEntries(problem) else { throw error }
        let refused = problem.refusals(of: waiting.count)
        for (position, fate) in refused { fates[waiting[position]] = fate }
        waiting = waiting.indices.filter { refused[$0] == nil }.map { waiting[$0] }
        guard refused.isEmpty else { continue }
        for half in [waiting[..<(waiting.count / 2)], waiting[(waiting.count / 2)...]] {
          let sent = try await send(half.map { entries[$0] }, in: session)
          for (index, fate) in zip(half, sent) { fates[index] = fate }
        }
        waiting = []
      }
    }
    return fates.map { $0 ?? .refused(pointer: "", reason: "was not sent") }
  }

  /// Of the receipts of one request those are new whose attempts were stored last, all at one time; where
  /// nothing is new, the answer says so.
  private static func fates(_ answer: HansardClient.RecoveryBatchAnswer) -> [Fate] {
    let newest = answer.receipts.map(\.recordedAt).max()
    var told: Set<String> = []
    return answer.receipts.map { receipt in
      let isFirst = told.insert(receipt.entryID).inserted
      return answer.hasNew && isFirst && receipt.recordedAt == newest ? .imported : .present
    }
  }

  /// Whether the service refuses what was sent, and not whoever sends, or is no service of ours.
  private func concernsEntries(_ problem: Problem) -> Bool {
    guard !problem.code.isEmpty else { return false }
    return [400, 404, 409, 410, 413, 422].contains(problem.status)
      || problem.status == 403 && hasDelivered
  }
}

extension Problem {
  /// The fates that it tells of, by place among the entries that were sent; none where it does not say
  /// which of several it is about.
  fileprivate func refusals(of count: Int) -> [Int: TrailSender.Fate] {
    var refusals: [Int: TrailSender.Fate] = [:]
    for place in errors {
      let segments = place.pointer.split(separator: "/", maxSplits: 1)
      guard place.pointer.hasPrefix("/"), let first = segments.first, let index = Int(first),
        (0..<count).contains(index), refusals[index] == nil
      else { continue }
      let rest = segments.count > 1 ? "/\(segments[1])" : ""
      refusals[index] = .refused(pointer: rest, reason: place.reason)
    }
    guard refusals.isEmpty, count == 1 || isOfSession else { return refusals }
    let fate = TrailSender.Fate.refused(
      pointer: "", reason: detail.isEmpty ? description : detail)
    return Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, fate) })
  }

  /// Whether it is the session that is refused.
  private var isOfSession: Bool { [403, 410].contains(status) || code == "secret_in_id" }
}
