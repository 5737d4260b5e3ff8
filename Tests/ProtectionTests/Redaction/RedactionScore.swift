// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection

/// What a redactor made of one kind of sample.
struct RedactionScore: Sendable {
  let label: String
  var verdicts: [Verdict: Int] = [:]
  var negatives = 0
  var falsePositives = 0
  /// The first documents that went wrong; all samples are synthetic, so they may be shown.
  var faults: [String] = []

  /// How many faults of a kind are shown; `HANSARD_REDACTION_FAULTS` asks for more.
  private static let shownFaults: Int = {
    let asked = ProcessInfo.processInfo.environment["HANSARD_REDACTION_FAULTS"].flatMap { Int($0) }
    return asked ?? 4
  }()

  var positives: Int { verdicts.values.reduce(0, +) }
  var found: Int { positives - verdicts[.missed, default: 0] }
  var clean: Int { verdicts[.clean, default: 0] }
  /// Of the secrets, the share that is gone.
  var recall: Double { positives == 0 ? 1 : Double(found) / Double(positives) }
  /// Of the replacements, the share that hit a secret and nothing but it.
  var precision: Double {
    let replacements = found + falsePositives
    return replacements == 0 ? 1 : Double(clean) / Double(replacements)
  }

  mutating func count(_ verdict: Verdict, _ context: String, _ document: String, _ output: [UInt8])
  {
    verdicts[verdict, default: 0] += 1
    if verdict != .clean { note("\(verdict) in \(context)", document, output) }
  }

  mutating func countNegative(_ document: String, _ output: [UInt8]) {
    negatives += 1
    guard !output.elementsEqual(document.utf8) else { return }
    falsePositives += 1
    note("false positive", document, output)
  }

  private mutating func note(_ what: String, _ document: String, _ output: [UInt8]) {
    guard faults.count < Self.shownFaults else { return }
    faults.append(
      "\(label): \(what)\n    \(document.prefix(260))\n    "
        + String(decoding: output.prefix(320), as: UTF8.self))
  }

  /// All of `scores` as one.
  static func total(_ label: String, _ scores: [RedactionScore]) -> RedactionScore {
    scores.reduce(into: RedactionScore(label: label)) { total, score in
      total.verdicts.merge(score.verdicts, uniquingKeysWith: +)
      total.negatives += score.negatives
      total.falsePositives += score.falsePositives
    }
  }
}

extension RedactionScore {
  /// Scores as text, worst first where `sorted`.
  static func table(_ title: String, _ scores: [RedactionScore]) -> String {
    let header = row([
      title, "samples", "missed", "ragged", "over", "negatives", "false", "recall", "precision",
    ])
    return ([header] + scores.map(\.row)).joined(separator: "\n")
  }

  private var row: String {
    Self.row([
      label, "\(positives)", "\(verdicts[.missed, default: 0])", "\(verdicts[.ragged, default: 0])",
      "\(verdicts[.overreach, default: 0])", "\(negatives)", "\(falsePositives)",
      Self.share(recall), Self.share(precision),
    ])
  }

  private static func row(_ cells: [String]) -> String {
    cells.enumerated().map { index, cell in
      let width = index == 0 ? 32 : 10
      let space = String(repeating: " ", count: max(0, width - cell.count))
      return index == 0 ? cell + space : space + cell
    }.joined()
  }

  private static func share(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded(.down))
    return "\(thousandths / 1000)." + String(String(1000 + thousandths % 1000).dropFirst())
  }
}
