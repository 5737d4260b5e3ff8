// Hansard
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension SegmentStore {
  struct Line: Sendable {
    var payload: [UInt8]
    /// Behind it.
    var end: Position
    /// Damaged lines that were passed over just before it.
    var damaged: Int
  }

  /// Entries in order, and what is damaged between them.
  struct Page: Sendable {
    let start: Position
    var entries: [Line] = []
    /// Where to go on: behind the last entry, and behind what is damaged after it.
    var end: Position
    /// Damaged lines behind the last entry.
    var damagedAtEnd = 0

    init(start: Position) {
      self.start = start
      end = start
    }

    /// Whether there is nothing more.
    var isEnd: Bool { end == start }
    var damaged: Int { entries.reduce(damagedAtEnd) { $0 + $1.damaged } }
  }

  private static let chunk = 2 * (BufferLine.payloadLimit + BufferLine.headBytes + 1)

  /// Up to `count` entries of one segment from a position on, which is the cursor unless given. Segments
  /// without any, as failed writes leave them, are passed over.
  func read(atMost count: Int, from position: Position? = nil) throws(HansardClientError) -> Page {
    var page = Page(start: position ?? cursor)
    func start(in segment: Segment) -> Int {
      segment.number == page.start.segment ? page.start.offset : 0
    }
    guard
      let segment = segments.first(where: {
        $0.number >= page.start.segment && start(in: $0) < $0.bytes
      })
    else { return page }
    let offset = start(in: segment)
    page.end = Position(segment: segment.number, offset: offset)
    let bytes = try OpenFile(path(segment.number), O_RDONLY)
      .read(from: offset, count: min(Self.chunk, segment.bytes - offset))
    if bytes.isEmpty {
      // Somebody cut the file.
      page.damagedAtEnd = 1
      page.end.offset = segment.bytes
    }
    take(from: bytes, atMost: count, offset, into: &page)
    return page
  }

  private func take(from bytes: [UInt8], atMost count: Int, _ start: Int, into page: inout Page) {
    var offset = 0
    while offset < bytes.count, page.entries.count < count {
      switch BufferLine.read(bytes, at: offset) {
      case .entry(let payload, let next):
        offset = next
        page.entries.append(
          Line(
            payload: Array(bytes[payload]),
            end: Position(segment: page.end.segment, offset: start + next),
            damaged: page.damagedAtEnd))
        page.damagedAtEnd = 0
      case .damaged(let next):
        // Its end may lie behind the chunk; then it comes first in the next one.
        offset = next
        page.damagedAtEnd += 1
      case .torn:
        guard offset == 0 else {
          page.end.offset = start + offset
          return
        }
        // No line is so long: nothing here can be read.
        page.damagedAtEnd += 1
        offset = bytes.count
      }
    }
    if !bytes.isEmpty { page.end.offset = start + offset }
  }
}
