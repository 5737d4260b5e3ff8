// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes

extension Exchange {
  /// Does what is asked, or answers as the first time where the client has named the request and it
  /// was done before.
  ///
  /// - Parameters:
  ///   - work: One operation of the domain, by the caller that it is given.
  ///   - reply: The answer to what it returns.
  func once<Result: Sendable>(
    _ caller: Caller, _ work: (Caller) async throws -> Result,
    reply: @escaping @Sendable (Result) -> Reply
  ) async throws -> Reply {
    guard let name = idempotencyKey else { return reply(try await work(caller)) }
    var caller = caller
    caller.once = try Once(name: name, request: Array(path.utf8) + [0] + body) { result in
      (result as? Result).flatMap { reply($0).kept }
    }
    do {
      return reply(try await work(caller))
    } catch let before as DoneBefore {
      return Reply(before.answer)
    }
  }

  /// Gives events that have no id one that is the same whenever the request is sent.
  func identified(_ drafts: [EventDraft], by caller: Caller) throws -> [EventDraft] {
    guard let name = idempotencyKey else { return drafts }
    return try drafts.enumerated().map { index, draft in
      var draft = draft
      draft.id = try draft.id ?? EventID(request: name, of: caller.principal.key, index: index)
      return draft
    }
  }
}

enum IdempotencyKey {
  /// The longest name, in bytes.
  static let maximumBytes = 255

  /// What a request is called; nil where it has no name.
  static func name(in fields: HTTPFields) throws(Problem) -> String? {
    let values = fields[values: .idempotencyKey]
    guard let value = values.first else { return nil }
    guard values.count == 1, (1...maximumBytes).contains(value.utf8.count),
      value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw Problem(
        .badIdempotencyKey, "An Idempotency-Key is 1 to 255 visible ASCII characters, once.")
    }
    return value
  }
}

extension Reply {
  /// What is kept of the answer; nil for one that is not whole.
  fileprivate var kept: KeptAnswer? {
    guard case .whole(let bytes) = body else { return nil }
    return KeptAnswer(status: status.code, location: fields[.location], body: bytes)
  }

  /// The answer of the first time.
  fileprivate init(_ answer: KeptAnswer) {
    self.init(
      .init(code: answer.status), contentType: "application/json", body: .whole(answer.body))
    if let location = answer.location { fields[.location] = location }
    fields[.idempotentReplayed] = "true"
  }
}

extension HTTPField.Name {
  static let idempotencyKey = Self("Idempotency-Key") ?? .eTag
  static let idempotentReplayed = Self("Idempotent-Replayed") ?? .eTag
}
