// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A part of a document under test.
enum Piece: Hashable {
  /// Must come through byte for byte.
  case fixed(String)
  /// Belongs to the secret's value without being secret (`Bearer `): may go or stay.
  case open(String)
  /// Must be gone.
  case secret(String)

  var text: String {
    switch self {
    case .fixed(let text), .open(let text), .secret(let text): text
    }
  }

  func map(_ transform: (String) -> String) -> Piece {
    switch self {
    case .fixed(let text): .fixed(transform(text))
    case .open(let text): .open(transform(text))
    case .secret(let text): .secret(transform(text))
    }
  }
}

/// One synthetic secret, or a text that holds one.
struct SecretSample {
  enum Shape {
    /// Recognisable by itself, without white space or quotes.
    case token
    /// A line in which a name says what the secret is.
    case fragment
    /// Several lines.
    case block
  }

  let label: String
  let shape: Shape
  let pieces: [Piece]
  /// What of the secret everybody knows (`ghp_`): no leak if it stays.
  let publicPrefix: String
}

/// A kind of secret and the forms it comes in.
struct SecretKind {
  let label: String
  let shape: SecretSample.Shape
  let forms: [Form]

  /// A template, or code where the form has inner structure. Secrets stand between `«»`, what
  /// belongs to their value between `‹›`; without either, all of it is secret.
  enum Form {
    case template(String)
    case made(prefix: String, @Sendable (inout SampleForge) -> String)
  }

  static func token(_ label: String, _ templates: String...) -> SecretKind {
    SecretKind(label: label, shape: .token, forms: templates.map { .template($0) })
  }

  static func made(
    _ label: String, prefix: String, _ make: @escaping @Sendable (inout SampleForge) -> String
  ) -> SecretKind {
    SecretKind(label: label, shape: .token, forms: [.made(prefix: prefix, make)])
  }

  static func fragment(_ label: String, _ templates: String...) -> SecretKind {
    SecretKind(label: label, shape: .fragment, forms: templates.map { .template($0) })
  }

  static func block(_ label: String, _ templates: String...) -> SecretKind {
    SecretKind(label: label, shape: .block, forms: templates.map { .template($0) })
  }

  /// One sample of each form; `round` varies them.
  func samples(round: Int) -> [SecretSample] {
    forms.indices.map { sample(form: $0, round: round) }
  }

  private func sample(form: Int, round: Int) -> SecretSample {
    var forge = SampleForge(name: "\(label).\(form).\(round)")
    let text: String
    switch forms[form] {
    case .template(let template): text = forge.fill(template)
    case .made(_, let make): text = make(&forge)
    }
    return SecretSample(
      label: label, shape: shape, pieces: Self.pieces(text), publicPrefix: prefix(form: form))
  }

  /// The literal text a secret of this form begins with.
  func prefix(form: Int) -> String {
    switch forms[form] {
    case .made(let prefix, _): return prefix
    case .template(let template):
      let secret = template.split(separator: "«", maxSplits: 1).last ?? ""
      return String(secret.prefix { $0 != "{" && $0 != "»" })
    }
  }

  private static func pieces(_ text: String) -> [Piece] {
    guard text.contains("«") else { return [.secret(text)] }
    var pieces: [Piece] = []
    var isOpen = false
    var run = ""
    func flush(_ make: (String) -> Piece) {
      if !run.isEmpty { pieces.append(make(run)) }
      run = ""
    }
    for character in text {
      switch character {
      case "«": flush(isOpen ? Piece.open : Piece.fixed)
      case "»": flush(Piece.secret)
      case "‹":
        flush(Piece.fixed)
        isOpen = true
      case "›":
        flush(Piece.open)
        isOpen = false
      default: run.append(character)
      }
    }
    flush(Piece.fixed)
    return pieces
  }
}
