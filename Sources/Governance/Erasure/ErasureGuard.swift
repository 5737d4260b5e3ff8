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
    let (known, isDue) = state.withLock { state in
      guard state.until <= now else { return (state.standing, false) }
      // Others go on meanwhile with what is known.
      if state.standing != nil { state.until = now + Self.patience }
      return (state.standing, true)
    }
    if !isDue, let known { return known }
    let found = await look() ?? .unavailable
    let standing = known == .current && found != .restored ? .current : found
    let isNews = state.withLock { state in
      defer {
        state.standing = standing == .unavailable ? nil : standing
        state.until = now + (standing == .current ? lifetime : Self.patience)
      }
      return state.standing != standing
    }
    if isNews, standing != .current {
      observer.observe(.erasuresOutstanding(reason: standing.rawValue))
    }
    return standing
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
