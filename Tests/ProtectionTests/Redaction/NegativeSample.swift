// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A kind of text from an agent's life that holds no secret, as templates of ``SampleForge``.
struct NegativeKind {
  let label: String
  let templates: [String]

  init(_ label: String, _ templates: String...) {
    self.label = label
    self.templates = templates
  }

  static let all: [NegativeKind] =
    identifiers + digests + code + configuration + tools + prose + placeholders + publicKeys
    + personalMisses

  /// `rounds` texts of each template.
  func texts(rounds: Int) -> [String] {
    var forge = SampleForge(name: label)
    return templates.flatMap { template in
      Set((0..<rounds).map { _ in forge.fill(template) }).sorted()
    }
  }

  /// What looks like the beginning of a secret of `kind` and is none.
  static func nearMisses(of kind: SecretKind) -> [String] {
    var forge = SampleForge(name: "near \(kind.label)")
    return kind.forms.indices.flatMap { form -> [String] in
      let prefix = kind.prefix(form: form)
      guard kind.shape == .token, prefix.count >= 3 else { return [] }
      let x = String(repeating: "x", count: 36)
      return [
        prefix + x, prefix + x.uppercased(), prefix + "...", prefix + "…", prefix + "****",
        prefix + String(repeating: "*", count: 32), prefix + "<your-token>", prefix + "<TOKEN>",
        prefix + "YOUR_TOKEN_HERE", prefix + "${TOKEN}", prefix + "{token}",
        prefix + "[A-Za-z0-9_-]{20,}", prefix, "'" + prefix + "'", prefix + forge.fill("{alnum:3}"),
        "if value.startswith(\"\(prefix)\"): kind = \"{word}\"",
      ]
    }
  }

  /// The places negatives are put into.
  static func documents(of text: String) -> [String] {
    let once = JSONText.escaped(text)
    let twice = JSONText.escaped(once)
    return [
      #"{"output":"\#(once)"}"#,
      #"{"output":"Done:\n\n\#(once)\n\nNext."}"#,
      #"["a","\#(once)",1]"#,
      #"{"body":"{\"value\":\"\#(twice)\"}"}"#,
      #"{"body":"{\"log\":\"x\\n\#(twice)\\ny\"}"}"#,
      #"{"text":"(\#(once)) and `\#(once)`"}"#,
      #"{"text":"\#(JSONText.thirds(text))"}"#,
      #"{"text":"使用 \#(once)。"}"#,
      #"{"text":"17,x,\#(once),2025\r\n"}"#,
      #"{"text":"\u001b[2m\#(once)\u001b[0m"}"#,
      #"{"n":1,"events":[{"message":"level=info msg=\"\#(once)\" dur=5ms"}]}"#,
    ]
  }
}
