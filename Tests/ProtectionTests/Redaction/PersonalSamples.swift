// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Personal data, made up and valid by the rules of its kind.
enum PersonalSamples {
  static let kinds: [SecretKind] = cards + accounts + people

  // MARK: Payment cards (ISO/IEC 7812), the last digit by Luhn

  private static let cards: [SecretKind] = [
    card("card_visa", "4", 16), card("card_visa_19", "4", 19),
    card("card_mastercard", "5{int:1-5}", 16), card("card_mastercard_2", "2{int:221-720}", 16),
    card("card_amex", "34", 15), card("card_amex_37", "37", 15), card("card_discover", "6011", 16),
    card("card_discover_65", "65", 16), card("card_diners", "36", 14),
    card("card_diners_30", "30{int:0-5}", 14),
    card("card_jcb", "35{int:28-89}", 16), card("card_unionpay", "62", 16),
    card("card_mir", "220{int:0-4}", 16),
  ]

  private static func card(_ label: String, _ prefix: String, _ length: Int) -> SecretKind {
    let groups: [Int] =
      switch length {
      case 15: [4, 6, 5]
      case 14: [4, 6, 4]
      case 19: [4, 4, 4, 4, 3]
      default: [4, 4, 4, 4]
      }
    let number: @Sendable (inout SampleForge) -> String = { forge in
      let head = forge.fill(prefix)
      return checked(head + forge.fill("{digits:\(length - head.count - 1)}"))
    }
    return SecretKind(
      label: label, shape: .token,
      forms: [
        .made(prefix: "") { number(&$0) },
        .made(prefix: "") { grouped(number(&$0), groups, " ") },
        .made(prefix: "") { grouped(number(&$0), groups, "-") },
      ])
  }

