// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// Pages of an archive are those that the database would have given.
@Suite struct ArchivePagesTests {
  /// Lends a directory in which the sample's archive is.
  private func withArchive(
    _ sample: ArchiveSample, _ body: (DirectoryArchive) async throws -> Void
  ) async throws {
    let directory = try TemporaryDirectory.make("archive")
    defer { TemporaryDirectory.remove(directory) }
    let store = DirectoryArchive(directory: directory)
    _ = try await store.put(ArchiveSample.name) { sink in
      try await sample.source.write(ArchiveSample.recording, of: ArchiveSample.tenant, to: sink)
    }
    try await body(store)
  }

  @Test func pagesOfEventsFollowEachOther() async throws {
    try await withArchive(try ArchiveSample(25)) { store in
      for limit in [1, 7, 24, 25, 26] {
        var (seen, after, isCut): ([Int64], Int64, Bool) = ([], 0, true)
        while isCut {
          let page = try await store.events(of: ArchiveSample.name, afterSeq: after, limit: limit)
          #expect(!page.events.isEmpty && page.events.count <= limit)
          seen += page.events.map(\.seq)
          (after, isCut) = (page.events.last?.seq ?? .max, page.isCut)
        }
        #expect(seen == Array(1...25), "limit \(limit)")
      }
      for beyond: Int64 in [25, 26, .max, -1, .min] {
        let page = try await store.events(of: ArchiveSample.name, afterSeq: beyond, limit: 100)
        #expect(page.events.count == (beyond < 0 ? 25 : 0) && !page.isCut)
        #expect(page.header.eventCount == 25)
      }
      var seen: [Int64] = []
      let summary = try await store.forEachPage(of: ArchiveSample.name, afterSeq: 20) { events in
        seen += events.map(\.seq)
      }
      #expect(seen == Array(21...25) && summary.header.eventCount == 25)
    }
  }

  @Test func aReplayIsInOrderOfTimeThenOfPosition() async throws {
    let sample = try ArchiveSample(120)
    let expected = sample.events.map(\.stored)
      .sorted { ($0.occurredAt, $0.seq) < ($1.occurredAt, $1.seq) }.map(\.seq)
    // Times come several times: the position decides between them.
    #expect(Set(sample.events.map(\.stored.occurredAt)).count < 120)
    try await withArchive(sample) { store in
      for limit in [7, 50, 119, 120, 121] {
        let pages = try await self.replay(store, limit: limit)
        #expect(pages.flatMap { $0 } == expected, "limit \(limit)")
        #expect(pages.count == (120 + limit - 1) / limit)
      }
    }
  }

  private func replay(_ store: DirectoryArchive, limit: Int) async throws -> [[Int64]] {
    var (pages, place, isCut): ([[Int64]], ReplayPlace?, Bool) = ([], nil, true)
    while isCut {
      let page = try await store.replay(of: ArchiveSample.name, after: place, limit: limit)
      pages.append(page.events.map(\.seq))
      place = page.events.last.map { ReplayPlace($0) }
      isCut = page.isCut
    }
    return pages
  }

  /// As `Query.events` and `Query.replay` do: a page ends with the event that fills it.
  @Test func largePayloadsMakeShorterPages() throws {
    // The largest come at the end and happened at any time. 8 KiB stand for the 8 MiB of a page.
    let events = try ArchiveSample(30) { $0 < 10 ? 1 : 1 << 10 }.events.map(\.stored)
    var (first, second) = (Self.collector(), Self.collector())
    for event in events { first.add(event) }
    #expect(first.events.map(\.seq) == Array(1...17) && first.isFull)
    for event in events.dropFirst(17) { second.add(event) }
    #expect(second.events.map(\.seq) == Array(18...25))
    let ordered = events.sorted { ($0.occurredAt, $0.seq) < ($1.occurredAt, $1.seq) }
    for limit in [1, 4, 500] {
      var (pages, place, isCut): ([[Int64]], ReplayPlace?, Bool) = ([], nil, true)
      while isCut {
        var page = ReplayCollector(after: place, limit: limit, byteLimit: 8 << 10)
        for event in events { page.add(event) }
        pages.append(page.events.map(\.seq))
        (place, isCut) = (page.events.last.map { ReplayPlace($0) }, page.isCut)
      }
      #expect(pages == Self.pages(of: ordered, limit: limit), "limit \(limit)")
    }
  }

  private static func collector() -> EventCollector {
    EventCollector(limit: 500, byteLimit: 8 << 10)
  }

  /// Cut as the statements cut: at the limit, or behind the event with which the bytes are reached.
  private static func pages(of events: [StoredEvent], limit: Int) -> [[Int64]] {
    var (pages, page, bytes): ([[Int64]], [Int64], Int64) = ([], [], 0)
    for event in events {
      if page.count == limit || bytes >= 8 << 10 {
        pages.append(page)
        (page, bytes) = ([], 0)
      }
      page.append(event.seq)
      bytes += Int64(event.payloadLength)
    }
    return pages + [page]
  }

  /// However many there are and in whatever order they come, no more than a page and one event is held.
  @Test(arguments: [1, 5, 500]) func aReplayHoldsNoMoreThanAPage(limit: Int) throws {
    let events = try ArchiveSample(60) { $0.isMultiple(of: 3) ? 1 << 10 : 10 }.events.map(\.stored)
    let ordered = events.sorted { ($0.occurredAt, $0.seq) < ($1.occurredAt, $1.seq) }
    var generator = SeededGenerator(seed: 7)
    for order in [ordered, ordered.reversed(), events.shuffled(using: &generator)] {
      var page = ReplayCollector(after: nil, limit: limit, byteLimit: 8 << 10)
      for event in order {
        page.add(event)
        let bytes = page.events.dropLast().reduce(0) { $0 + Int64($1.payloadLength) }
        #expect(page.events.count <= limit && bytes < 8 << 10)
      }
      #expect(page.events.map(\.seq) == Self.pages(of: ordered, limit: limit).first)
      #expect(page.isCut)
    }
  }

  @Test func anArchiveWithoutEventsHasEmptyPages() async throws {
    try await withArchive(try ArchiveSample(0)) { store in
      let events = try await store.events(of: ArchiveSample.name, afterSeq: 0, limit: 10)
      let replay = try await store.replay(of: ArchiveSample.name, after: nil, limit: 10)
      for page in [events, replay] { #expect(page.events.isEmpty && !page.isCut) }
    }
  }

  /// A page that would show a shorter recording than there was is not shown.
  @Test func whatIsCutOffIsNoEnd() async throws {
    let bytes = try await ArchiveSample(5).archive().bytes
    let directory = try TemporaryDirectory.make("archive")
    defer { TemporaryDirectory.remove(directory) }
    let store = DirectoryArchive(directory: directory)
    for count in [0, 100, bytes.count / 2, bytes.count - 1] {
      try await store.put(ArchiveSample.name) { try await $0(Array(bytes[..<count])) }
      await #expect(throws: ArchiveError.self) {
        try await store.events(of: ArchiveSample.name, afterSeq: 0, limit: 10)
      }
      await #expect(throws: ArchiveError.self) {
        try await store.replay(of: ArchiveSample.name, after: nil, limit: 1)
      }
      await #expect(throws: ArchiveError.self) { try await store.verify(ArchiveSample.name) }
    }
    // The first page of what is whole up to there.
    try await store.put(ArchiveSample.name) { try await $0(Array(bytes.dropLast())) }
    let page = try await store.events(of: ArchiveSample.name, afterSeq: 0, limit: 3)
    #expect(page.events.map(\.seq) == [1, 2, 3] && page.isCut)
  }
}
