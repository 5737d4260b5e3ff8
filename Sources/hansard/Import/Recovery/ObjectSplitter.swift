// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection

/// Takes a stream of bytes apart into the JSON objects that stand in it one after the other, each on one
/// line or over many.
///
/// Between objects there may be white space, and a byte order mark at the very beginning. Anything else is
/// told as damage, and reading goes on behind it: where braces say that a damaged object ends, and else
/// where a line begins with `{`, as objects do in both forms of a trail. An object that is whole is never
/// taken for damage, wherever its own lines begin. Holds one object and one chunk, never more.
struct ObjectSplitter: Sendable {
  /// What comes next in the stream.
  enum Piece: Sendable {
    case object(JSONDocument, at: FilePlace)
    case damage(TrailRefusal)
  }

  private enum State {
    case between
    /// In what was told as damage, up to a `{`, which may have to begin a line.
    case passing(toLineStart: Bool)
    case inside
  }

  /// What is known of the object that is being read, without judging it.
  private struct Reading {
    var depth = 0
    var isInString = false
    var isEscaped = false
    /// Where the first line after its own begins with `{`: the next object, if this one is damaged.
    var candidate: Int?
    /// From how many bytes on it is judged once more, so that all judging together is linear.
    var nextJudgement = 0
  }

  /// The most bytes of one object, white space included.
  static let limit = 1024 * 1024
  /// What the service takes of one attempt.
  static let limits = JSONLimits(depth: 65, numberBytes: 1024)

  /// From `head` on what is not done with.
  private var buffer: [UInt8] = []
  private var head = 0
  /// The next byte to look at.
  private var cursor = 0
  /// Of the byte at `head`.
  private var place = FilePlace()
  private var headBeginsLine = true
  private var state = State.between
  private var reading = Reading()
  private var isAtEnd = false

  /// The bytes of the stream that are done with.
  var passed: Int { place.offset }

  /// Adds the next bytes of the stream.
  mutating func append(_ bytes: some Collection<UInt8>) {
    buffer.removeFirst(head)
    cursor -= head
    reading.candidate = reading.candidate.map { $0 - head }
    head = 0
    buffer.append(contentsOf: bytes)
  }

  /// Says that no more will come.
  mutating func finish() { isAtEnd = true }

  /// The next piece; nil where more bytes are needed, or there are none.
  mutating func next() -> Piece? {
    guard passMark() else { return nil }
    while true {
      while cursor < buffer.count {
        if let piece = step(buffer[cursor]) { return piece }
      }
      guard case .inside = state else {
        consume(to: cursor)
        return nil
      }
      guard isAtEnd else { return nil }
      return abandon(at: reading.candidate ?? buffer.count)
    }
  }
}

// MARK: - Between objects

extension ObjectSplitter {
  /// Passes over a byte order mark; false where it takes more bytes to know.
  private mutating func passMark() -> Bool {
    guard place.offset == 0, head == 0, cursor == 0 else { return true }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    guard mark.starts(with: buffer.prefix(3)), !buffer.isEmpty else { return true }
    guard buffer.count >= 3 else { return isAtEnd }
    consume(to: 3)
    cursor = 3
    headBeginsLine = true
    return true
  }

  private mutating func step(_ byte: UInt8) -> Piece? {
    switch state {
    case .inside: return stepInside(byte)
    case .between:
      switch byte {
      case JSONByte.space, JSONByte.lineFeed, JSONByte.carriageReturn, JSONByte.tab: cursor += 1
      case JSONByte.openBrace: begin()
      default:
        consume(to: cursor)
        state = .passing(toLineStart: false)
        return .damage(
          TrailRefusal(place: place, pointer: "", reason: "is not an object of JSON"))
      }
    case .passing(let toLineStart):
      if byte == JSONByte.openBrace, !toLineStart || beginsLine(cursor) {
        begin()
      } else {
        cursor += 1
      }
    }
    return nil
  }

