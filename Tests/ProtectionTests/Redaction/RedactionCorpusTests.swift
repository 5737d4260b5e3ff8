// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import Testing

/// Precision and recall over a corpus that knows nothing of the engine's table of families.
@Suite("Redaction corpus", .serialized)
struct RedactionCorpusTests {
  @Test func findsTokensAndLeavesTheRest() async throws {
    let corpus = try RedactionCorpus()
    let families = try await corpus.structured()
    let others = try await corpus.negatives()
    let tokens = RedactionScore.total("all families", families)
    let rest = RedactionScore.total("all negatives", others)
    let total = RedactionScore.total("everything", families + others)
    print(RedactionScore.table("family", families + [tokens]))
    print(RedactionScore.table("negatives", others + [rest, total]))
    #expect(families.count >= 60)
    #expect(total.negatives >= 5 * total.positives)
    #expect(total.recall >= 0.98, "\(shown(families) { $0.recall < 1 })")
    #expect(total.precision >= 0.98, "\(shown(families + others) { $0.precision < 1 })")
    for family in families {
      #expect(family.recall >= 0.9, "\(family.faults.joined(separator: "\n"))")
      #expect(family.precision >= 0.9, "\(family.faults.joined(separator: "\n"))")
    }
  }

  @Test func findsPasswordsByTheirNames() async throws {
    let places = try await RedactionCorpus().passwords()
    let total = RedactionScore.total("all places", places)
    print(RedactionScore.table("passwords", places + [total]))
    #expect(total.recall >= 0.9, "\(shown(places) { $0.recall < 0.9 })")
    #expect(total.precision >= 0.9, "\(shown(places) { $0.precision < 0.9 })")
  }

  @Test func findsPersonalData() async throws {
    let corpus = try RedactionCorpus()
    let kinds = try await corpus.personal()
    let misses = try corpus.personalMisses()
    let total = RedactionScore.total("all personal data", kinds + [misses])
    print(RedactionScore.table("personal data", kinds + [misses, total]))
    #expect(total.recall >= 0.98, "\(shown(kinds) { $0.recall < 1 })")
    #expect(total.precision >= 0.98, "\(shown(kinds + [misses]) { $0.precision < 1 })")
  }

  /// The control: without its families a redactor falls through.
  @Test func noticesRulesThatAreMissing() async throws {
    let names = RedactionRules.families
    let off = Set(names.tokens + names.named + names.personal)
    let corpus = try RedactionCorpus(RedactionRules(switchedOff: off, custom: []))
    let families = RedactionScore.total("none", try await corpus.structured())
    let passwords = RedactionScore.total("none", try await corpus.passwords())
    let personal = RedactionScore.total("none", try await corpus.personal())
    #expect(families.recall < 0.1)
    #expect(passwords.recall < 0.1)
    #expect(personal.recall < 0.1)
  }

  /// The control: a judge that cannot tell a leak from a hit would pass anything.
  @Test func judgesLeaksAndOverreach() {
    let document: [Piece] = [
      .fixed("a "), .open("Bearer "), .secret("tok_Zx81Kq02Lm55"), .fixed(" b"),
    ]
    func verdict(_ output: String) -> Verdict {
      Judge.verdict(document, publicPrefix: "tok_", output: Array(output.utf8))
    }
    let marker = "[REDACTED:x:0123456789abcdef]"
    #expect(verdict("a Bearer \(marker) b") == .clean)
    #expect(verdict("a \(marker) b") == .clean)
    #expect(verdict("a Bearer tok_\(marker) b") == .ragged)
    #expect(verdict("a \(marker)Zx81Kq02 b") == .missed)
    #expect(verdict("a Bearer tok_Zx81Kq02Lm55 b") == .missed)
    #expect(verdict("\(marker) b") == .overreach)
    #expect(verdict("a \(marker)b") == .overreach)
    #expect(
      verdict("a Bearer [REDACTED:x:0123] b") == .ragged || verdict("a [REDACTED:x] b") == .missed)
    #expect(verdict(#"a \u0074ok_Zx81\u004bq02Lm55 b"#) == .missed)
  }

  private func shown(_ scores: [RedactionScore], _ isShown: (RedactionScore) -> Bool) -> String {
    scores.filter(isShown).flatMap(\.faults).joined(separator: "\n")
  }
}
