// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// What redaction costs on one core, in this process and without a service: bytes per second on JSON
/// as agents write it, and how time grows with the input where the input is made to make it grow.
struct RedactionSpeed: Sendable {
  /// Bytes of agents' JSON that one round goes through.
  private static let roundBytes = 8 << 20
  /// Fillers that a matcher could stumble over again and again, each repeated to 512 KiB and to 1 MiB.
  private static let nasty = [
    "eyJ", "-----BEGIN PRIVATE KEY-----\\n", "@", "a@", "4", "A", "password=", "password: ", "://",
    "{\\\"a\\\":\\\"", "\\\\", "[REDACTED:", "sk-", "Authorization: ", "Bearer ", "aws ", "+1",
    "secret", "x-api-key: a\\n",
  ]

  func measure(on stage: Stage) throws -> [Figure] {
    let redactor = Redactor(rules: .standard, key: try TenantKey.generate())
    let documents = try Self.documents()
    let speeds = try (0..<stage.plan.rounds).map { _ in try Self.speed(redactor, documents) }
    let growths = try Self.nasty.map { try Self.growth(redactor, $0) }
    return [
      stage.figure(.redactionSpeed, speeds),
      stage.figure(.redactionGrowth, growths, .largest),
    ]
  }

  /// Megabytes per second.
  private static func speed(_ redactor: Redactor, _ documents: [JSONDocument]) throws -> Double {
    let bytes = documents.reduce(0) { $0 + $1.bytes.count }
    let start = ThreadClock.now()
    for _ in 0..<max(1, roundBytes / bytes) {
      for document in documents { _ = try redactor.redact(document.root) }
    }
    let spent = ThreadClock.now() - start
    return Double(max(1, roundBytes / bytes) * bytes) / 1_000_000 / spent.seconds
  }

  /// t(1 MiB) ÷ t(512 KiB), each the best of five; measured again, a few times, where it is large:
  /// what else the machine does only adds time.
  private static func growth(_ redactor: Redactor, _ unit: String) throws -> Double {
    let (small, large) = (try document(unit, 1 << 19), try document(unit, 1 << 20))
    var growth = Double.infinity
    for _ in 0..<4 where growth > 2.2 {
      growth = min(growth, try best(redactor, large) / best(redactor, small))
    }
    return growth
  }

  private static func best(_ redactor: Redactor, _ document: JSONDocument) throws -> Double {
    try (0..<5).map { _ in
      let start = ThreadClock.now()
      _ = try redactor.redact(document.root)
      return (ThreadClock.now() - start).seconds
    }.min() ?? .infinity
  }

  private static func document(_ unit: String, _ bytes: Int) throws -> JSONDocument {
    let count = bytes / unit.utf8.count
    let text = "\"" + String(repeating: unit, count: count) + "\""
    let limits = JSONLimits(stringBytes: 1 << 24)
    return try JSONDocument(parsing: Array(text.utf8), limits: limits)
  }

  /// Steps of agents: commands, what they print, messages with code, page events.
  private static func documents() throws -> [JSONDocument] {
    try (0..<400).map { number in
      try JSONDocument(parsing: Array(AgentText.step(number).utf8))
    }
  }
}

extension Duration {
  fileprivate var seconds: Double { self / .seconds(1) }
}
