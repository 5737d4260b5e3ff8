// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What became of one document with a secret in it.
enum Verdict: Hashable {
  /// Every secret replaced, every other byte as it was.
  case clean
  /// The secret is gone, but the edges of what was replaced are not its edges.
  case ragged
  /// Text beside the secret is gone or changed.
  case overreach
  /// The secret, or a good part of it, is still there.
  case missed
}

/// Compares a document with what came out for it.
enum Judge {
  /// Stands for one marker; no document of the corpus has it.
  private static let mark: UInt8 = 1
  private static let opening = Array("[REDACTED:".utf8)

  static func verdict(_ document: [Piece], publicPrefix: String, output: [UInt8]) -> Verdict {
    let folded = foldMarkers(output)
    let secrets = document.compactMap { piece -> String? in
      if case .secret(let text) = piece { text } else { nil }
    }
    guard let regions = align(joined(document), folded) else {
      return holds(folded, anyOf: secrets, publicPrefix, window: 10) ? .missed : .overreach
    }
    var verdict = Verdict.clean
    for (pieces, bytes) in regions {
      let rest = bytes.filter { $0 != mark }
      if !bytes.contains(mark) || holds(rest, anyOf: secrets, publicPrefix, window: 6) {
        return .missed
      }
      let kept = pieces.compactMap { piece -> String? in
        if case .open(let text) = piece { text } else { nil }
      }
      if !isMade(of: kept, rest) { verdict = .ragged }
    }
    return verdict
  }

  /// Replaces every well-formed marker by ``mark``.
  static func foldMarkers(_ bytes: [UInt8]) -> [UInt8] {
    var folded: [UInt8] = []
    folded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if let end = endOfMarker(bytes, index) {
        folded.append(mark)
        index = end
      } else {
        folded.append(bytes[index])
        index += 1
      }
    }
    return folded
  }

  /// The index behind `[REDACTED:family:0123456789abcdef]` at `start`.
  private static func endOfMarker(_ bytes: [UInt8], _ start: Int) -> Int? {
    guard bytes[start] == opening[0], bytes[start...].starts(with: opening) else { return nil }
    var index = start + opening.count
    let family = index
    while index < bytes.count, isFamily(bytes[index]) { index += 1 }
    guard index > family, index + 17 < bytes.count, bytes[index] == UInt8(ascii: ":") else {
      return nil
    }
    let fingerprint = bytes[index + 1..<index + 17]
    guard fingerprint.allSatisfy(isHex), bytes[index + 17] == UInt8(ascii: "]") else { return nil }
    return index + 18
  }

  private static func isFamily(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    isFamily(byte) && (byte <= UInt8(ascii: "f") && byte != UInt8(ascii: "_"))
  }

  /// Fixed pieces side by side made one, empty pieces left out.
  private static func joined(_ document: [Piece]) -> [Piece] {
    document.reduce(into: []) { pieces, piece in
      if case .fixed(let before)? = pieces.last, case .fixed(let text) = piece {
        pieces[pieces.count - 1] = .fixed(before + text)
      } else if !piece.text.isEmpty {
        pieces.append(piece)
      }
    }
  }

  /// What stands in place of each run of pieces that may change; nil if a fixed one changed.
  private static func align(_ document: [Piece], _ output: [UInt8]) -> [([Piece], [UInt8])]? {
    var regions: [([Piece], [UInt8])] = []
    var run: [Piece] = []
    var cursor = 0
    for (index, piece) in document.enumerated() {
      guard case .fixed(let text) = piece else {
        run.append(piece)
        continue
      }
      let isLast = index == document.count - 1
      guard let found = find(Array(text.utf8), output, from: cursor, exactly: run.isEmpty, isLast)
      else { return nil }
      if !run.isEmpty { regions.append((run, Array(output[cursor..<found]))) }
      run = []
      cursor = found + text.utf8.count
    }
    guard run.isEmpty else { return regions + [(run, Array(output[cursor...]))] }
    return cursor == output.count ? regions : nil
  }

  private static func find(
    _ text: [UInt8], _ output: [UInt8], from start: Int, exactly: Bool, _ isLast: Bool
  ) -> Int? {
    let end = output.count - text.count
    guard start <= end else { return nil }
    if exactly { return output[start...].starts(with: text) ? start : nil }
    if isLast { return output[end...].elementsEqual(text) ? end : nil }
    return (start...end).first { output[$0...].starts(with: text) }
  }

  /// Whether `rest` is `kept` with something left out.
  private static func isMade(of kept: [String], _ rest: [UInt8]) -> Bool {
    var rest = rest[...]
    for byte in kept.joined().utf8 where byte == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty
  }
}

extension Judge {
  /// Whether `bytes`, seen through any layers of JSON, hold `window` bytes in a row of what is
  /// not public of a secret.
  static func holds(
    _ bytes: [UInt8], anyOf secrets: [String], _ publicPrefix: String, window: Int
  ) -> Bool {
    guard !bytes.isEmpty else { return false }
    let text = bare(bytes)
    return secrets.contains { secret in
      let secret = bare(Array(secret.utf8))
      let body =
        secret.starts(with: publicPrefix.utf8) ? secret[publicPrefix.utf8.count...] : secret[...]
      let width = min(window, body.count)
      guard width > 0 else { return false }
      // Half windows apart is enough to see any two windows in a row.
      let starts = stride(
        from: body.startIndex, through: body.endIndex - width, by: max(1, width / 2))
      return starts.contains { contains(text, body[$0..<$0 + width]) }
        || contains(text, body.suffix(width))
    }
  }

  private static func bare(_ bytes: [UInt8]) -> [UInt8] {
    var text = bytes
    for _ in 0..<4 where text.contains(UInt8(ascii: "\\")) { text = JSONText.unescaped(text) }
    return text
  }

  private static func contains(_ text: [UInt8], _ part: ArraySlice<UInt8>) -> Bool {
    guard text.count >= part.count, let first = part.first else { return false }
    return text.indices.dropLast(part.count - 1).contains {
      text[$0] == first && text[$0..<$0 + part.count].elementsEqual(part)
    }
  }
}
