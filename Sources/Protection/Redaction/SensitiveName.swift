// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Tells from the name of a value that it is a secret: `password`, `clientSecret`, `X-Api-Key`.
enum SensitiveName {
  /// What a value of such a name is called.
  enum Kind: String, Sendable, CaseIterable {
    case password, secret, token, credential, authorization, cookie
    case apiKey = "api_key"
    case accessKey = "access_key"
    case privateKey = "private_key_value"
    case urlPassword = "url_password"
  }

  /// The kind of what is called `name`; nil for what may be shown. Functions are named for what they
  /// do, too: `setPassword`.
  static func kind(of name: some Collection<UInt8>, isFunction: Bool = false) -> Kind? {
    guard name.count <= 96 else { return nil }
    var words = words(of: name)
    // `password2`, `pwd_1`.
    while let last = words.last, last.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
      words.removeLast()
    }
    if words == ["set", "cookie"] { return .cookie }
    guard let last = words.last, words.count == 1 || isFunction || !acts.contains(words[0]) else {
      return nil
    }
    if name.elementsEqual("_auth".utf8) { return .credential }
    if additions.contains(last), words.count > 1 {
      return kind(endingIn: Array(words.dropLast()))
    }
    return kind(endingIn: words)
  }

  private static func kind(endingIn words: [String]) -> Kind? {
    guard let last = words.last else { return nil }
    if let kind = single[last] {
      return kind == .token && isCount(words) ? nil : kind
    }
    guard words.count > 1 else { return nil }
    let owner = words[words.count - 2]
    if last == "tokens" { return tokenOwners.contains(owner) ? .token : nil }
    if let kind = double[owner + last] { return kind }
    // Capitals run together: `OpenAIAPIKey`.
    return last == "key" && owner.hasSuffix("api") ? .apiKey : nil
  }

  /// Whether a token is a place in a list or a piece of text, and not a credential.
  private static func isCount(_ words: [String]) -> Bool {
    guard words.count > 1 else { return false }
    return harmlessTokens.contains(words[words.count - 2])
  }

  /// The words of a name, in small letters: `dbPassword`, `DB_PASSWORD`, `db-password` and
  /// `db.password` are all `db`, `password`.
  private static func words(of name: some Collection<UInt8>) -> [String] {
    let name = Array(name)
    var words: [String] = []
    var word: [UInt8] = []
    func flush() {
      if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
      word.removeAll(keepingCapacity: true)
    }
    for (index, byte) in name.enumerated() {
      guard ByteClass.alnum.contains(byte) else {
        flush()
        continue
      }
      if index > 0, isSeam(name[index - 1], byte, index + 1 < name.count ? name[index + 1] : 0) {
        flush()
      }
      word.append(AnchorAutomaton.folded(byte))
    }
    flush()
    return words
  }

  /// Whether a word begins with `byte`: `apiKey`, `XApiKey`, `password2`.
  private static func isSeam(_ previous: UInt8, _ byte: UInt8, _ next: UInt8) -> Bool {
    if ByteClass.digit.contains(byte) { return !ByteClass.digit.contains(previous) }
    guard ByteClass.upper.contains(byte) else { return false }
    return ByteClass.lower.contains(previous)
      || ByteClass.upper.contains(previous) && ByteClass.lower.contains(next)
  }
}
