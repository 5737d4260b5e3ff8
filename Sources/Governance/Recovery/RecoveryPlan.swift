// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// What a request to log attempts comes to, once it is known what is stored already: for each attempt its
/// first receipt, or its place among the new ones.
struct RecoveryPlan {
  /// An attempt that is stored already.
  struct Known: Sendable {
    let contentMAC: [UInt8]
    let receipt: RecoveryReceipt
  }

  /// An attempt that is stored now.
  struct New: Sendable {
    /// Its index in the request.
    let index: Int
    let position: Int64
    let number: Int64
    let contentMAC: [UInt8]
  }

  enum Outcome {
    case known(RecoveryReceipt)
    /// An index into `new`.
    case new(Int)
  }

  private(set) var new: [New] = []
  private(set) var outcomes: [Outcome] = []
  private var places: [String: Int] = [:]
  private var violations: [DomainError.Violation] = []
  private(set) var lastPosition: Int64
  /// The highest number so far.
  private(set) var lastNumber: Int64

  /// Goes on where a session stands.
  init(attempts: Int64, lastNumber: Int64) {
    lastPosition = attempts
    self.lastNumber = lastNumber
  }

  /// Adds the attempts of a request; `macs` are their codes, `known` those that are stored, by entry.
  ///
  /// - Throws: `eventMismatch` with a pointer to each entry id that belongs to another attempt.
  mutating func add(
    _ attempts: [PreparedAttempt], macs: [[UInt8]], known: [String: Known]
  ) throws(DomainError) {
    for (index, (attempt, mac)) in zip(attempts, macs).enumerated() {
      add(attempt, at: index, mac, known[attempt.entry.rawValue])
    }
    guard violations.isEmpty else {
      throw DomainError(
        .eventMismatch, "An entry_id was sent with two different attempts.", violations: violations)
    }
  }

  private mutating func add(
    _ attempt: PreparedAttempt, at index: Int, _ mac: [UInt8], _ known: Known?
  ) {
    if let known {
      if known.contentMAC != mac { refuse(index, "This id belongs to another attempt.") }
      outcomes.append(.known(known.receipt))
      return
    }
    if let place = places[attempt.entry.rawValue] {
      if new[place].contentMAC != mac {
        refuse(index, "This id belongs to another attempt of the request.")
      }
      outcomes.append(.new(place))
      return
    }
    lastPosition += 1
    let number = attempt.draft.number ?? lastNumber + 1
    lastNumber = max(lastNumber, number)
    places[attempt.entry.rawValue] = new.count
    outcomes.append(.new(new.count))
    new.append(New(index: index, position: lastPosition, number: number, contentMAC: mac))
  }

  private mutating func refuse(_ index: Int, _ reason: String) {
    violations.append(
      .init(pointer: "/\(index)/entry_id", code: "idempotency_mismatch", reason: reason))
  }
}
