// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A queue of entries in a directory. Every call blocks; ``DiskBuffer`` keeps them off the tasks.
///
///     lock                        held by whoever has the queue
///     segment-<16 digits>.log     entries (``BufferLine``), in order; only the last one grows
///     cursor                      `<segment> <offset>` of the first entry that is not done with
///
/// A cursor that is lost costs repetitions and no entry. Segments in front of it are removed after it
/// was written.
struct SegmentStore: Sendable {
  struct Position: Sendable, Comparable {
    var segment: UInt64
    var offset: Int

    static func < (one: Position, other: Position) -> Bool {
      (one.segment, one.offset) < (other.segment, other.offset)
    }
  }

  struct Segment: Sendable {
    let number: UInt64
    var bytes: Int
  }

  let directory: String
  /// The most bytes of all segments.
  let limit: Int
  private let lock: OpenFile
  private(set) var segments: [Segment] = []
  private(set) var cursor = Position(segment: 0, offset: 0)
  /// What a write that was broken off had left at the end, and was cut.
  private(set) var tornBytes = 0
  private var active: OpenFile?

  /// Takes the directory, whose last level is made where there is none. Throws `bufferInUse` and `disk`.
  init(directory: String, limit: Int) throws(HansardClientError) {
    self.directory = directory
    self.limit = limit
    try Directory.make(directory)
    lock = try OpenFile("\(directory)/lock", O_RDWR | O_CREAT)
    guard try lock.lock() else { throw .bufferInUse(directory) }
    try findSegments()
    try cutTail()
    readCursor()
    try removeDone()
  }

  /// Space comes back by the segment, so there are several.
  private var segmentLimit: Int { max(limit / 8, 1) }

  var bytes: Int { segments.reduce(0) { $0 + $1.bytes } }

  /// Bytes behind the cursor.
  var pendingBytes: Int {
    segments.reduce(0) { sum, segment in
      segment.number < cursor.segment
        ? sum : sum + segment.bytes - (segment.number == cursor.segment ? cursor.offset : 0)
    }
  }

  func path(_ segment: UInt64) -> String {
    let digits = String(segment, radix: 16)
    let zeros = String(repeating: "0", count: max(0, 16 - digits.utf8.count))
    return "\(directory)/segment-\(zeros)\(digits).log"
  }
}

// MARK: - Opening

extension SegmentStore {
  private mutating func findSegments() throws(HansardClientError) {
    for name in try Directory.names(directory) {
      guard name.hasPrefix("segment-"), name.hasSuffix(".log"), name.utf8.count == 28,
        let number = UInt64(name.dropFirst(8).dropLast(4), radix: 16)
      else { continue }
      segments.append(
        Segment(number: number, bytes: try OpenFile(path(number), O_RDONLY).size()))
    }
    segments.sort { $0.number < $1.number }
  }

  /// Cuts what a broken write left at the end: nobody was told that it is kept.
  private mutating func cutTail() throws(HansardClientError) {
    guard let last = segments.last else { return }
    let file = try OpenFile(path(last.number), O_RDWR | O_APPEND)
    let bytes = try file.read(from: 0, count: last.bytes)
    var offset = 0
    while offset < bytes.count {
      switch BufferLine.read(bytes, at: offset) {
      case .entry(_, let next), .damaged(let next): offset = next
      case .torn:
        tornBytes = bytes.count - offset
        try file.truncate(to: offset)
        try file.flush()
        segments[segments.count - 1].bytes = offset
        return
      }
    }
  }

  /// Without a cursor that makes sense, everything is still to be done.
  private mutating func readCursor() {
    cursor = Position(segment: segments.first?.number ?? 0, offset: 0)
    // No cursor is what a new directory has; one that cannot be read is no better.
    guard let file = try? OpenFile("\(directory)/cursor", O_RDONLY),
      let bytes = try? file.read(from: 0, count: 200),
      case .entry(let payload, _) = bytes.isEmpty ? .torn : BufferLine.read(bytes, at: 0)
    else { return }
    let words = String(decoding: bytes[payload], as: UTF8.self).split(separator: " ")
    guard words.count == 2, let segment = UInt64(words[0]), let offset = Int(words[1]) else {
      return
    }
    guard segment >= cursor.segment else { return }
    let size = segments.first { $0.number == segment }?.bytes
    cursor = Position(segment: segment, offset: (0...(size ?? 0)).contains(offset) ? offset : 0)
  }
}

