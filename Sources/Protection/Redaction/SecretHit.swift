// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A secret found in a text.
struct SecretHit {
  /// Which of two hits on the same bytes gives its name: the more specific one.
  enum Rank: Int, Comparable {
    case personal, named, credential, token

    static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
  }

  /// The bytes to be replaced.
  var range: Range<Int>
  var family: String
  var rank: Rank
  /// The secret itself, for its fingerprint.
  var secret: [UInt8]
  /// Where the marker has to stand in quotation marks, how many backslashes those of the text around
  /// it have.
  var quotes: Int?
}

extension [SecretHit] {
  /// Hits in order that do not overlap: of those that do, the longest gives the name, of equally long
  /// ones the one of the higher rank, and all their bytes are covered.
  func disjoint() -> [SecretHit] {
    guard count > 1 else { return self }
    var result: [SecretHit] = []
    for hit in sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard let last = result.last, hit.range.lowerBound < last.range.upperBound else {
        result.append(hit)
        continue
      }
      // The plus of a phone number before a token that begins with digits.
      if last.rank == .personal, hit.rank > .personal,
        hit.range.lowerBound == last.range.lowerBound + 1,
        hit.range.upperBound > last.range.upperBound
      {
        result[result.count - 1] = hit
        continue
      }
      let union = last.range.lowerBound..<Swift.max(last.range.upperBound, hit.range.upperBound)
      let isBetter = (hit.range.count, hit.rank) > (last.range.count, last.rank)
      var winner = isBetter ? hit : last
      winner.range = union
      winner.quotes = last.range == hit.range ? last.quotes ?? hit.quotes : nil
      result[result.count - 1] = winner
    }
    return result
  }
}
