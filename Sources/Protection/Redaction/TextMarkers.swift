// Hansard
// SPDX-License-Identifier: Apache-2.0

// Markers of ours in a text, forged ones too: they are no secret, and shield none.

extension Span<UInt8> {
  /// Where a value ends that begins at `start`: `isEnd` does not count inside of a marker.
  func endBesideMarkers(from start: Int, _ isEnd: (UInt8) -> Bool) -> Int {
    var end = end(from: start, isEnd)
    while let marker = marker(endingBehind: end), marker >= start, end - start < 1024 {
      end = self.end(from: end + 1, isEnd)
    }
    return end
  }

  /// The part of a value that is not a marker: what stands behind the ones it begins with and before
  /// the next.
  func withoutMarkers(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound, let end = endOfMarker(from: start), end <= range.upperBound {
      start = end
    }
    for offset in start..<range.upperBound
    where self[offset] == UInt8(ascii: "[") && endOfMarker(from: offset) != nil {
      return start..<offset
    }
    return start..<range.upperBound
  }

  /// Where the marker begins whose bracket closes at `offset`.
  private func marker(endingBehind offset: Int) -> Int? {
    guard hasByte(UInt8(ascii: "]"), at: offset) else { return nil }
    var start = offset
    while start > 0, offset - start < 96, self[start] != UInt8(ascii: "[") { start -= 1 }
    return endOfMarker(from: start) == offset + 1 ? start : nil
  }

  /// The end of a marker of ours that begins at `start`, escaped or not.
  func endOfMarker(from start: Int) -> Int? {
    guard hasBytes(RedactionMarker.openingBytes, at: start) else { return nil }
    var offset = start + RedactionMarker.openingBytes.count
    while offset < count, self[offset] == RedactionMarker.exclamationMark { offset += 1 }
    guard skipByte(RedactionMarker.colon, &offset) else { return nil }
    let family = offset
    while offset < count, offset - family <= RedactionMarker.longestFamily,
      ByteClass.lowerAlnum.contains(self[offset]) || self[offset] == UInt8(ascii: "_")
    {
      offset += 1
    }
    guard offset > family, skipByte(RedactionMarker.colon, &offset) else { return nil }
    let digest = offset
    while offset < count, offset - digest < 17, ByteClass.lowerHex.contains(self[offset]) {
      offset += 1
    }
    guard offset - digest == 2 * RedactionMarker.fingerprintBytes,
      skipByte(UInt8(ascii: "]"), &offset)
    else { return nil }
    return offset
  }
}
