// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Passwords and other secrets without a form of their own, known by the name before them.
enum PasswordSamples {
  /// Names in the way of environment variables; other spellings are made from them.
  static let names = [
    "password", "db_password", "passwd", "db_pwd", "secret", "app_secret", "client_secret",
    "api_key",
    "service_api_key", "access_key", "secret_key", "private_key", "auth_token", "access_token",
    "refresh_token", "session_token", "token", "smtp_password", "redis_password", "webhook_secret",
    "signing_secret", "encryption_key", "jwt_secret", "root_password", "passphrase", "admin_pass",
  ]

  /// How people choose values, by what may stand around them.
  enum Style: CaseIterable {
    case dictionary, camel, dashes, leet, symbols, short, digits, hex, base64, long, umlaut, spaces

    var template: String {
      switch self {
      case .dictionary: "{word}{int:100-9999}"
      case .camel: "{Word}{Word}{int:10-99}"
      case .dashes: "{word}-{word}-{word}-{int:1-99}"
      case .leet: "p4{lower:3}0{lower:2}d!{digits:2}"
      case .symbols: "{upper:2}{symbols:9}{digits:1}"
      case .short: "{lower:4}{digits:2}"
      case .digits: "{digits:8}"
      case .hex: "{hex:32}"
      case .base64: "{b64:31}="
      case .long: "{b64url:43}"
      case .umlaut: "{word}ö{word}{digits:2}"
      case .spaces: "{words:4}"
      }
    }

    /// Nobody takes a number for a key.
    func suits(_ name: String) -> Bool {
      self != .digits || name.contains("pass")
    }

    /// Whether it may stand unquoted in a shell, a URL or a form.
    var isPlain: Bool {
      switch self {
      case .dictionary, .camel, .dashes, .short, .digits, .hex, .long: true
      case .leet, .symbols, .base64, .umlaut, .spaces: false
      }
    }
  }

  /// A text with `NAME`, `Name` (camel) or `name` for the name, the value between `«»`.
  struct Place {
    let label: String
    let isQuoted: Bool
    let template: String
  }

  static let places: [Place] = quoted + plain

