// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

struct MannWhitneyTests {
  private static let n = 400

  /// 0, 1, …, spread evenly over 0 to 1 in an order that has nothing to do with size.
  private static func spread(by shift: Double = 0) -> [Double] {
    (0..<n).map { Double($0 * 211 % n) / Double(n) + shift }
  }

  /// By hand: of the pairs of {1, 2, 4} and {3, 5} the first is larger in one, (4, 3).
  @Test func countsPairs() {
    #expect(MannWhitney([1, 2, 4], [3, 5]).u == 1)
    #expect(MannWhitney([3, 5], [1, 2, 4]).u == 5)
    #expect(MannWhitney([1, 2], [2, 3]).u == 0.5)
  }

  /// By hand, without ties: n = m = 4 and u = 0, mean 8, variance 4·4·9/12 = 12, z = 7.5/√12 = 2.165.
  @Test func agreesWithTheFormula() {
    let test = MannWhitney([1, 2, 3, 4], [5, 6, 7, 8])
    #expect(test.u == 0)
    #expect(abs(test.p - 0.030_38) < 0.000_05, "\(test.p)")
    // With ties: three 1s and two 2s; variance 6/12 · (6 − (24 + 6)/20) = 2.25, u = 1, z = (2 − 0.5)/1.5.
    let tied = MannWhitney([1, 1], [1, 2, 2])
    #expect(tied.u == 1)
    #expect(abs(tied.p - 0.317_3) < 0.000_1, "\(tied.p)")
  }

  @Test func findsNoDifferenceWhereThereIsNone() {
    #expect(MannWhitney(Self.spread(), Self.spread()).p == 1)
    #expect(MannWhitney([1, 1, 1], [1, 1, 1]).p == 1)
    // One that lies far out changes nothing.
    #expect(MannWhitney(Self.spread() + [1e9], Self.spread() + [0.5]).p > 0.9)
  }

  @Test func findsADifference() {
    // A tenth of what the values range over.
    #expect(MannWhitney(Self.spread(), Self.spread(by: 0.1)).p < 1e-5)
    #expect(MannWhitney(Self.spread(by: 0.1), Self.spread()).p < 1e-5)
    #expect(MannWhitney(Self.spread(), Self.spread(by: 0.01)).p > 0.1)
  }
}
