// Hansard
// SPDX-License-Identifier: Apache-2.0

extension SensitiveName {
  /// One of these is in every sensitive name, or ends just behind it: what the automaton looks for.
  /// In small letters. Made from the tables below, so that no name of theirs is overlooked.
  static let triggers: [String] = {
    let general = [
      "passw", "passphrase", "passcode", "pwd", "_pass", "-pass", "_pw", "-pw", "pass=", "pass\"",
      "pass'", "pass:", "secret", "token", "credential", "authorization", "cookie", "mnemonic",
      "_auth", "auth\"", "signature=", "sig=", "api key", "access key",
    ]
    let special = Set(single.keys).union(["signature", "pass"])
    let pairs = doubles.flatMap { pair in ["", "_", "-"].map { pair.owner + $0 + pair.word } }
    let names = special.subtracting(["pass"]).union(pairs)
    let rest = names.filter { name in !general.contains { name.contains($0) } }
    // Where one name is the beginning of another, it finds that one too.
    let short = rest.filter { name in
      !rest.contains { $0 != name && name.contains($0) }
    }
    return general + short.sorted()
  }()

  /// What a name may end in behind the word that matters: `password_confirmation`.
  static let additions: Set<String> = [
    "confirmation", "confirm", "again", "repeat", "old", "new", "hash", "hashed", "plain", "raw",
    "value", "b64", "base64", "encrypted", "digest", "prod", "production", "dev", "staging", "live",
    "test",
  ]

  /// What begins the name of a switch, a label or a function: `forgot_password`, `useToken`.
  static let acts: Set<String> = [
    "forgot", "reset", "show", "hide", "toggle", "change", "has", "is", "requires", "require",
    "use",
    "enable", "allow", "no", "min", "max", "without", "image", "get", "set", "fetch", "create",
    "generate", "validate", "verify", "check", "invalid", "missing", "wrong", "expired", "needs",
  ]

  /// By the last word alone.
  static let single: [String: Kind] = [
    "password": .password, "passwords": .password, "passwd": .password, "passwort": .password,
    "passphrase": .password, "passcode": .password, "pwd": .password, "userpwd": .password,
    "dbpassword": .password, "userpassword": .password, "pgpassword": .password, "pass": .password,
    "mysqlpwd": .password, "sshpass": .password, "passin": .password, "passout": .password,
    "secret": .secret, "secrets": .secret, "mnemonic": .secret, "seedphrase": .secret,
    "clientsecret": .secret, "appsecret": .secret, "cvv": .secret, "cvc": .secret,
    "token": .token, "authtoken": .token, "accesstoken": .token, "refreshtoken": .token,
    "idtoken": .token, "apitoken": .token, "bearertoken": .token, "sessiontoken": .token,
    "jwt": .token,
    "apikey": .apiKey, "apikeys": .apiKey, "appkey": .apiKey, "authkey": .apiKey,
    "accesskey": .accessKey, "accountkey": .accessKey, "sharedaccesskey": .accessKey,
    "secretkey": .accessKey, "secretaccesskey": .accessKey, "privatekey": .privateKey,
    "signingkey": .privateKey, "encryptionkey": .privateKey, "masterkey": .privateKey,
    "credential": .credential, "credentials": .credential, "creds": .credential,
    "authorization": .authorization, "cookie": .cookie, "cookies": .cookie,
    "setcookie": .cookie,
  ]

  /// By the last two words.
  static let doubles: [(owner: String, word: String, kind: Kind)] = {
    let keys: [(Kind, [String])] = [
      (.accessKey, ["secret", "access", "account", "shared", "storage"]),
      (
        .privateKey,
        [
          "private", "signing", "encryption", "decryption", "master", "ssh", "deploy", "preshared",
          "wireguard",
        ]
      ),
      (
        .apiKey,
        [
          "api", "app", "auth", "service", "role", "subscription", "license", "client",
          "integration", "functions", "function", "host", "write", "admin", "ingest", "ingestion",
        ]
      ),
    ]
    let owners = [
      "db", "user", "admin", "root", "smtp", "mail", "ftp", "login", "my", "pg", "redis", "mysql",
      "database", "imap", "sudo", "proxy", "ldap", "email", "rabbitmq", "mongo", "ssh", "postgres",
      "sa", "vnc", "wifi", "sftp", "http", "basic", "key", "store", "keystore",
    ]
    return keys.flatMap { kind, owners in
      owners.flatMap { [($0, "key", kind), ($0, "keys", kind)] }
    } + owners.flatMap { [($0, "pass", .password), ($0, "pw", .password)] } + [
      ("seed", "phrase", .secret), ("recovery", "codes", .secret), ("backup", "codes", .secret),
      ("recovery", "phrase", .secret), ("pass", "phrase", .password), ("pass", "key", .password),
      ("pass", "word", .password), ("key", "data", .privateKey), ("key", "base", .accessKey),
    ]
  }()

  /// By the last two words put together.
  static let double: [String: Kind] = Dictionary(
    doubles.map { ($0.owner + $0.word, $0.kind) }, uniquingKeysWith: { first, _ in first })

  static let tokenOwners: Set<String> = [
    "access", "refresh", "auth", "api", "bearer", "session", "id", "secret", "oauth", "security",
  ]

  static let harmlessTokens: Set<String> = [
    "page", "next", "continuation", "sync", "start", "end", "first", "last", "cancel",
    "cancellation",
    "eos", "bos", "pad", "unk", "mask", "sep", "cls", "stop", "special", "max", "min", "num", "per",
    "prompt", "completion", "input", "output", "total", "delta", "current", "prev", "previous",
    "word", "syntax", "lexer", "lookahead", "draft", "pagination", "cursor", "sub", "is", "has",
    "non", "no", "design", "count", "peek", "marker", "scroll", "sentinel", "jti", "position",
  ]
}
