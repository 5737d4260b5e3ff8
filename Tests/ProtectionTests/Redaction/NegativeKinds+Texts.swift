// Hansard
// SPDX-License-Identifier: Apache-2.0

// Prose, public keys, and near misses of personal data.

extension NegativeKind {
  static let prose: [NegativeKind] = [
    NegativeKind(
      "prose", "The token bucket refills every second.", "Rotate the API key before Friday.",
      "Please enter your password to continue.",
      "I stored the secret in the vault, not in the repository.",
      "The password must have at least {int:8-16} characters.",
      "No secrets were found in {int:1-99} files.", "Passwords: none found. Tokens: none found.",
      "It's an open secret: {word} and {word}.",
      "Set the `Authorization` header to `Bearer` and the token.",
      "Tokens begin with `ghp_` or `github_pat_`.", "The key: keep it simple.",
      "Secret: there is none.", "Password reset was requested by {user}.",
      "The cookie banner hides the button.", "A key insight: {words:6}.",
      "Basic authentication is disabled.", "Bearer of bad news: {words:4}.",
      "The secret to good tests is {words:3}.", "access token expired {int:1-59} minutes ago",
      "My password manager is open.", "token by token, {words:5}", "What is the password for?",
      "pass: all {int:1-99} tests", "FAIL: token test",
      "Use the --username and --password options instead of the URL.", "The token is *not* read.",
      "he said: \"password\"", "The basic idea: {words:4}", "api key usage by team", "{words:12}",
      "日本語のパスワードは必要です。", "Пароль: см. сейф"),
    NegativeKind(
      "table", "| key | value |\n|---|---|\n| token | {int:1-99} |",
      "name,password_policy\n{word},strict", "id  token_count  cost\n1   {int:1-999}   0.02",
      "| `--password` | read from stdin |"),
  ]

  static let publicKeys: [NegativeKind] = [
    NegativeKind(
      "public key", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ{b64:500}= {user}@{word}",
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b64:43} {word}",
      "{dash}BEGIN PUBLIC KEY{dash}\n{pem:6}\n{dash}END PUBLIC KEY{dash}",
      "{dash}BEGIN CERTIFICATE{dash}\n{pem:18}\n{dash}END CERTIFICATE{dash}",
      "{dash}BEGIN RSA PUBLIC KEY{dash}\n{pem:6}\n{dash}END RSA PUBLIC KEY{dash}",
      "{dash}BEGIN CERTIFICATE REQUEST{dash}\n{pem:12}\n{dash}END CERTIFICATE REQUEST{dash}",
      "{dash}BEGIN PGP PUBLIC KEY BLOCK{dash}\n\n{pem:20}\n{dash}END PGP PUBLIC KEY BLOCK{dash}",
      "{dash}BEGIN PGP SIGNATURE{dash}\n\n{pem:6}\n{dash}END PGP SIGNATURE{dash}",
      "age1{lowalnum:58}", "PublicKey = {b64:43}=",
      "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI{b64:90}= {word}",
      "key fingerprint is SHA256:{b64:43}",
      "if line.startswith(\"{dash}BEGIN PRIVATE KEY{dash}\"):", "grep -r 'BEGIN RSA PRIVATE KEY' .",
      "\"jwks\": {\"kty\": \"RSA\", \"n\": \"{b64url:342}\", \"e\": \"AQAB\"}",
      "github.com ssh-rsa AAAAB3NzaC1yc2E{b64:360}")
  ]

  static let personalMisses: [NegativeKind] = [
    NegativeKind(
      "not a card", "1{digits:15}", "0.4{digits:15}", "3.{digits:16}", "build 2025{digits:10}",
      "{hex:6}{digits:16}{hex:6}", "978-3-16-148410-0",
      "9780306406157", "{digits:4}-{digits:4}", "v{digits:4}.{digits:4}.{digits:4}.{digits:4}",
      "0x{digits:16}", "[{digits:4}, {digits:4}, {digits:4}, {digits:4}]",
      "lat=52.{digits:14}, lon=13.{digits:14}", "00{digits:14}", "9{digits:15}",
      "sequence {digits:22}"),
    NegativeKind(
      "not an IBAN", "DE00 0000 0000 0000 0000 00", "GB82 WEST", "ISO9001 AND ISO27001",
      "AB12CD34EF56GH78", "{upper:2}{digits:2}", "{upper:4}-{digits:6}",
      "SE-{digits:4}", "FR {digits:4}", "MK14 5NP", "ES2022", "CH32V003F4P6", "PL/SQL 12"),
    NegativeKind(
      "not a number of a person", "000-{digits:2}-{digits:4}", "666-12-{digits:4}",
      "{int:100-899}-00-{digits:4}", "{int:100-899}-12-0000", "2024-01-{digits:4}",
      "{digits:4}-{digits:2}-{digits:4}", "{digits:3}-{digits:3}-{digits:4}-{digits:3}",
      "1-{digits:2}-{digits:4}-{digits:2}", "{digits:3}.{digits:2}.{digits:4}",
      "{digits:3}-{digits:2}-{digits:5}", "part {alnum:3}-{digits:2}-{digits:4}"),
    NegativeKind(
      "not an address", "{user}@localhost", "root@{ip}", "root@{hex:12}:/app# ls", "icon@2x.png",
      "sprite@3x.webp", "@app.route('/')", "@Override", "@{user}",
      "this@MainActivity.finish()", "return@forEach", "user@", "@example.com",
      "{word}@v{int:1-9}.{int:0-9}.{int:0-9}", "pkg@npm:{word}@1.2.3", "a @ b", "foo@bar",
      "matrix = a@b.T", "{word}@{hex:7}", "http://user@localhost:8080/", "scp file.txt host:/tmp",
      "@scope/{word}", "ssh {user}@{word}", "$@", "{word}@sha256:{hex:64}"),
    NegativeKind(
      "not a phone", "+{digits:3}", "+0{digits:10}", "+{int:1-99}%", "C++17", "1.5e+{digits:2}",
      "UTC+02:00", "+1,234,567.89", "1+{digits:11}", "a+{digits:12}b",
      "+{int:1-9} (up)", "+3{digits:7}.6", "+2.{digits:8}", "Decimal('+3{digits:7}.5')",
      "base64+{digits:11}/{alnum:8}", "{digits:3}-{digits:4}",
      "x+1{digits:10}=y", "++{digits:11}", "+-{digits:6}",
      "@@ -{digits:3},{digits:2} +{digits:3},{digits:2} @@",
      "1.2.3+{digits:12}", "rel-2025.1+{digits:14}", "+{digits:16}"),
  ]
}