  /// With the check digit of Luhn's formula.
  static func checked(_ digits: String) -> String {
    let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
      let value = digit.element.wholeNumberValue ?? 0
      guard digit.offset.isMultiple(of: 2) else { return sum + value }
      return sum + (value > 4 ? value * 2 - 9 : value * 2)
    }
    return digits + String((10 - sum % 10) % 10)
  }

  static func grouped(_ text: String, _ sizes: [Int], _ separator: String) -> String {
    var rest = Substring(text)
    var groups: [Substring] = []
    for size in sizes where !rest.isEmpty {
      groups.append(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    return (groups + (rest.isEmpty ? [] : [rest])).joined(separator: separator)
  }

  // MARK: Bank accounts (ISO 13616), the check digits by mod 97

  /// Country, then what follows the check digits.
  private static let accounts: [SecretKind] = [
    ("de", "{digits:18}"), ("fr", "{digits:10}{upalnum:11}{digits:2}"),
    ("gb", "{upper:4}{digits:14}"),
    ("es", "{digits:20}"), ("it", "{upper:1}{digits:10}{upalnum:12}"),
    ("nl", "{upper:4}{digits:10}"),
    ("be", "{digits:12}"), ("ch", "{digits:5}{upalnum:12}"), ("at", "{digits:16}"),
    ("pl", "{digits:24}"),
    ("se", "{digits:20}"), ("no", "{digits:11}"), ("dk", "{digits:14}"), ("pt", "{digits:21}"),
    ("ie", "{upper:4}{digits:14}"), ("fi", "{digits:14}"), ("cz", "{digits:20}"),
    ("sa", "{digits:2}{upalnum:18}"),
    ("ae", "{digits:19}"), ("tr", "{digits:6}{upalnum:16}"),
  ].map { country, body in
    SecretKind(
      label: "iban_\(country)", shape: .token,
      forms: [
        .made(prefix: "") { account(country.uppercased(), $0.fill(body)) },
        .made(prefix: "") {
          grouped(account(country.uppercased(), $0.fill(body)), Array(repeating: 4, count: 9), " ")
        },
      ])
  }

  static func account(_ country: String, _ body: String) -> String {
    let remainder = (body + country + "00").reduce(0) { remainder, character in
      let value = character.hexDigitOrLetterValue
      return (remainder * (value > 9 ? 100 : 10) + value) % 97
    }
    let check = 98 - remainder
    return country + (check < 10 ? "0" : "") + String(check) + body
  }

  // MARK: People

  private static let people: [SecretKind] = [
    .token(
      "us_ssn", "{int:100-665}-{int:10-99}-{int:1000-9999}",
      "{int:700-899}-0{int:1-9}-{int:1000-9999}",
      "0{int:10-99}-{int:10-99}-0{int:100-999}"),
    .token(
      "email", "{user}@example.com", "{user}.{word}@corp-{word}.example.org",
      "{user}+{word}@mail.{word}.co.uk",
      "{word}_{digits:3}@{word}.io", "{upper:1}.{Word}@{Word}.COM", "{user}-{word}@{word}.museum",
      "{lower:1}@{lower:2}.de",
      "{user}{digits:2}@students.uni-{word}.edu"),
    .token(
      "phone", "+1{int:201-989}{int:200-999}{digits:4}",
      "+1 {int:201-989} {int:200-999} {digits:4}",
      "+1-{int:201-989}-{int:200-999}-{digits:4}", "+1 ({int:201-989}) {int:200-999}-{digits:4}",
      "+44 20 7{digits:3} {digits:4}", "+4420{digits:8}", "+44 7{digits:3} {digits:6}",
      "+49 30 {digits:8}", "+49151{digits:8}",
      "+33 6 {digits:2} {digits:2} {digits:2} {digits:2}", "+34 6{digits:2} {digits:3} {digits:3}",
      "+91 9{digits:4} {digits:5}",
      "+86 13{digits:1} {digits:4} {digits:4}", "+81-90-{digits:4}-{digits:4}",
      "+55 11 9{digits:4}-{digits:4}", "+61 4{digits:2} {digits:3} {digits:3}",
      "+1.{int:201-989}.{int:200-999}.{digits:4}", "+359 88 {digits:3} {digits:4}"),
  ]

  /// Where personal data stands.
  static let contexts: [(name: String, before: String, after: String)] = [
    ("bare value", "", ""), ("sentence", "Please use ", " for this order."),
    ("end of sentence", "It is ", "."),
    ("label", "Contact: ", "\nNext: x\n"), ("CSV", "17,\"A B\",", ",2025-01-01\n"),
    ("brackets", "<", ">"), ("parentheses", "(", ")"),
    ("Python", "send(\"", "\", 5)"), ("log pair", "level=info to=", " ms=5"),
    ("XML", "<v>", "</v>"), ("CJK", "请联系：", "。"),
    ("table", "| ", " | ok |"), ("quoted list", "['", "', 'x']"),
    ("ANSI colour", "\u{1B}[1m", "\u{1B}[0m"), ("tabs", "a\t", "\tb"),
    ("Markdown", "**", "**"), ("semicolon", "a; ", "; b"),
  ]

  static func misses() -> [String] {
    var forge = SampleForge(name: "misses")
    return (0..<200).flatMap { _ -> [String] in
      let card = checked(forge.fill("4{digits:14}"))
      let account = account("DE", forge.fill("{digits:18}"))
      return [
        off(card, at: 15), grouped(off(card, at: 9), [4, 4, 4, 4], " "), card + "1", "0." + card,
        "a" + card, card + "f",
        off(account, at: 12), grouped(off(account, at: 7), Array(repeating: 4, count: 6), " "),
        "X" + account,
      ]
    }
  }

  /// One digit other than it should be.
  private static func off(_ text: String, at place: Int) -> String {
    String(
      text.enumerated().map { index, character in
        guard index == place, let digit = character.wholeNumberValue else { return character }
        return Character(String((digit + 1) % 10))
      })
  }
}

extension Character {
  /// 0–9, and 10–35 for A–Z.
  fileprivate var hexDigitOrLetterValue: Int {
    wholeNumberValue ?? Int(asciiValue ?? 65) - 55
  }
}
