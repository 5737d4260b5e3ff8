// Hansard
// SPDX-License-Identifier: Apache-2.0

extension MasterKeyFile {
  /// The keys of a file in its order; the format is written out at `MasterKeyring`.
  static func parse(_ bytes: UnsafeRawBufferPointer) throws(MasterKeyError) -> [MasterKey] {
    var keys: [MasterKey] = []
    var ids: Set<String> = []
    var fingerprints: Set<[UInt8]> = []
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      guard let key = try key(of: line, number: number) else { continue }
      guard ids.insert(key.id).inserted else { throw .duplicateID(line: number) }
      guard fingerprints.insert(key.fingerprint).inserted else {
        throw .duplicateKey(line: number)
      }
      keys.append(key)
    }
    return keys
  }

  /// Whether an id is 1 to 64 of `[A-Za-z0-9_.-]`.
  static func isValidID(_ id: some Collection<UInt8>) -> Bool {
    (1...64).contains(id.count)
      && id.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  private static func key(
    of line: Slice<UnsafeRawBufferPointer>, number: Int
  ) throws(MasterKeyError) -> MasterKey? {
    var line = line
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard let id = words.first, id.first != UInt8(ascii: "#") else { return nil }
    guard words.count == 2, let text = words.last else { throw .malformedLine(number) }
    guard isValidID(id) else { throw .invalidID(line: number) }
    let secret = try secret(fromBase64: text, line: number)
    do {
      return try MasterKey(id: String(decoding: id, as: UTF8.self), key: secret)
    } catch {
      throw .crypto(error)
    }
  }

  /// Decodes straight into locked memory, so that no copy of the key is left on the heap.
  private static func secret(
    fromBase64 text: Slice<UnsafeRawBufferPointer>, line: Int
  ) throws(MasterKeyError) -> SecretKey {
    var isValid = false
    var isZero = false
    do {
      let secret = try SecretKey { (output) throws(CryptoError) in
        isValid = decode(text, into: output)
        isZero = output.allSatisfy { $0 == 0 }
      }
      guard isValid else { throw MasterKeyError.invalidKey(line: line) }
      guard !isZero else { throw MasterKeyError.zeroKey(line: line) }
      return secret
    } catch let error as MasterKeyError {
      throw error
    } catch let error as CryptoError {
      throw .crypto(error)
    } catch {
      throw .invalidKey(line: line)
    }
  }

  /// RFC 4648, section 4, of exactly 32 bytes: 43 characters, one `=`, the last 2 bits zero.
  private static func decode(
    _ text: Slice<UnsafeRawBufferPointer>, into output: UnsafeMutableRawBufferPointer
  ) -> Bool {
    guard text.count == 44, output.count == 32, text.last == UInt8(ascii: "=") else { return false }
    var (bits, bitCount, written): (UInt32, Int, Int) = (0, 0, 0)
    for character in text.dropLast() {
      guard let value = base64Value(character) else { return false }
      bits = (bits << 6 | value) & 0xFFFF
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        output[written] = UInt8(truncatingIfNeeded: bits >> UInt32(bitCount))
        written += 1
      }
    }
    return bits & 0b11 == 0
  }

  private static func base64Value(_ character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 97 + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) - 48 + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
