// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Governance

struct BoundedCacheTests {
  @Test func keepsWhatWasPutAndForgetsWhatWasRemoved() {
    let cache = BoundedCache<Int, String>(limit: 3, lifetime: .seconds(60))
    #expect(cache[1] == nil)
    cache.put("one", for: 1)
    cache.put("uno", for: 1)
    #expect(cache[1] == "uno" && cache.size.entries == 1)
    cache.remove(1)
    #expect(cache[1] == nil && cache.size.entries == 0)
  }

  @Test func theOldestGivesWay() {
    let cache = BoundedCache<Int, Int>(limit: 3, lifetime: .seconds(60))
    for key in 1...3 { cache.put(key, for: key) }
    cache.put(1, for: 1)
    cache.put(4, for: 4)
    #expect([1, 2, 3, 4].map { cache[$0] } == [1, nil, 3, 4])
  }

  @Test func aReplacedEntryDoesNotInheritItsPlace() {
    let cache = BoundedCache<Int, Int>(limit: 2, lifetime: .seconds(60))
    cache.put(1, for: 1)
    cache.remove(1)
    cache.put(2, for: 2)
    cache.put(1, for: 1)
    cache.put(3, for: 3)
    #expect([1, 2, 3].map { cache[$0] } == [1, nil, 3])
  }

  @Test func isBoundedWhateverIsPutAndRemoved() {
    let cache = BoundedCache<Int, Int>(limit: 10, lifetime: .seconds(60))
    for round in 0..<10_000 {
      cache.put(round, for: round % 13)
      if round % 3 == 0 { cache.remove(round % 7) }
      #expect(cache.size.entries <= 10 && cache.size.places <= 21)
    }
    for round in 0..<1000 {
      cache.put(round, for: 1_000_000 + round)
      cache.remove(1_000_000 + round)
      #expect(cache.size.places <= 21)
    }
  }

  @Test func nothingStaysPastItsTime() async throws {
    let cache = BoundedCache<Int, Int>(limit: 10, lifetime: .milliseconds(30))
    cache.put(1, for: 1)
    try await eventually("the entry is over") { cache[1] == nil }
    // It is gone from memory, not only hidden, once something else is put in.
    cache.put(2, for: 2)
    #expect(cache.size.entries == 1)
  }

  @Test func servesManyAtOnce() async {
    let cache = BoundedCache<Int, Int>(limit: 50, lifetime: .seconds(60))
    await withTaskGroup { group in
      for worker in 0..<8 {
        group.addTask {
          for key in 0..<500 {
            cache.put(key, for: key)
            if let value = cache[(key + worker) % 500] { #expect(value == (key + worker) % 500) }
          }
        }
      }
    }
    #expect(cache.size.entries <= 50)
  }
}
