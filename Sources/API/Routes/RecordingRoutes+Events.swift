// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection

extension RecordingRoutes {
  /// One event: 201 with its receipt, or 200 with its first receipt where it was there already.
  func append(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recordingID()
    let drafts = try exchange.identified([try EventBodies.one(exchange.body)], by: caller)
    let receipts = try await Self.unbatched {
      try await recordings.append(drafts, to: id, by: caller)
    }
    guard let receipt = receipts.first else {
      throw DomainError(.internalError, "The event was not acknowledged.")
    }
    return Reply(acknowledging: receipts, of: exchange) { $0.receipt(receipt) }
  }

  /// Several events, all or nothing: a receipt for each, in the same order. 200 where all of them
  /// were there already.
  func appendBatch(_ exchange: Exchange, _ caller: Caller) async throws -> Reply {
    let id = try exchange.recordingID()
    let drafts =
      switch exchange.format {
      case .json: try EventBodies.array(exchange.body)
      case .lines: try EventBodies.lines(exchange.body)
      }
    let receipts = try await recordings.append(
      try exchange.identified(drafts, by: caller), to: id, by: caller)
    return Reply(acknowledging: receipts, of: exchange) { writer in
      writer.array { writer in
        for receipt in receipts { writer.receipt(receipt) }
      }
    }
  }

  /// The domain names the places in a batch, `/0/event_id`; a single event has no `/0`.
  static func unbatched<Result>(
    _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch var error as DomainError {
      for index in error.violations.indices {
        let pointer = error.violations[index].pointer
        if pointer.utf8.starts(with: "/0".utf8) {
          error.violations[index].pointer = String(pointer.dropFirst(2))
        }
      }
      throw error
    }
  }
}

extension Reply {
  /// 201, and 200 where all events were there already; where the client has named the request, the
  /// status of the first time.
  fileprivate init(
    acknowledging receipts: [EventReceipt], of exchange: Exchange,
    _ write: (inout JSONWriter) -> Void
  ) {
    let isReplay = receipts.allSatisfy(\.isReplay)
    let isNamed = exchange.idempotencyKey != nil
    self.init(isReplay && !isNamed ? .ok : .created, write)
    if isReplay, isNamed { fields[.idempotentReplayed] = "true" }
  }
}