// MARK: - Writing

extension SegmentStore {
  /// Appends an entry and returns when it would survive a crash of the machine.
  ///
  /// Throws `bufferFull` where there is no room, `disk` where the system says no; the entry is not
  /// kept then.
  mutating func append(_ payload: [UInt8]) throws(HansardClientError) {
    let line = BufferLine.encode(payload)
    guard payload.count <= BufferLine.payloadLimit, bytes + line.count <= limit else {
      throw .bufferFull
    }
    if let last = segments.last, last.bytes > 0, last.bytes + line.count > segmentLimit {
      active = nil
      try addSegment()
    }
    let file = try openActive()
    guard let size = segments.last?.bytes else { throw .closed }
    do throws(HansardClientError) {
      try file.write(line)
      try file.flush()
    } catch {
      undo(file, size)
      throw error
    }
    segments[segments.count - 1].bytes = size + line.count
  }

  /// After a failed write or flush nobody knows what is on the disk: cut it, and go on elsewhere, unless
  /// there is nothing in front of it. What fails here fails again when the next entry comes.
  private mutating func undo(_ file: OpenFile, _ size: Int) {
    active = nil
    do throws(HansardClientError) {
      try file.truncate(to: size)
      if size == 0 { return }
    } catch {
      // Then it lies behind what counts of this segment.
    }
    do throws(HansardClientError) {
      try addSegment()
    } catch {
      // The next entry goes behind what was cut, or fails as well.
    }
  }

  private mutating func openActive() throws(HansardClientError) -> OpenFile {
    if let active { return active }
    if segments.isEmpty { try addSegment() }
    guard let last = segments.last else { throw .closed }
    let file = try OpenFile(path(last.number), O_RDWR | O_APPEND)
    // What a failed write left, where it could not be cut then.
    if try file.size() != last.bytes { try file.truncate(to: last.bytes) }
    active = file
    return file
  }

  private mutating func addSegment() throws(HansardClientError) {
    // Beyond every number that a cursor on the disk may hold, which may be older than ours.
    let (number, isLast) = max(segments.last?.number ?? 0, cursor.segment)
      .addingReportingOverflow(1)
    guard !isLast else { throw .disk("no more segments") }
    // One that is there is left from a try that failed in the next step.
    _ = try OpenFile(path(number), O_WRONLY | O_CREAT | O_TRUNC)
    // The file's name is kept by its directory.
    try OpenFile(directory, O_RDONLY).flush()
    segments.append(Segment(number: number, bytes: 0))
  }
}

// MARK: - Being done

extension SegmentStore {
  /// Is done with everything in front of `position`; one that lies behind is none of its business.
  mutating func advance(to position: Position) throws(HansardClientError) {
    guard position > cursor else { return }
    cursor = position
    if let next = segments.first(where: { $0.number > position.segment }),
      segments.first(where: { $0.number == position.segment })?.bytes ?? 0 <= position.offset
    {
      cursor = Position(segment: next.number, offset: 0)
    }
    if pendingBytes == 0, let last = segments.last, last.bytes > 0 {
      active = nil
      cursor = Position(segment: last.number &+ 1, offset: 0)
    }
    try writeCursor()
    try removeDone()
  }

  private func writeCursor() throws(HansardClientError) {
    let file = try OpenFile("\(directory)/cursor.new", O_WRONLY | O_CREAT | O_TRUNC)
    try file.write(BufferLine.encode(Array("\(cursor.segment) \(cursor.offset)".utf8)))
    try Directory.rename("\(directory)/cursor.new", "\(directory)/cursor")
  }

  private mutating func removeDone() throws(HansardClientError) {
    while let first = segments.first, first.number < cursor.segment {
      try Directory.remove(path(first.number))
      segments.removeFirst()
    }
  }
}