  private static let quoted: [Place] = [
    Place(label: "quoted export", isQuoted: true, template: "export NAME=\"«»\"\n"),
    Place(label: "single-quoted export", isQuoted: true, template: "export NAME='«»'; run\n"),
    Place(label: "TOML", isQuoted: true, template: "[db]\nname = \"«»\"\nport = 5\n"),
    Place(label: "quoted YAML", isQuoted: true, template: "db:\n  name: \"«»\"\n  port: 5\n"),
    Place(
      label: "JSON in text", isQuoted: true, template: #"{"user": "bob", "name": "«»", "n": 1}"#),
    Place(label: "compact JSON in text", isQuoted: true, template: #"{"n":1,"camel":"«»"}"#),
    Place(
      label: "Python argument", isQuoted: true, template: "connect(host='db', name='«»', port=5)"),
    Place(label: "Python constant", isQuoted: true, template: "NAME = \"«»\"\nDEBUG = False\n"),
    Place(label: "Python dictionary", isQuoted: true, template: "{'host': 'db', 'name': '«»'}"),
    Place(
      label: "JavaScript object", isQuoted: true, template: "const db = { camel: '«»', port: 5 };"),
    Place(label: "JavaScript constant", isQuoted: true, template: "const camel = \"«»\";"),
    Place(
      label: "TypeScript constant", isQuoted: true,
      template: "private readonly camel: string = '«»';"),
    Place(label: "Go assignment", isQuoted: true, template: "camel := \"«»\"\n"),
    Place(label: "Go field", isQuoted: true, template: "db.Config{Pascal: \"«»\"}"),
    Place(label: "Ruby symbol", isQuoted: true, template: "{ :name => \"«»\" }"),
    Place(label: "PHP array", isQuoted: true, template: "'name' => '«»',"),
    Place(label: "PHP define", isQuoted: true, template: "define('NAME', '«»');"),
    Place(label: "Java constant", isQuoted: true, template: "static final String NAME = \"«»\";"),
    Place(
      label: "Terraform", isQuoted: true, template: "resource \"db\" \"x\" {\n  name = \"«»\"\n}"),
    Place(label: "XML attribute", isQuoted: true, template: "<add key=\"Pascal\" value=\"«»\"/>"),
    Place(label: "XML element", isQuoted: true, template: "<db><name>«»</name></db>"),
    Place(label: "quoted option", isQuoted: true, template: "app --kebab \"«»\" --verbose"),
    Place(label: "SQL", isQuoted: true, template: "CREATE USER app WITH PASSWORD '«»';"),
    Place(
      label: "MySQL grant", isQuoted: true, template: "ALTER USER 'app'@'%' IDENTIFIED BY '«»';"),
    Place(label: "PowerShell", isQuoted: true, template: "$env:NAME = \"«»\"\n"),
    Place(
      label: "quoted conninfo", isQuoted: true, template: "host=db user=app password='«»' db=x"),
  ]

  private static let plain: [Place] = [
    Place(label: ".env", isQuoted: false, template: "PORT=5\nNAME=«»\nDEBUG=1\n"),
    Place(label: "export", isQuoted: false, template: "export NAME=«» && run\n"),
    Place(label: "INI", isQuoted: false, template: "[db]\nname = «»\nport = 5\n"),
    Place(label: "properties", isQuoted: false, template: "spring.datasource.camel=«»\n"),
    Place(label: "YAML", isQuoted: false, template: "db:\n  host: x\n  name: «»\n  port: 5\n"),
    Place(label: "YAML list", isQuoted: false, template: "environment:\n  - NAME=«»\n  - A=1\n"),
    Place(label: "option", isQuoted: false, template: "app --kebab «» --verbose"),
    Place(label: "option with =", isQuoted: false, template: "app --kebab=«» --verbose"),
    Place(label: "docker -e", isQuoted: false, template: "docker run -e NAME=«» -p 5:5 app"),
    Place(label: "inline variable", isQuoted: false, template: "PGPASSWORD=«» psql -h db -U app"),
    Place(
      label: "helm --set", isQuoted: false, template: "helm install x y --set auth.camel=«»,a.b=1"),
    Place(label: "Windows set", isQuoted: false, template: "set NAME=«»\r\n"),
    Place(label: "Dockerfile", isQuoted: false, template: "FROM x\nENV NAME=«»\nUSER a\n"),
    Place(label: "form", isQuoted: false, template: "user=alice&name=«»&remember=1"),
    Place(
      label: "connection string", isQuoted: false,
      template: "Server=db;User Id=sa;Password=«»;Encrypt=true"),
    Place(label: "JDBC", isQuoted: false, template: "jdbc:postgresql://db/x?user=app&password=«»"),
    Place(label: "conninfo", isQuoted: false, template: "host=db user=app password=«» db=x"),
    Place(label: "URL", isQuoted: false, template: "postgres://app:«»@db.internal:5432/x"),
    Place(label: "URL without user", isQuoted: false, template: "redis://:«»@cache:6379/0"),
    Place(label: "curl -u", isQuoted: false, template: "curl -u alice:«» https://a.example/x"),
    Place(
      label: "curl --user", isQuoted: false, template: "curl --user 'alice:«»' https://a.example/x"),
    Place(
      label: ".netrc", isQuoted: false, template: "machine a.example login alice password «»\n"),
    Place(
      label: ".netrc lines", isQuoted: false,
      template: "machine a.example\n  login alice\n  password «»\n"),
    Place(label: ".pgpass", isQuoted: false, template: "db.internal:5432:app:alice:«»\n"),
    Place(
      label: "log pair", isQuoted: false,
      template: "level=debug msg=login user=alice name=«» ok=true"),
    Place(label: "colon", isQuoted: false, template: "User: alice\nPassword: «»\n"),
    Place(label: "prompt", isQuoted: false, template: "Enter password: «»\n"),
  ]

  /// Samples of one place: each name with some styles that may stand there.
  static func samples(of place: Place, each count: Int) -> [SecretSample] {
    var forge = SampleForge(name: place.label)
    let styles = Style.allCases.filter { place.isQuoted || $0.isPlain }
    return names.flatMap { name in
      (0..<count).map { _ in
        let value = forge.fill(forge.pick(styles.filter { $0.suits(name) }).template)
        let parts = spelled(place.template, name).components(separatedBy: "«»")
        return SecretSample(
          label: place.label, shape: .fragment,
          pieces: [.fixed(parts[0]), .secret(value), .fixed(parts[1])], publicPrefix: "")
      }
    }
  }

  private static func spelled(_ template: String, _ name: String) -> String {
    let words = name.split(separator: "_").map(String.init)
    let pascal = words.map(\.capitalized).joined()
    let camel = words[0] + words.dropFirst().map(\.capitalized).joined()
    return
      template
      .replacingOccurrences(of: "NAME", with: name.uppercased())
      .replacingOccurrences(of: "Pascal", with: pascal)
      .replacingOccurrences(of: "camel", with: camel)
      .replacingOccurrences(of: "kebab", with: words.joined(separator: "-"))
      .replacingOccurrences(of: "name", with: name)
  }
}
