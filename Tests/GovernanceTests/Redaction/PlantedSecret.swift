// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Secrets of made-up accounts, put together at run time: nothing in this file looks like one.
struct PlantedSecret: Sendable {
  let text: String
  /// What a hit on it is called.
  let family: String

  /// A token of a code host; each number gives another.
  static func token(_ number: Int) -> PlantedSecret {
    PlantedSecret(text: ["gh", "p_", filling(number, 36)].joined(), family: "github_token")
  }

  /// A token of a package registry.
  static func package(_ number: Int) -> PlantedSecret {
    PlantedSecret(text: ["np", "m_", filling(number, 36)].joined(), family: "npm_token")
  }

  /// Somebody's address.
  static func address(_ number: Int) -> PlantedSecret {
    PlantedSecret(
      text: ["person\(number)", "mail.example"].joined(separator: "@"), family: "email")
  }

  /// Letters and digits without a meaning, the same for the same number.
  static func filling(_ number: Int, _ count: Int) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWabcdefghijklmnopqrstuvw0123456789".utf8)
    var state = UInt64(truncatingIfNeeded: number &* 2 &+ 1) &* 0x9E37_79B9_7F4A_7C15
    let bytes = (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return letters[Int(state >> 33) % letters.count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A marker, taken apart.
struct FoundMarker: Sendable, Equatable {
  let family: String
  let fingerprint: String

  /// All markers in a text, in order.
  static func all(in text: String) -> [FoundMarker] {
    text.matches(of: /\[REDACTED:([a-z0-9_]+):([0-9a-f]{16})\]/).map {
      FoundMarker(family: String($0.output.1), fingerprint: String($0.output.2))
    }
  }
}