  private mutating func begin() {
    consume(to: cursor)
    reading = Reading()
    state = .inside
  }

  private func beginsLine(_ index: Int) -> Bool {
    index > head ? buffer[index - 1] == JSONByte.lineFeed : headBeginsLine
  }

  /// Is done with what stands before `index`.
  private mutating func consume(to index: Int) {
    guard index > head else { return }
    headBeginsLine = buffer[index - 1] == JSONByte.lineFeed
    place.pass(buffer[head..<index])
    head = index
  }
}

// MARK: - Inside an object

extension ObjectSplitter {
  private mutating func stepInside(_ byte: UInt8) -> Piece? {
    if reading.isInString {
      passStringByte(byte)
    } else {
      switch byte {
      case JSONByte.quote: reading.isInString = true
      case JSONByte.openBrace:
        if cursor > head, beginsLine(cursor), let damage = judge() { return damage }
        reading.depth += 1
      case JSONByte.closeBrace:
        reading.depth -= 1
        guard reading.depth > 0 else {
          cursor += 1
          return complete()
        }
      default: break
      }
    }
    cursor += 1
    return cursor - head > Self.limit ? giveUp() : nil
  }

  private mutating func passStringByte(_ byte: UInt8) {
    // A string does not go over the end of a line: its quote is missing, and the next one begins another.
    if byte == JSONByte.lineFeed {
      reading.isInString = false
      reading.isEscaped = false
    } else if reading.isEscaped {
      reading.isEscaped = false
    } else if byte == JSONByte.backslash {
      reading.isEscaped = true
    } else if byte == JSONByte.quote {
      reading.isInString = false
    }
  }

  /// A line begins with `{` although the object has not ended: nil where that may be so.
  private mutating func judge() -> Piece? {
    let candidate = reading.candidate ?? cursor
    reading.candidate = candidate
    let count = cursor - head
    guard count >= reading.nextJudgement else { return nil }
    reading.nextJudgement = 2 * count
    let bytes = Array(buffer[head...cursor])
    guard let error = fault(in: bytes), error.offset < bytes.count else { return nil }
    return abandon(at: candidate)
  }

  /// The object's last brace is behind.
  private mutating func complete() -> Piece {
    let bytes = Array(buffer[head..<cursor])
    do throws(JSONError) {
      let piece = Piece.object(
        try JSONDocument(parsing: bytes, limits: Self.limits), at: place)
      consume(to: cursor)
      state = .between
      return piece
    } catch {
      if let candidate = reading.candidate { return abandon(at: candidate) }
      let refusal = TrailRefusal(error, in: bytes, at: place)
      consume(to: cursor)
      state = .between
      return .damage(refusal)
    }
  }

  /// Leaves the object, and goes on at `index`.
  private mutating func abandon(at index: Int) -> Piece {
    var bytes = Array(buffer[head..<index])
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    let refusal =
      fault(in: bytes).map { TrailRefusal($0, in: bytes, at: place) }
      ?? TrailRefusal(place: place, pointer: "", reason: "is not an object of JSON")
    consume(to: index)
    cursor = index
    state = .between
    return .damage(refusal)
  }

  /// The object is larger than any that is taken, or has no end.
  private mutating func giveUp() -> Piece {
    if let candidate = reading.candidate { return abandon(at: candidate) }
    let bytes = Array(buffer[head..<cursor])
    let error = fault(in: bytes)
    let refusal =
      if let error, error.offset < bytes.count {
        TrailRefusal(error, in: bytes, at: place)
      } else {
        TrailRefusal(
          place: place, pointer: "", reason: "has no end within \(Self.limit) bytes")
      }
    consume(to: cursor)
    state = .passing(toLineStart: true)
    return .damage(refusal)
  }

  private func fault(in bytes: [UInt8]) -> JSONError? {
    do throws(JSONError) {
      _ = try JSONDocument(parsing: bytes, limits: Self.limits)
      return nil
    } catch {
      return error
    }
  }
}
