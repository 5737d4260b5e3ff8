// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps a service from serving a database that was restored to a time before erasures.
///
/// It looks before the first request and then every half minute. Once the database was found current, a log that
/// cannot be found or read any more changes nothing: what was erased in this database stays so, and the retention
/// worker tells of it.
final class ErasureGuard: Sendable {
  private struct State {
    var standing: ErasureLog.Standing?
    var until = ContinuousClock.now
    /// Looks that were begun, and the last of them that is over: one that took longer tells of the past.
    var begun = 0
    var ended = 0
  }

  /// While the service waits for somebody to put it right.
  private static let patience = Duration.seconds(1)

  private let log: ErasureLog
  private let lifetime: Duration
  private let observer: Observer
  private let state = Mutex(State())

  /// - Parameter lifetime: How long a look that found the database current holds.
  init(_ log: ErasureLog, observer: Observer, lifetime: Duration = .seconds(30)) {
    self.log = log
    self.lifetime = lifetime
    self.observer = observer
  }

  /// - Throws: `sealed` where the database is not known to have all erasures.
  func requireCurrent() async throws {
    let standing = await standing()
    guard standing == .current else { throw DomainError(.sealed, standing.message) }
  }

  /// How the database and the log stand to each other, as far as was asked a moment ago.
  func standing() async -> ErasureLog.Standing {
    let now = ContinuousClock.now
    let (known, number) = state.withLock { state in
      guard state.until <= now else { return (state.standing, Int?.none) }
      // Others go on meanwhile with what is known.
      if state.standing != nil { state.until = now + Self.patience }
      state.begun += 1
      return (state.standing, state.begun)
    }
    guard let number else { return known ?? .unavailable }
    let (standing, isNews) = take(await look() ?? .unavailable, of: number, begun: now)
    if isNews, standing != .current {
      observer.observe(.erasuresOutstanding(reason: standing.rawValue))
    }
    return standing
  }

  /// What a look has found, as the guard sees it, and whether that is new.
  private func take(
    _ found: ErasureLog.Standing, of number: Int, begun: ContinuousClock.Instant
  ) -> (ErasureLog.Standing, isNews: Bool) {
    state.withLock { state in
      guard number > state.ended else { return (state.standing ?? .unavailable, false) }
      state.ended = number
      // What was found current stays so as far as the log goes; only what survives changes that.
      let standing = state.standing == .current && found != .restored ? .current : found
      let isNews = state.standing != standing
      state.standing = standing == .unavailable ? nil : standing
      state.until = begun + (found == .current ? lifetime : Self.patience)
      return (standing, isNews)
    }
  }

  /// nil where nobody can tell.
  private func look() async -> ErasureLog.Standing? {
    do {
      return try await log.look()
    } catch {
      observer.observe(.dutyFailedAgain(duty: "erasure_log"))
      return nil
    }
  }
}

extension ErasureLog.Standing {
  /// For whoever is refused.
  fileprivate var message: String {
    switch self {
    case .current: ""
    case .restored:
      "The database was restored to a time before erasures, which are to be applied again first."
    case .missing: "The log of erasures is not the one of this database."
    case .unavailable: "The log of erasures cannot be read."
    }
  }
}
