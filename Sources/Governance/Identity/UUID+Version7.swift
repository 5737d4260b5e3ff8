// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import Postgres

extension UUID {
  /// A version 7 UUID (RFC 9562, section 5.7): 48 bits of milliseconds since 1970, then 74 random
  /// bits. Rows keyed by it land at the right edge of their index.
  package static func version7(at milliseconds: UInt64 = Self.millisecondsSince1970()) -> UUID {
    var generator = SystemRandomNumberGenerator()
    let random = (generator.next(), generator.next())
    func time(_ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: milliseconds >> shift) }
    func noise(_ word: UInt64, _ shift: UInt64) -> UInt8 {
      UInt8(truncatingIfNeeded: word >> shift)
    }
    return UUID(
      uuid: (
        time(40), time(32), time(24), time(16), time(8), time(0),
        0x70 | (noise(random.0, 0) & 0x0F), noise(random.0, 8),
        0x80 | (noise(random.0, 16) & 0x3F), noise(random.0, 24),
        noise(random.1, 0), noise(random.1, 8), noise(random.1, 16),
        noise(random.1, 24), noise(random.1, 32), noise(random.1, 40)
      ))
  }

  /// The wall clock in milliseconds; 0 for a clock set before 1970.
  package static func millisecondsSince1970() -> UInt64 {
    UInt64(clamping: Timestamp.now().microseconds / 1000)
  }
}
