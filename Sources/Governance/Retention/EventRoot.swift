// Hansard
// SPDX-License-Identifier: Apache-2.0

import Ledger
import Postgres

/// A recording whose events are to be hashed together: what a certificate says that it was.
struct RecordedEvents: Sendable {
  let recording: RecordingID
  /// The day of its partition, as `YYYY-MM-DD`.
  let day: String
  /// How many there are; nothing is appended any more.
  let count: Int64
  /// The Merkle root over their leaf hashes where they are archived: it was verified then.
  var archivedRoot: [UInt8]?

  /// Whether their leaf hashes are to be read.
  fileprivate var isHashed: Bool { count > 0 && archivedRoot == nil }
}

/// Merkle roots (RFC 6962) over the leaf hashes of recordings, in order of `seq`, 32 bytes each.
enum EventRoot {
  /// Leaf hashes that are fetched at a time, of a recording.
  private static let pageSize = 2000

  /// The roots of `recordings`, in their order; nil for one of which events are missing.
  ///
  /// The transaction acts as `hansard_retention`. The first page of each comes in one round trip.
  static func find(
    _ recordings: [RecordedEvents], in transaction: PostgresTransaction
  ) async throws -> [[UInt8]?] {
    let filled = recordings.filter(\.isHashed)
    let firsts = try await transaction.pipeline(
      filled.map { .eventLeaves(of: $0, after: 0, most: pageSize) })
    guard firsts.count == filled.count else { throw DomainError.unreadable }
    var pages = firsts[...]
    var roots: [[UInt8]?] = []
    for events in recordings {
      let first = events.isHashed ? pages.popFirst() : nil
      if let root = events.archivedRoot {
        roots.append(root)
      } else {
        roots.append(try await root(of: events, first, in: transaction))
      }
    }
    return roots
  }

  private static func root(
    of events: RecordedEvents, _ first: QueryResult?, in transaction: PostgresTransaction
  ) async throws -> [UInt8]? {
    var tree = MerkleTree()
    var page = first
    while let rows = page, !rows.isEmpty {
      for row in rows {
        // A hole would give the root of something else.
        guard try row.decode(0, as: Int64.self) == Int64(tree.count) + 1 else { return nil }
        try tree.append(translating: row.decode(1))
      }
      guard tree.count < events.count else { break }
      page = try await transaction.execute(
        .eventLeaves(of: events, after: Int64(tree.count), most: pageSize))
    }
    guard tree.count == events.count else { return nil }
    do {
      return try tree.root()
    } catch {
      throw DomainError(ledger: error)
    }
  }
}

extension MerkleTree {
  fileprivate mutating func append(translating leaf: [UInt8]) throws {
    do {
      try append(leaf)
    } catch {
      throw DomainError(ledger: error)
    }
  }
}

extension Query {
  /// seq and leaf hash.
  fileprivate static func eventLeaves(
    of events: RecordedEvents, after seq: Int64, most: Int
  ) -> Query {
    Query(
      "select seq, leaf_hash from hansard.event_leaves($1, ($2::text)::date, $3, $4)",
      events.recording.uuid, events.day, seq, Int32(clamping: most))
  }
}
