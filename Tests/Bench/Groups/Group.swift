// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A part of the bench that can be run alone: it measures some figures, with a service of its own.
struct Group: Sendable {
  let name: String
  let measure: @Sendable (Stage) async throws -> [Figure]

  /// All of them, in the order in which they run.
  static let all: [Group] = [
    Group(name: "redaction") { try RedactionSpeed().measure(on: $0) },
    Group(name: "single64") { try await SingleEvents(connections: 64).measure(on: $0) },
    Group(name: "single8") { try await SingleEvents(connections: 8).measure(on: $0) },
    Group(name: "single1") { try await SingleEvents(connections: 1).measure(on: $0) },
    Group(name: "batch100") { try await Batches(size: 100).measure(on: $0) },
    Group(name: "batch1000") { try await Batches(size: 1000).measure(on: $0) },
    Group(name: "growth") { try await Growth().measure(on: $0) },
    Group(name: "listing") { try await Listing().measure(on: $0) },
    Group(name: "replay") { try await Replay().measure(on: $0) },
    Group(name: "streaming") { try await Streaming().measure(on: $0) },
    Group(name: "overload") { try await Overload().measure(on: $0) },
    Group(name: "notices") { try await Notices().measure(on: $0) },
    Group(name: "fairness") { try await Fairness().measure(on: $0) },
  ]

  /// Those whose name starts so; all for nil. Throws where there is none.
  static func chosen(_ prefix: String?) throws -> [Group] {
    guard let prefix else { return all }
    let chosen = all.filter { $0.name.hasPrefix(prefix) }
    guard !chosen.isEmpty else {
      throw BenchError("no group starts with \(prefix): \(all.map(\.name).joined(separator: " "))")
    }
    return chosen
  }
}
