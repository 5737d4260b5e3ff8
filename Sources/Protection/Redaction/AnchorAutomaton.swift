// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Finds many words in one pass: the automaton of Aho and Corasick ("Efficient string matching: an
/// aid to bibliographic search", 1975), with its failure links resolved into one table, so that each
/// byte costs one step whatever the words are.
///
/// ASCII letters are folded: a word is found in capitals and small letters alike, and whoever wants
/// only one spelling looks again. The table has one row per state and one column per class of bytes
/// that no word tells apart.
final class AnchorAutomaton: Sendable {
  /// Columns of the table; a power of two, so that a row is found by a shift.
  let columns: Int
  /// For each byte its column.
  let column: [UInt8]
  /// `state * columns + column` to `next state * columns * 2 + (1 if it has words)`.
  let table: [UInt32]
  /// For each state where its words begin in `words`, and for one behind the last where they end.
  let firstWord: [UInt32]
  /// The indices of the words that end in a state, the longest first.
  let words: [UInt32]

  /// Builds the automaton of `words`; empty ones are never found.
  init(_ words: [[UInt8]]) {
    let folded = words.map { $0.map(Self.folded) }
    let column = Self.columns(of: folded)
    var columns = 1
    while columns <= Int(column.max() ?? 0) { columns *= 2 }
    var trie = Trie(columns: columns)
    for (index, word) in folded.enumerated() where !word.isEmpty {
      trie.add(word.map { Int(column[Int($0)]) }, index)
    }
    trie.resolve()
    self.column = column
    self.columns = columns
    self.words = trie.words.joined().map { UInt32($0) }
    firstWord = trie.words.reduce(into: [0]) { $0.append(($0.last ?? 0) + UInt32($1.count)) }
    table = trie.next.map { UInt32($0 * columns * 2) + (trie.words[$0].isEmpty ? 0 : 1) }
  }

  /// Where the machine is in a text.
  struct Cursor {
    /// The byte that is next.
    var offset = 0
    fileprivate(set) var row = 0
    fileprivate var wasDigit = false
  }

  /// What stopped the machine before `cursor.offset`.
  enum Stop {
    case end
    /// Words end here, those of the state `cursor.row`.
    case words
    /// The first digit of several was the last byte.
    case digits
  }

  /// Goes on to the next word, number or the end. `table` and `column` are the machine's own; they
  /// are handed in so that they are fetched once for a text.
  @inline(never)
  static func advance(
    _ cursor: inout Cursor, _ text: Span<UInt8>, _ table: Span<UInt32>, _ column: Span<UInt8>
  ) -> Stop {
    var (offset, row, wasDigit) = (cursor.offset, cursor.row, cursor.wasDigit)
    defer { (cursor.offset, cursor.row, cursor.wasDigit) = (offset, row, wasDigit) }
    while offset < text.count {
      // Not checked again: `offset` is, there is a column for each byte, and every entry of the table
      // holds a row of the table.
      let byte = text[unchecked: offset]
      let entry = table[unchecked: row &+ Int(column[unchecked: Int(byte)])]
      row = Int(entry >> 1)
      offset &+= 1
      let isDigit = byte &- 0x30 < 10
      let begins = isDigit && !wasDigit
      wasDigit = isDigit
      if entry & 1 != 0 { return .words }
      if begins, offset < text.count, text[unchecked: offset] &- 0x30 < 10 { return .digits }
    }
    return .end
  }

  /// `byte` as a small letter, if it is one.
  static func folded(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }

  /// Column 0 is for the bytes that occur in no word.
  private static func columns(of words: [[UInt8]]) -> [UInt8] {
    var column = [UInt8](repeating: 0, count: 256)
    var last: UInt8 = 0
    for byte in words.joined() where column[Int(byte)] == 0 {
      last += 1
      column[Int(byte)] = last
    }
    for upper in 0x41...0x5A { column[upper] = column[upper | 0x20] }
    return column
  }
}

/// The words as a tree, and then as a machine.
private struct Trie {
  let columns: Int
  /// `state * columns + column` to the next state; -1 where there is none yet.
  var next: [Int]
  var words: [[Int]] = [[]]

  init(columns: Int) {
    self.columns = columns
    next = [Int](repeating: -1, count: columns)
  }

  mutating func add(_ word: [Int], _ index: Int) {
    var state = 0
    for letter in word {
      let place = state * columns + letter
      if next[place] < 0 {
        next[place] = words.count
        words.append([])
        next.append(contentsOf: repeatElement(-1, count: columns))
      }
      state = next[place]
    }
    words[state].append(index)
  }

  /// Fills every gap with where the longest proper suffix would go, breadth first, so that the
  /// suffix is always complete before it is needed.
  mutating func resolve() {
    var fallback = [Int](repeating: 0, count: words.count)
    var queue: [Int] = []
    for letter in 0..<columns {
      if next[letter] < 0 { next[letter] = 0 } else { queue.append(next[letter]) }
    }
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      words[state] += words[fallback[state]]
      for letter in 0..<columns {
        let place = state * columns + letter
        let other = next[fallback[state] * columns + letter]
        if next[place] < 0 {
          next[place] = other
        } else {
          fallback[next[place]] = other
          queue.append(next[place])
        }
      }
    }
  }
}
