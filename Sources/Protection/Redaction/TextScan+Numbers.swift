// Hansard
// SPDX-License-Identifier: Apache-2.0

extension TextScan {
  /// A run of digits: the beginning of a card, an IBAN or a social security number, perhaps.
  mutating func number(_ text: Span<UInt8>, from start: Int) {
    let end = runs.end(of: .digit, in: text, from: start)
    if end - start == 3, personal.ssn { socialSecurity(text, from: start) }
    if end - start >= 2, start >= 2, personal.iban, ByteClass.upper.contains(text[start - 1]) {
      iban(text, from: start - 2)
    }
    if end - start >= 4, personal.card { card(text, from: start, firstGroup: end - start) }
  }

  /// 13 to 19 digits, in one piece or in groups of four or more between single spaces or dashes.
  private mutating func card(_ text: Span<UInt8>, from start: Int, firstGroup: Int) {
    guard firstGroup <= 19, (2...6).contains(text[start] - 0x30), text.standsAlone(before: start)
    else { return }
    var digits: [UInt8] = []
    var offset = start
    let separator = start + firstGroup < text.count ? text[start + firstGroup] : 0
    while offset < text.count, digits.count < 20 {
      if ByteClass.digit.contains(text[offset]) {
        digits.append(text[offset] - 0x30)
        offset += 1
      } else if text[offset] == separator, separator == 0x20 || separator == 0x2D,
        offset + 1 < text.count, ByteClass.digit.contains(text[offset + 1]), digits.count < 19,
        firstGroup == 4
      {
        offset += 1
      } else {
        break
      }
    }
    guard text.standsAlone(behind: offset), PersonalData.isCard(digits) else { return }
    hit(start..<offset, in: text, PersonalData.paymentCard.rawValue, .personal)
  }

  /// Two letters, two digits and the rest, in one piece or in groups of four between spaces.
  private mutating func iban(_ text: Span<UInt8>, from start: Int) {
    guard ByteClass.upper.contains(text[start]), text.isBeginning(start) else { return }
    var compact: [UInt8] = []
    var offset = start
    var best: Int?
    while offset < text.count, compact.count < 34 {
      let byte = text[offset]
      if ByteClass.upperAlnum.contains(byte) {
        compact.append(byte)
        offset += 1
        if PersonalData.isIBAN(compact), text.standsAlone(behind: offset) { best = offset }
      } else if byte == 0x20, compact.count % 4 == 0, offset + 1 < text.count,
        ByteClass.upperAlnum.contains(text[offset + 1])
      {
        offset += 1
      } else {
        break
      }
    }
    guard let best else { return }
    hit(start..<best, in: text, PersonalData.iban.rawValue, .personal)
  }

  /// `AAA-GG-SSSS`, without the areas and groups that are never given out (SSA POMS RM 10201.035).
  private mutating func socialSecurity(_ text: Span<UInt8>, from start: Int) {
    guard start + 11 <= text.count, text.standsAlone(before: start),
      text.standsAlone(behind: start + 11)
    else { return }
    let separator = text[start + 3]
    guard separator == 0x2D || separator == 0x20, text[start + 6] == separator else { return }
    for offset in [4, 5, 7, 8, 9, 10] where !ByteClass.digit.contains(text[start + offset]) {
      return
    }
    let area = text.decimal(start..<start + 3)
    let isGiven =
      area != 0 && area != 666 && area < 900 && text.decimal(start + 4..<start + 6) != 0
      && text.decimal(start + 7..<start + 11) != 0
    guard isGiven else { return }
    hit(start..<start + 11, in: text, PersonalData.ssn.rawValue, .personal)
  }

  /// `+` and 8 to 15 digits (ITU-T E.164), with single spaces, dashes, dots or parentheses in between.
  mutating func phone(_ text: Span<UInt8>, at plus: Int) {
    guard personal.phone, plus + 8 < text.count, text[plus + 1] &- 0x31 < 9,
      text.isBeginning(plus), plus == 0 || !"+/_-".utf8.contains(text[plus - 1])
    else { return }
    var (offset, digits, groups, dots, end) = (plus + 1, 0, 1, 0, plus + 1)
    while offset < text.count, digits < 16 {
      let byte = text[offset]
      if ByteClass.digit.contains(byte) {
        groups += offset > end ? 1 : 0
        dots += offset == end + 1 && text[end] == UInt8(ascii: ".") ? 1 : 0
        digits += 1
        end = offset + 1
      } else if !" -.()".utf8.contains(byte) || offset - end >= 2 {
        break
      }
      offset += 1
    }
    // One full stop is that of a decimal number.
    guard (8...15).contains(digits), groups <= 7, dots != 1 || groups > 2,
      text.standsAlone(behind: end)
    else { return }
    hit(plus..<end, in: text, PersonalData.phone.rawValue, .personal)
  }
}

extension Span<UInt8> {
  /// Whether a number that begins at `offset` is no part of a longer one, or of a word.
  fileprivate func standsAlone(before offset: Int) -> Bool {
    guard offset > 0 else { return true }
    let byte = self[offset - 1]
    if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_") { return false }
    if ByteClass.alnum.contains(byte) { return isFresh(offset) }
    guard "-.+".utf8.contains(byte) else { return true }
    return offset > 1 && !ByteClass.alnum.contains(self[offset - 2]) && byte == 0x2D
  }

  /// The same for one that ends before `offset`.
  fileprivate func standsAlone(behind offset: Int) -> Bool {
    guard offset < count else { return true }
    let byte = self[offset]
    if ByteClass.word.contains(byte) { return false }
    guard "-./+=".utf8.contains(byte) else { return true }
    return offset + 1 >= count || !ByteClass.alnum.contains(self[offset + 1])
  }

  fileprivate func decimal(_ range: Range<Int>) -> Int {
    range.reduce(0) { $0 * 10 + Int(self[$1] &- 0x30) }
  }
}
