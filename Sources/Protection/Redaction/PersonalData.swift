// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Personal data that are redacted unless a tenant says otherwise.
enum PersonalData: String, Sendable, CaseIterable {
  case paymentCard = "payment_card"
  case iban
  case ssn = "us_ssn"
  case email
  case phone

  /// Which of them are looked for.
  struct Selection {
    let card: Bool
    let iban: Bool
    let ssn: Bool
    let email: Bool
    let phone: Bool

    init(_ rules: RedactionRules) {
      card = rules.isOn(PersonalData.paymentCard.rawValue)
      iban = rules.isOn(PersonalData.iban.rawValue)
      ssn = rules.isOn(PersonalData.ssn.rawValue)
      email = rules.isOn(PersonalData.email.rawValue)
      phone = rules.isOn(PersonalData.phone.rawValue)
    }
  }

  /// Whether decimal digits are the number of a payment card: the prefixes and lengths of the large
  /// issuers (ISO/IEC 7812), and the check digit.
  static func isCard(_ digits: [UInt8]) -> Bool {
    guard (13...19).contains(digits.count) else { return false }
    let head = digits.prefix(4).reduce(0) { $0 * 10 + Int($1) }
    let isKnown: Bool =
      switch (digits.count, head) {
      case (13, 4000...4999), (16, 4000...4999), (19, 4000...4999): true
      case (16, 5100...5599), (16, 2200...2204), (16, 2221...2720): true
      case (15, 3400...3499), (15, 3700...3799): true
      case (16, 6011), (16, 6440...6599), (19, 6011), (19, 6440...6599): true
      case (14, 3000...3059), (14, 3600...3699), (14, 3800...3999), (16, 3000...3059): true
      case (16, 3528...3589): true
      case (16...19, 6200...6299): true
      default: false
      }
    return isKnown && hasCheckDigit(digits) && Set(digits).count > 1
  }

  /// The formula of Luhn (ISO/IEC 7812-1, annex B).
  private static func hasCheckDigit(_ digits: [UInt8]) -> Bool {
    var sum = 0
    for (index, digit) in digits.reversed().enumerated() {
      let value = Int(digit) * (index % 2 == 0 ? 1 : 2)
      sum += value > 9 ? value - 9 : value
    }
    return sum % 10 == 0
  }

  /// Whether letters and digits, in capitals, are an IBAN (ISO 13616): a country that has them, its
  /// length, and 1 modulo 97.
  static func isIBAN(_ text: [UInt8]) -> Bool {
    guard text.count >= 15 else { return false }
    let country = String(decoding: text.prefix(2), as: UTF8.self)
    guard ibanLengths[country] == text.count else { return false }
    var rest = 0
    for byte in text.dropFirst(4) + text.prefix(4) {
      if ByteClass.digit.contains(byte) {
        rest = (rest * 10 + Int(byte - 0x30)) % 97
      } else if ByteClass.upper.contains(byte) {
        rest = (rest * 100 + Int(byte - 0x41) + 10) % 97
      } else {
        return false
      }
    }
    return rest == 1
  }

  /// The registry's lengths (SWIFT IBAN registry).
  private static let ibanLengths: [String: Int] = [
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BI": 27, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27,
    "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32,
    "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24,
    "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31,
    "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23,
    "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
  ]
}
