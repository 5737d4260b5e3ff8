// Hansard
// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import Protection

extension UUID {
  /// The canonical form in lower case (RFC 9562, section 4). Foundation's own goes through `printf`
  /// and upper case, which shows where every request names several ids.
  package var text: String {
    String(unsafeUninitializedCapacity: 36) { output in
      var offset = 0
      withUnsafeBytes(of: uuid) { octets in
        for (index, octet) in octets.enumerated() {
          if Self.isBehindHyphen(index) {
            output.initializeElement(at: offset, to: UInt8(ascii: "-"))
            offset += 1
          }
          let digits = Hexadecimal.digits(of: octet)
          output.initializeElement(at: offset, to: digits.high)
          output.initializeElement(at: offset + 1, to: digits.low)
          offset += 2
        }
      }
      return offset
    }
  }

  /// Reads 32 hexadecimal digits in either case; `hyphens` says whether they are grouped 8-4-4-4-12.
  package init?(digits text: some Collection<UInt8>, hyphens: Bool) {
    guard text.count == (hyphens ? 36 : 32) else { return nil }
    var octets = (UInt64(0), UInt64(0))
    var rest = text.makeIterator()
    for index in 0..<16 {
      if hyphens, Self.isBehindHyphen(index), rest.next() != UInt8(ascii: "-") { return nil }
      guard let high = rest.next().flatMap(Hexadecimal.value),
        let low = rest.next().flatMap(Hexadecimal.value)
      else { return nil }
      let octet = UInt64(high << 4 | low)
      if index < 8 { octets.0 = octets.0 << 8 | octet } else { octets.1 = octets.1 << 8 | octet }
    }
    let bigEndian = (octets.0.bigEndian, octets.1.bigEndian)
    self.init(uuid: withUnsafeBytes(of: bigEndian) { $0.loadUnaligned(as: uuid_t.self) })
  }

  private static func isBehindHyphen(_ index: Int) -> Bool {
    index == 4 || index == 6 || index == 8 || index == 10
  }
}
