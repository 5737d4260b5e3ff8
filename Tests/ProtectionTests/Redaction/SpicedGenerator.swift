// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Makes random valid documents full of secrets, near misses, markers and escapes.
struct SpicedGenerator {
  var forge: SampleForge
  private let spices: [String]

  init(seed: UInt64) {
    forge = SampleForge(seed: seed)
    spices = Self.spices(round: Int(seed % 1000))
  }

  mutating func document() -> String {
    value(depth: 0)
  }

  /// Plain text of the same ingredients; secrets do not touch each other.
  mutating func text() -> String {
    (0..<forge.int(0...5)).map { _ in
      let glue = (0..<forge.int(1...3)).map { _ in forge.pick(Self.glue) }.joined()
      return glue + (forge.int(0...2) == 0 ? forge.pick(spices) : "")
    }.joined()
  }

  private mutating func value(depth: Int) -> String {
    switch forge.int(0...(depth < 4 ? 9 : 5)) {
    case 0: forge.pick(["true", "false", "null", "[]", "{}", #""""#])
    case 1: forge.pick(["0", "-1.5e3", "4111111111111111", "0.4111111111111111", "123456789"])
    case 2...5: "\"" + string() + "\""
    case 6: "[" + list { $0.value(depth: depth + 1) } + "]"
    default: "{" + members(depth: depth) + "}"
    }
  }

  private mutating func members(depth: Int) -> String {
    let names = Self.names
    return (0..<forge.int(0...4)).map { index in
      let name = forge.pick([forge.pick(names) + "_\(index)", "\(index)" + string()])
      let name2 = index == 0 ? forge.pick(names) : name
      return "\"" + name2 + "\"" + forge.pick([":", " : "]) + value(depth: depth + 1)
    }.joined(separator: forge.pick([",", " ,\n"]))
  }

  private mutating func list(_ item: (inout SpicedGenerator) -> String) -> String {
    (0..<forge.int(0...4)).map { _ in item(&self) }.joined(separator: ",")
  }

  /// The inside of a JSON string, in a random spelling, perhaps JSON within JSON.
  private mutating func string() -> String {
    var text = text()
    if forge.int(0...3) == 0 { text = #"{"k":""# + JSONText.escaped(text) + #"","n":[1]}"# }
    switch forge.int(0...5) {
    case 0: return JSONText.unicode(text)
    case 1: return JSONText.thirds(text)
    case 2: return JSONText.punctuation(text)
    default: return JSONText.escaped(text)
    }
  }

  private static let names = [
    "password", "token", "api_key", "Authorization", "cookie", "secret", "user", "n", "tokens",
    "clientSecret", "private-key", "x", "usage",
  ]

  private static let glue = [
    " ", "\n", "\"", "\\", "'", "`", ",", ";", "=", ":", "/", "@", "&", "?", ".", "-", "_", "+",
    "[", "]", "{", "}",
    "é", "日本", "🔑", "\u{1B}[0m", "\u{0}", "\\n", "\\u0041", "password=", "token: ",
    "\"secret\": \"", "Bearer ",
    "[REDACTED:", "[REDACTED!:", "[REDACTED", "REDACTED:x:0123456789abcdef]",
    "[REDACTED:x:0123456789abcdef]",
    "-----BEGIN ", "PRIVATE KEY-----", "-----END PRIVATE KEY-----", "eyJ", "sk-", "ghp_", "AKIA",
    "://", "a:b@", "+1",
    "\u{301}", "\u{200B}", "\u{FEFF}", "\u{2028}",
  ]

  private static func spices(round: Int) -> [String] {
    let kinds = SecretKind.all + PersonalSamples.kinds
    let picked = (0..<12).map { kinds[(round * 12 + $0 * 7) % kinds.count] }
    return picked.flatMap { $0.samples(round: round) }
      .map { $0.pieces.map(\.text).joined() }
  }
}
