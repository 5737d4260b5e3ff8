// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HansardClient

/// What became of a trail's entries.
struct TrailCounts: Sendable, Equatable {
  var imported = 0
  /// There before, from an earlier import.
  var present = 0
  /// Entries that were not taken, and what is no entry.
  var refused = 0

  var all: Int { imported + present + refused }
}

/// What is told while a trail is brought in.
enum TrailNews: Sendable {
  /// How much of the file is done, in percent.
  case progress(percent: Int, TrailCounts)
  case refused(TrailRefusal)
}

/// Brings one file in: reads, sends and counts, a window of entries at a time.
///
/// It keeps nothing of its own beside the file: entries bear their ids, by which the service knows those
/// that it has. Whatever was broken off is continued by beginning again.
struct TrailImport {
  /// The most refusals of one file that are told one by one.
  static let listed = 100
  private static let chunk = 256 * 1024

  let defaults: TrailEntry.Defaults
  let tell: @Sendable (TrailNews) -> Void
  private(set) var counts = TrailCounts()
  private var sender: TrailSender
  private var splitter = ObjectSplitter()
  private var window = TrailWindow()
  private var percent = 0

  init(
    client: HansardClient, defaults: TrailEntry.Defaults,
    tell: @escaping @Sendable (TrailNews) -> Void
  ) {
    sender = TrailSender(client: client)
    self.defaults = defaults
    self.tell = tell
  }

  /// Reads `input`, of `size` bytes, to its end. When it throws, `counts` holds for what was done.
  mutating func run(_ input: FileHandle, size: Int) async throws {
    while let chunk = try input.read(upToCount: Self.chunk), !chunk.isEmpty {
      splitter.append(chunk)
      try await drain(of: size)
    }
    splitter.finish()
    try await drain(of: size)
    try await flush(of: size)
  }

  private mutating func drain(of size: Int) async throws {
    while let piece = splitter.next() {
      do throws(TrailRefusal) {
        switch piece {
        case .damage(let refusal): throw refusal
        case .object(let document, let place):
          window.add(try TrailEntry(document, at: place, defaults))
        }
      } catch {
        refuse(error)
      }
      if window.isFull { try await flush(of: size) }
    }
  }

  private mutating func flush(of size: Int) async throws {
    for (session, entries) in window.sessions {
      try Task.checkCancellation()
      let fates = try await sender.send(entries, in: session)
      for (entry, fate) in zip(entries, fates) {
        switch fate {
        case .imported: counts.imported += 1
        case .present: counts.present += 1
        case .refused(let pointer, let reason): refuse(entry.refusal(pointer, reason))
        }
      }
    }
    window = TrailWindow()
    let done = size > 0 ? min(100, splitter.passed * 100 / size) : 100
    guard done > percent else { return }
    percent = done
    tell(.progress(percent: done, counts))
  }

  private mutating func refuse(_ refusal: TrailRefusal) {
    counts.refused += 1
    if counts.refused <= Self.listed { tell(.refused(refusal)) }
  }
}

/// Entries that are sent next, by session: a file may change between sessions from line to line, and a
/// request is for one.
private struct TrailWindow {
  /// Well below what the service takes in one request, of one session or of many.
  private static let count = 500
  private static let bytes = 2 * 1024 * 1024
  private static let tokens = 100_000

  private(set) var sessions: [(id: String, entries: [TrailEntry])] = []
  private var places: [String: Int] = [:]
  private var count = 0
  private var bytes = 0
  private var tokens = 0

  var isFull: Bool { count >= Self.count || bytes >= Self.bytes || tokens >= Self.tokens }

  mutating func add(_ entry: TrailEntry) {
    count += 1
    bytes += entry.body.count
    tokens += entry.tokens
    if let place = places[entry.session] {
      sessions[place].entries.append(entry)
    } else {
      places[entry.session] = sessions.count
      sessions.append((entry.session, [entry]))
    }
  }
}
