// Hansard
// SPDX-License-Identifier: Apache-2.0

/// One statement of an exchange, and whose it is.
struct ExchangeItem {
  let query: Query
  let role: Role

  enum Role: Equatable {
    /// Ours, or enqueued: its rows are dropped.
    case discarded
    /// The caller's statement of that index.
    case kept(Int)
  }

  static func kept(_ query: Query, _ index: Int) -> ExchangeItem {
    ExchangeItem(query: query, role: .kept(index))
  }

  static func discarded(_ query: Query) -> ExchangeItem {
    ExchangeItem(query: query, role: .discarded)
  }

  /// What an error of this statement is called by.
  var index: Int? {
    if case .kept(let index) = role { index } else { nil }
  }
}

/// How an exchange meets deadlines and cancellation.
enum ExchangeMode {
  /// A cancelled task ends it; the server is asked to cancel.
  case ordinary
  /// Goes on when the task is cancelled, and the server is never asked to cancel: cancelling the
  /// wait for a synchronous standby would turn COMMIT into a lie.
  case commit
  /// Goes on when the task is cancelled.
  case rollback

  var isShielded: Bool { self != .ordinary }
  var mayRequestCancel: Bool { self != .commit }
}

/// A message sent, whose results are to be fetched in this order.
struct ExchangeStep {
  enum Action {
    case deallocate(String)
    case prepare(PreparedStatements.Key, name: String)
    case run
    case runPrepared(PreparedStatements.Key, name: String)
  }

  let action: Action
  /// Index of the caller's statement for whose sake it was sent; nil for ours.
  let index: Int?
  /// The label of the statement for whose sake it was sent.
  let label: StaticString?

  init(_ action: Action, for item: ExchangeItem) {
    self.action = action
    index = item.index
    label = item.query.label
  }

  /// Whether its result goes to the caller.
  var isKept: Bool {
    switch action {
    case .deallocate, .prepare: false
    case .run, .runPrepared: index != nil
    }
  }
}

/// What came back: the caller's results, or the first failure of a statement.
struct ExchangeAnswer {
  var results: [QueryResult] = []
  var failure: PostgresError?
}
