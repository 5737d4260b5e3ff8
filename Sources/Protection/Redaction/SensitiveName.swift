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

  /// One of these is in every sensitive name: what the automaton looks for. In small letters.
  static let triggers = [
    "passw", "passphrase", "passcode", "pwd", "_pass", "-pass", "secret", "token", "api_key",
    "apikey", "api-key", "api key", "access_key", "accesskey", "access-key", "access key",
    "private_key", "privatekey", "private-key", "account_key", "accountkey", "signing_key",
    "signingkey", "encryption_key", "encryptionkey", "master_key", "masterkey", "auth_key",
    "authkey", "_auth", "shared_key", "sharedkey", "service_key", "servicekey", "role_key",
    "ssh_key", "sshkey", "subscription_key", "subscription-key", "subscriptionkey", "license_key",
    "licensekey", "app_key", "appkey", "credential", "authorization", "cookie", "mnemonic",
    "seed_phrase", "seedphrase", "signature", "sig=", "cvv", "cvc",
  ]

  /// The kind of what is called `name`; nil for what may be shown.
  static func kind(of name: some Collection<UInt8>) -> Kind? {
    guard name.count <= 96 else { return nil }
    var words = words(of: name)
    // `password2`, `pwd_1`.
    while let last = words.last, last.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
      words.removeLast()
    }
    guard let last = words.last, words.count == 1 || !acts.contains(words[0]) else { return nil }
    if name.elementsEqual("_auth".utf8) { return .credential }
    if additions.contains(last), words.count > 1 {
      return kind(endingIn: Array(words.dropLast()))
    }
    return kind(endingIn: words)
  }

  /// What a name may end in behind the word that matters: `password_confirmation`.
  private static let additions: Set<String> = [
    "confirmation", "confirm", "again", "repeat", "old", "new", "hash", "hashed", "plain", "raw",
    "value", "b64", "base64", "encrypted", "digest", "prod", "production", "dev", "staging", "live",
    "test",
  ]

  /// What begins the name of a switch, a label or a function: `forgot_password`, `useToken`.
  private static let acts: Set<String> = [
    "forgot", "reset", "show", "hide", "toggle", "change", "has", "is", "requires", "require", "use",
    "enable", "allow", "no", "min", "max", "without", "image", "get", "set", "fetch", "create",
    "generate", "validate", "verify", "check", "invalid", "missing", "wrong", "expired", "needs",
  ]

  private static func kind(endingIn words: [String]) -> Kind? {
    guard let last = words.last else { return nil }
    if let kind = single[last] {
      return kind == .token && isCount(words) ? nil : kind
    }
    guard words.count > 1 else { return nil }
    if last == "tokens" {
      return tokenOwners.contains(words[words.count - 2]) ? .token : nil
    }
    return double[words[words.count - 2] + last]
  }

  /// Whether a token is a place in a list or a piece of text, and not a credential.
  private static func isCount(_ words: [String]) -> Bool {
    guard words.count > 1 else { return false }
    return harmlessTokens.contains(words[words.count - 2])
  }

  private static let single: [String: Kind] = [
    "password": .password, "passwords": .password, "passwd": .password, "passwort": .password,
    "passphrase": .password, "passcode": .password, "pwd": .password, "userpwd": .password,
    "dbpassword": .password, "userpassword": .password, "pgpassword": .password,
    "mysqlpwd": .password, "sshpass": .password,
    "secret": .secret, "secrets": .secret, "mnemonic": .secret, "seedphrase": .secret,
    "clientsecret": .secret, "appsecret": .secret, "cvv": .secret, "cvc": .secret, "otp": .secret,
    "token": .token, "authtoken": .token, "accesstoken": .token, "refreshtoken": .token,
    "idtoken": .token, "apitoken": .token, "bearertoken": .token, "sessiontoken": .token,
    "apikey": .apiKey, "apikeys": .apiKey, "appkey": .apiKey, "authkey": .apiKey,
    "accesskey": .accessKey, "accountkey": .accessKey, "sharedaccesskey": .accessKey,
    "secretkey": .accessKey, "secretaccesskey": .accessKey, "privatekey": .privateKey,
    "signingkey": .privateKey, "encryptionkey": .privateKey, "masterkey": .privateKey,
    "credential": .credential, "credentials": .credential, "creds": .credential,
    "authorization": .authorization, "cookie": .cookie, "cookies": .cookie,
    "setcookie": .cookie,
  ]

  /// By the last two words put together.
  private static let double: [String: Kind] = {
    var kinds: [String: Kind] = [
      "secretkey": .accessKey, "accesskey": .accessKey, "accesskeys": .accessKey,
      "accountkey": .accessKey, "sharedkey": .accessKey, "storagekey": .accessKey,
      "privatekey": .privateKey, "privatekeys": .privateKey, "signingkey": .privateKey,
      "encryptionkey": .privateKey, "masterkey": .privateKey, "sshkey": .privateKey,
      "deploykey": .privateKey, "seedphrase": .secret, "recoverycodes": .secret,
      "backupcodes": .secret, "passphrase": .password, "passkey": .password,
    ]
    for word in ["api", "app", "auth", "service", "role", "subscription", "license", "client",
      "integration", "functions", "function", "host", "write", "admin"]
    {
      kinds[word + "key"] = .apiKey
      kinds[word + "keys"] = .apiKey
    }
    for word in ["db", "user", "admin", "root", "smtp", "mail", "ftp", "login", "my", "pg", "redis",
      "mysql", "database", "imap", "sudo", "proxy", "ldap", "email", "rabbitmq", "mongo", "ssh"]
    {
      kinds[word + "pass"] = .password
      kinds[word + "pw"] = .password
    }
    return kinds
  }()

  private static let tokenOwners: Set<String> = [
    "access", "refresh", "auth", "api", "bearer", "session", "id", "secret", "oauth", "security",
  ]

  private static let harmlessTokens: Set<String> = [
    "page", "next", "continuation", "sync", "start", "end", "first", "last", "cancel", "cancellation",
    "eos", "bos", "pad", "unk", "mask", "sep", "cls", "stop", "special", "max", "min", "num", "per",
    "prompt", "completion", "input", "output", "total", "delta", "current", "prev", "previous",
    "word", "syntax", "lexer", "lookahead", "draft", "pagination", "cursor", "sub", "is", "has",
    "non", "no", "design", "count", "peek", "marker", "scroll", "sentinel", "jti", "position",
  ]

  /// The words of a name, in small letters: `dbPassword`, `DB_PASSWORD`, `db-password` and
  /// `db.password` are all `db`, `password`.
  private static func words(of name: some Collection<UInt8>) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    var previous: UInt8 = 0
    func flushed() -> [String] {
      word.isEmpty ? words : words + [String(decoding: word, as: UTF8.self)]
    }
    for byte in name {
      guard ByteClass.alnum.contains(byte) else {
        words = flushed()
        word = []
        previous = byte
        continue
      }
      let isHump = ByteClass.upper.contains(byte) && ByteClass.lower.contains(previous)
      let isNumber = ByteClass.digit.contains(byte) && !ByteClass.digit.contains(previous)
      if isHump || isNumber {
        words = flushed()
        word = []
      }
      word.append(AnchorAutomaton.folded(byte))
      previous = byte
    }
    return flushed()
  }
}
