// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// Runs a redactor over the samples.
struct RedactionCorpus: Sendable {
  let redactor: Redactor
  /// How often each random form is drawn.
  var rounds = 1

  init(_ rules: RedactionRules = .standard) throws {
    redactor = Redactor(rules: rules, key: try TenantKey.generate())
  }

  /// The document as it would be stored.
  func output(_ document: String) throws -> [UInt8] {
    let document = try JSONDocument(parsing: Array(document.utf8), limits: .unlimited)
    return try redactor.redact(document.root).bytes
  }

  /// Every kind in every context that takes it, and the near misses of each. The first form of
  /// a kind goes into all contexts, each other form into every third.
  func structured() async throws -> [RedactionScore] {
    try await concurrently(SecretKind.all) { kind in
      var score = RedactionScore(label: kind.label)
      for round in 0..<rounds {
        for (form, sample) in kind.samples(round: round).enumerated() {
          let contexts = SecretContext.all.filter { $0.accepts(sample) }
          for (index, context) in contexts.enumerated()
          where form == 0 || (index + form + round).isMultiple(of: 3) {
            try judge(sample, context.name, context.build(sample.pieces), into: &score)
          }
        }
      }
      for text in NegativeKind.nearMisses(of: kind) { try judge(negative: text, into: &score) }
      return score
    }
  }

  func negatives() async throws -> [RedactionScore] {
    try await concurrently(NegativeKind.all) { kind in
      var score = RedactionScore(label: kind.label)
      for text in kind.texts(rounds: 12 * rounds) { try judge(negative: text, into: &score) }
      return score
    }
  }

  func passwords() async throws -> [RedactionScore] {
    try await concurrently(PasswordSamples.places) { place in
      var score = RedactionScore(label: place.label)
      for sample in PasswordSamples.samples(of: place, each: 3 * rounds) {
        let text = [.fixed(#"{"output":""#)] + sample.pieces.map { $0.map(JSONText.escaped) }
        try judge(sample, place.label, text + [.fixed("\"}")], into: &score)
      }
      return score
    }
  }

  func personal() async throws -> [RedactionScore] {
    try await concurrently(PersonalSamples.kinds) { kind in
      var score = RedactionScore(label: kind.label)
      for sample in (0..<3 * rounds).flatMap({ kind.samples(round: $0) }) {
        for context in PersonalSamples.contexts {
          let text: [Piece] = [.fixed(context.before)] + sample.pieces + [.fixed(context.after)]
          let document =
            [.fixed(#"{"output":""#)] + text.map { $0.map(JSONText.escaped) } + [.fixed("\"}")]
          try judge(sample, context.name, document, into: &score)
        }
      }
      return score
    }
  }

  func personalMisses() throws -> RedactionScore {
    var score = RedactionScore(label: "near misses")
    for text in PersonalSamples.misses() { try judge(negative: text, into: &score) }
    return score
  }

  private func judge(
    _ sample: SecretSample, _ context: String, _ pieces: [Piece], into score: inout RedactionScore
  ) throws {
    let document = pieces.map(\.text).joined()
    let output = try output(document)
    let verdict = Judge.verdict(pieces, publicPrefix: sample.publicPrefix, output: output)
    score.count(verdict, context, document, output)
  }

  private func judge(negative text: String, into score: inout RedactionScore) throws {
    for document in NegativeKind.documents(of: text) {
      score.countNegative(document, try output(document))
    }
  }

  /// One score for each element, in their order.
  private func concurrently<Element: Sendable>(
    _ elements: [Element], _ score: @escaping @Sendable (Element) throws -> RedactionScore
  ) async throws -> [RedactionScore] {
    try await withThrowingTaskGroup(of: (Int, RedactionScore).self) { group in
      for (index, element) in elements.enumerated() {
        group.addTask { (index, try score(element)) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
        .sorted { $0.0 < $1.0 }
        .map(\.1)
    }
  }
}
