// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@testable import Governance

struct IdentifierTests {
  @Test(arguments: [(0, false), (1, true), (254, true), (255, true), (256, false)])
  func callersIDsAreBounded(length: Int, isAccepted: Bool) {
    #expect((AgentID(String(repeating: "a", count: length)) != nil) == isAccepted)
  }

  @Test func callersIDsAreVisibleASCIIThatAPathCanHold() {
    for byte in UInt8.min...UInt8.max {
      let isVisible = (0x21...0x7E).contains(byte) && !#"/\?#%"#.utf8.contains(byte)
      let text = String(decoding: [UInt8(ascii: "a"), byte], as: UTF8.self)
      #expect((UserID(text) != nil) == isVisible, "byte \(byte)")
    }
    #expect([".", "..", "é", "a\u{301}", "\u{202E}a", "a b"].allSatisfy { UserID($0) == nil })
    #expect(["...", ".a", "a@b.c", "u:1|2", "~"].allSatisfy { UserID($0) != nil })
  }

  @Test(arguments: [(0, false), (1, true), (63, true), (64, true), (65, false)])
  func eventTypesAreBounded(length: Int, isAccepted: Bool) {
    #expect((EventType(String(repeating: "e", count: length)) != nil) == isAccepted)
  }

  @Test func eventTypesBeginWithALetter() {
    for byte in UInt8.min...UInt8.max {
      let letter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte >= 0x41
      let first = String(decoding: [byte], as: UTF8.self)
      #expect((EventType(first) != nil) == letter, "first byte \(byte)")
      let digit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      let isAllowed = letter || digit || "_.:-".utf8.contains(byte)
      let later = String(decoding: [UInt8(ascii: "a"), byte], as: UTF8.self)
      #expect((EventType(later) != nil) == isAllowed, "later byte \(byte)")
    }
  }

  @Test(arguments: [(0, false), (1, true), (63, true), (64, true), (65, false)])
  func tagsAreBoundedInBytes(length: Int, isAccepted: Bool) {
    #expect((Tag(String(repeating: "t", count: length)) != nil) == isAccepted)
  }

  @Test func tagsMayBeInAnyScriptWithoutControlCharacters() {
    #expect(Tag(String(repeating: "é", count: 32)) != nil)
    #expect(Tag(String(repeating: "é", count: 32) + "a") == nil)
    #expect(Tag("a b") != nil)
    #expect(["a\n", "\u{0}", "\u{7F}", "a\r\nb", "\u{1B}[0m"].allSatisfy { Tag($0) == nil })
  }

  @Test(arguments: [1000, 2000, 4000])
  func textsAreBoundedInBytes(limit: Int) {
    func isAccepted(_ text: String) -> Bool { RecordingText(text, maximumBytes: limit) != nil }
    #expect(!isAccepted(""))
    #expect(isAccepted(String(repeating: "x", count: limit - 1)))
    #expect(isAccepted(String(repeating: "x", count: limit)))
    #expect(!isAccepted(String(repeating: "x", count: limit + 1)))
    #expect(isAccepted(String(repeating: "é", count: limit / 2)))
    #expect(!isAccepted(String(repeating: "é", count: limit / 2) + "x"))
  }

  @Test func textsHoldAnythingButNUL() {
    for text in [" ", "a\nb", "\u{FEFF}", "\u{202E}", "e\u{301}", "=1+1", "\u{FFFF}", "👩‍👩‍👧"] {
      #expect(
        RecordingText(text, maximumBytes: 100)?.rawValue.utf8.elementsEqual(text.utf8) == true)
    }
    #expect(RecordingText("a\u{0}b", maximumBytes: 100) == nil)
  }

  @Test(arguments: [(0, false), (1, true), (254, true), (255, true), (256, false)])
  func displayNamesAreBoundedInScalars(length: Int, isAccepted: Bool) {
    #expect((DisplayName(String(repeating: "ß", count: length)) != nil) == isAccepted)
  }

  @Test func displayNamesHoldNoControlCharacters() {
    for byte in UInt8.min...0x7F {
      let isControl = byte < 0x20 || byte == 0x7F
      let text = String(decoding: [UInt8(ascii: "a"), byte], as: UTF8.self)
      #expect((DisplayName(text) == nil) == isControl, "byte \(byte)")
    }
  }

  @Test(arguments: [(0, false), (1, true), (500, true), (501, false), (-1, false)])
  func pagesHaveOneToFiveHundredEntries(count: Int, isAccepted: Bool) {
    #expect((PageLimit(count) != nil) == isAccepted)
  }

  @Test func serverIDsAreCanonicalUUIDs() {
    let text = "018f9c2e-7c1a-7abc-8def-0123456789ab"
    #expect(RecordingID(text)?.description == text)
    #expect(RecordingID(text.uppercased())?.description == text)
    for wrong in [
      "", "{\(text)}", "urn:uuid:\(text)", String(text.dropLast()), text + "a",
      text.replacing("-", with: ""), text.replacing("8", with: "g"), " \(text.dropFirst())",
      "018f9c2e7c1a-7abc-8def-0123456789ab-",
    ] {
      #expect(RecordingID(wrong) == nil, "\(wrong)")
    }
  }
}

struct UUIDVersion7Tests {
  @Test func carriesItsTimeVersionAndVariant() {
    let milliseconds: UInt64 = 0x0123_4567_89AB
    let bytes = UUID.version7(at: milliseconds).uuid
    #expect(
      [bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5]
        == [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB])
    for _ in 0..<1000 {
      let bytes = UUID.version7().uuid
      #expect(bytes.6 >> 4 == 7 && bytes.8 >> 6 == 0b10)
    }
  }

  @Test func sortsByTimeAndIsUnique() {
    let texts = (0..<2000).map { RecordingID(UUID.version7(at: $0)).description }
    #expect(texts == texts.sorted())
    #expect(Set((0..<10_000).map { _ in UUID.version7(at: 1) }).count == 10_000)
  }

  @Test func everyRandomBitVaries() {
    var (ones, zeros) = ([UInt8](repeating: 0, count: 16), [UInt8](repeating: 0, count: 16))
    for _ in 0..<500 {
      withUnsafeBytes(of: UUID.version7(at: 0).uuid) { bytes in
        for (index, byte) in bytes.enumerated() {
          ones[index] |= byte
          zeros[index] |= ~byte
        }
      }
    }
    let varying = zip(ones, zeros).map { $0 & $1 }
    #expect(varying == [0, 0, 0, 0, 0, 0, 0x0F, 0xFF, 0x3F] + [UInt8](repeating: 0xFF, count: 7))
  }

  @Test func aClockBefore1970DoesNotTrap() {
    #expect(UUID.millisecondsSince1970() > 1_700_000_000_000)
    _ = UUID.version7(at: .max)
  }
}
