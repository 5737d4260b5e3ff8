// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Where bytes of an archive go.
package typealias ArchiveSink = (_ bytes: [UInt8]) async throws -> Void
/// Where they come from, a piece at a time; nil at the end.
package typealias ArchiveBytes = () async throws -> [UInt8]?

/// The events of a recording as they lie in the database, a piece at a time. They must not change meanwhile:
/// the recording has ended.
package struct ArchiveSource: Sendable {
  /// Leaf hashes behind a `seq`, in order; fewer than asked for only at the end.
  package var leaves: @Sendable (_ afterSeq: Int64, _ limit: Int) async throws -> [ArchiveLeaf]
  /// Events behind a `seq`, in order; at least one where there is one.
  package var events: @Sendable (_ afterSeq: Int64, _ limit: Int) async throws -> [ArchivedEvent]

  /// Takes both.
  package init(
    leaves: @escaping @Sendable (_ afterSeq: Int64, _ limit: Int) async throws -> [ArchiveLeaf],
    events: @escaping @Sendable (_ afterSeq: Int64, _ limit: Int) async throws -> [ArchivedEvent]
  ) {
    self.leaves = leaves
    self.events = events
  }

  /// How many leaf hashes are asked for at once.
  private static let leafLimit = 1024
  /// How many events are, at most.
  private static let eventLimit = 500

  /// Writes the archive: two passes over the leaf hashes and one over the events, of which it holds one piece.
  ///
  /// - Throws: `ArchiveError` with `sourceMismatch` when what is read is not one recording in order, besides
  ///   what the source and the sink throw.
  package func write(
    _ recording: RecordingID, of tenant: TenantID, to sink: ArchiveSink
  ) async throws -> ArchiveSummary {
    var writer = try await plan(recording, of: tenant).writer()
    try await sink(try writer.begin())
    var seq: Int64 = 0
    while seq < writer.header.eventCount {
      if let tile = writer.nextTile {
        try writer.beginTile(try await leaves(tile.afterSeq, tile.count).map(\.hash))
      }
      let page = try await events(seq, min(Self.eventLimit, writer.eventsLeftInTile))
      guard !page.isEmpty else { throw ArchiveError(.sourceMismatch, line: seq + 2) }
      for event in page { try await sink(try writer.add(event)) }
      seq += Int64(page.count)
    }
    let (line, summary) = try writer.finish()
    try await sink(line)
    return summary
  }

  private func plan(
    _ recording: RecordingID, of tenant: TenantID
  ) async throws -> ArchivePlan {
    var plan = ArchivePlan(of: recording, of: tenant)
    while true {
      let page = try await leaves(plan.count, Self.leafLimit)
      for leaf in page { try plan.add(leaf) }
      if page.count < Self.leafLimit { return plan }
    }
  }
}
